/** The tools of the program that the kit's answers call. */
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Search = Tool.make("search_notes", {
  description: "Searches the notes of the user",
  parameters: Schema.Struct({
    query: Schema.String,
    filter: Schema.Struct({ tags: Schema.Array(Schema.String), before: Schema.Struct({ year: Schema.Int }) }),
    limit: Schema.Finite
  }),
  success: Schema.Struct({ found: Schema.String })
})

const Clock = Tool.make("read_clock", { description: "The time of day", success: Schema.String })

const Find = Tool.make("find", { parameters: Schema.Struct({ q: Schema.String }), success: Schema.String })

const toolkit = Toolkit.make(Search, Clock, Find)

/** A toolkit whose tools are in no type: what their handlers need would be, too. */
export type Tools = Toolkit.WithHandler<{}>

const notRun: Tools["handle"] = (name) => Effect.die(new Error(`the tool ${String(name)} was run`))

/** No tool. */
export const none: Tools = { tools: {}, handle: notRun }

/** The tools, which are not to be run. */
export const offered: Tools = { tools: toolkit.tools, handle: notRun }

/** A run of a handler. */
export interface Ran {
  readonly name: string
  readonly params: unknown
}

/** What the handlers give back. */
export const results = {
  search_notes: { found: "three notes on σ" },
  read_clock: "a quarter past nine",
  find: "nothing"
}

/** The toolkit with handlers that tell of each run. */
export const handled = (tell: (ran: Ran) => void) => {
  const run = <Name extends keyof typeof results>(name: Name) => (params: unknown) =>
    Effect.sync(() => {
      tell({ name, params })
      return results[name]
    })
  return Effect.provide(
    toolkit,
    toolkit.toLayer({ search_notes: run("search_notes"), read_clock: run("read_clock"), find: run("find") })
  )
}
