/** The catalogue as a table, or what the vendors list. */
import type * as Provider from "@llm-layers/core/Provider"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import * as BigDecimal from "effect/BigDecimal"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Failure from "./failure.ts"
import * as Figures from "./figures.ts"
import * as Found from "./found.ts"
import * as Listing from "./listing.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as Screen from "./screen.ts"
import type * as Table from "./table.ts"

/** Which models. What is not asked for is `undefined`. */
export interface Options {
  readonly words: ReadonlyArray<string>
  readonly provider: string | undefined
  readonly tools: boolean | undefined
  readonly reasoning: boolean | undefined
  readonly structured: boolean | undefined
  readonly input: ReadonlyArray<string>
  /** US dollars for a million tokens, of input and of output. */
  readonly maxPrice: number | undefined
  readonly minContext: number | undefined
  readonly deprecated: boolean
  readonly live: boolean
  readonly json: boolean
  readonly mock: boolean
}

export const run = (
  { deprecated, input, json, live, maxPrice, minContext, mock, provider, reasoning, structured, tools, words }: Options
) =>
  Effect.gen(function*() {
    yield* checkProvider(provider)
    const catalog = yield* live ? listed(provider) : ModelCatalog.ModelCatalog
    const text = words.join(" ").toLowerCase().split(" ")
    const found = catalog.find({
      provider,
      tools,
      reasoning,
      structuredOutput: structured,
      input,
      maxPrice: { input: maxPrice, output: maxPrice },
      minContextTokens: minContext,
      deprecated
    }).filter((model) => text.every((word) => searched(model).includes(word)))
    if (json) return yield* Screen.json(found.map(encode))
    if (found.length > 0) return yield* Screen.table(columns, found)
    const like = catalog.nearest(words.join(" "))
    yield* Output.note(like.length === 0 ? "No model fits" : `No model fits. Did you mean ${like.join(", ")}?`)
  }).pipe(Effect.provide(Models.layer(mock)))

const searched = (model: ModelFacts.ModelFacts): string =>
  `${ModelCatalog.nameOf(model)} ${model.name ?? ""}`.toLowerCase()

const checkProvider = (name: string | undefined) =>
  Effect.gen(function*() {
    const { registry } = yield* Models.Models
    const { models } = yield* ModelCatalog.ModelCatalog
    const known = [...new Set([...registry.list, ...models.map(({ provider }) => provider)])].toSorted()
    if (name !== undefined && !known.includes(name)) {
      yield* new Failure.Usage({ message: `There is no provider "${name}". There are ${known.join(", ")}` })
    }
  })

/** What the vendors list, with what else is known of it. Says which of them could not be asked. */
const listed = (of: string | undefined) =>
  Effect.gen(function*() {
    const { mocked, providers } = yield* Models.Models
    const known = yield* ModelCatalog.ModelCatalog
    const wanted = ({ name }: Provider.Any) => of === undefined ? mocked || name !== "mock" : name === of
    const answers = yield* Listing.ofAll(providers.filter(wanted))
    const facts: Array<ModelFacts.ModelFacts> = []
    const keyless: Array<string> = []
    const failures: Array<Listing.Failure> = []
    for (const { listed, provider } of answers) {
      const { name } = provider
      if (Result.isSuccess(listed)) {
        facts.push(
          ...ModelCatalog.fromListed(name, listed.success).map((fact) => {
            const before = known.get(name, fact.id)
            return before === undefined ? fact : { ...ModelFacts.merge(before, fact), id: fact.id }
          })
        )
      } else if (listed.failure instanceof Config.ConfigError) keyless.push(name)
      // A server of this machine that nobody has set up need not be there.
      else if (of !== undefined || (yield* Found.of(provider)).names.length > 0) {
        failures.push(listed.failure)
        yield* Output.note(`${name}: ${Failure.show(listed.failure).message}`)
      }
    }
    const [first] = failures
    if (answers.some(({ listed }) => Result.isSuccess(listed))) {
      if (keyless.length > 0) yield* Output.note(`Not asked, because their keys are not set: ${keyless.join(", ")}`)
    } else {
      return yield* Effect.fail(
        first ?? new NoKey({ message: "No key is set for any provider that could be asked: see llm-layers providers" })
      )
    }
    return ModelCatalog.make(facts)
  })

/** There is nobody to ask. */
export class NoKey extends Data.TaggedError("NoKey")<{ readonly message: string }> {}

const columns: ReadonlyArray<Table.Column<ModelFacts.ModelFacts>> = [
  { title: "model", cell: ModelCatalog.nameOf },
  { title: "context", cell: ({ contextTokens }) => Figures.short(contextTokens), align: "right", rank: 2 },
  { title: "output", cell: ({ outputTokens }) => Figures.short(outputTokens), align: "right", rank: 4 },
  { title: "$ in/M", cell: ({ prices }) => rate(prices?.input), align: "right", rank: 3 },
  { title: "$ out/M", cell: ({ prices }) => rate(prices?.output), align: "right", rank: 1 },
  {
    title: "can",
    cell: (model) =>
      [
        ...model.tools === true ? ["tools"] : [],
        ...model.reasoning === true ? ["reasoning"] : [],
        ...model.structuredOutput === true ? ["schema"] : [],
        ...(model.input ?? []).filter((kind) => kind !== "text"),
        ...(model.output ?? []).filter((kind) => kind !== "text").map((kind) => `→${kind}`)
      ].join(" "),
    rank: 5
  },
  { title: "status", cell: ({ status }) => status ?? "", rank: 6 }
]

const rate = (dollars: BigDecimal.BigDecimal | undefined): string =>
  dollars === undefined ? "" : BigDecimal.format(dollars)

const encode = (model: ModelFacts.ModelFacts) => ({
  provider: model.provider,
  id: model.id,
  ...Schema.encodeSync(ModelFacts.Known)(model)
})
