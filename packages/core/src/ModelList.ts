/**
 * Reads the models a vendor lists, page after page, for `listModels` of providers.
 */
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Connection from "./Connection.ts"
import * as Json from "./Json.ts"
import type * as Provider from "./Provider.ts"
import * as ProviderError from "./ProviderError.ts"
import * as Usage from "./Usage.ts"

/** One answer of the endpoint. */
export interface Page {
  readonly models: ReadonlyArray<Provider.ListedModel>
  /** What asks for the page after it. Absent on the last one. */
  readonly next?: string | undefined
}

/** Far more than any vendor has, at the page sizes providers ask for. */
const longest = 100

/**
 * The models of all pages, in the vendor's order. `path` is where a page is, the first without a cursor; `decode` gives
 * nothing for an answer that is no list of models.
 *
 * A list that does not end (a cursor that came before, more than 100 pages) is `InvalidResponse`, and so is what is no
 * list. A failed page fails the whole: half a list would look like all of it.
 *
 * @example
 * ```ts
 * import * as Json from "@llm-layers/core/Json"
 * import * as ModelList from "@llm-layers/core/ModelList"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const pages: Record<string, unknown> = {
 *   "/models": { models: [{ id: "acme-1" }], next: "2" },
 *   "/models?after=2": { models: [{ id: "acme-2" }] }
 * }
 * const models = ModelList.read({
 *   origin: { provider: "acme", module: "AcmeModels", method: "list" },
 *   // The client of the provider.
 *   connection: {
 *     json: ({ path }) => Effect.succeed({ json: pages[path], status: 200, headers: {} }),
 *     eventError: () => { throw new Error("no error was sent") }
 *   },
 *   path: (cursor) => cursor === undefined ? "/models" : `/models?after=${encodeURIComponent(cursor)}`,
 *   decode: (answer) => ({
 *     models: ModelList.each(Json.record(answer)["models"], (model, id) => ({ id })) ?? [],
 *     next: Json.string(Json.record(answer)["next"])
 *   })
 * })
 * deepStrictEqual(await Effect.runPromise(models), [{ id: "acme-1" }, { id: "acme-2" }])
 * ```
 */
export const read = (options: {
  readonly origin: ProviderError.Origin
  readonly connection: Pick<Connection.Connection, "json" | "eventError">
  readonly path: (cursor: string | undefined) => string
  readonly decode: (answer: unknown) => Page | undefined
}): Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError> =>
  Effect.gen(function*() {
    const { connection, decode, origin } = options
    const models: Array<Provider.ListedModel> = []
    const seen = new Set<string>()
    let cursor: string | undefined
    do {
      const path = options.path(cursor)
      const { json } = yield* connection.json({ origin, path, method: "GET" })
      const page = decode(json)
      if (page === undefined) {
        return yield* Json.isRecord(Json.record(json)["error"])
          ? connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, json)
          : invalid(origin, "The answer is no list of models")
      }
      models.push(...page.models)
      cursor = page.next
      if (cursor === undefined) return models
      if (seen.has(cursor)) return yield* invalid(origin, "The list of models has a page that names itself as the next")
      seen.add(cursor)
    } while (seen.size < longest)
    return yield* invalid(origin, `The list of models has more than ${longest} pages`)
  })

/**
 * The models of a list as it came; nothing where it is none. An entry without a name is no model one could ask for, and is
 * left out.
 */
export const each = (
  list: unknown,
  decode: (model: Json.JsonRecord, id: string) => Provider.ListedModel,
  name = "id"
): ReadonlyArray<Provider.ListedModel> | undefined =>
  Array.isArray(list)
    ? list.flatMap((entry) => {
      const model = Json.record(entry)
      const id = Json.string(model[name])
      return id === undefined || id === "" ? [] : [defined(decode(model, id))]
    })
    : undefined

/** A time of the vendor, in seconds since 1970 or as text; nothing where it is none or 1970 itself, which stands for none. */
export const released = (time: unknown): Date | undefined => {
  const date = typeof time === "string" ? new Date(time) : new Date((Json.number(time) ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) || date.getTime() <= 0 ? undefined : date
}

/** A limit in tokens; 0 stands for one that is not known. */
export const tokens = (count: unknown): number | undefined => {
  const known = Usage.toCount(count)
  return known === 0 ? undefined : known
}

/** Members that are `undefined` are left out, so that lists of vendors look alike. */
const defined = (model: Provider.ListedModel): Provider.ListedModel => ({
  id: model.id,
  ...(model.name === undefined ? undefined : { name: model.name }),
  ...(model.contextTokens === undefined ? undefined : { contextTokens: model.contextTokens }),
  ...(model.outputTokens === undefined ? undefined : { outputTokens: model.outputTokens }),
  ...(model.released === undefined ? undefined : { released: model.released }),
  ...(model.kind === undefined ? undefined : { kind: model.kind })
})

const invalid = (origin: ProviderError.Origin, description: string): AiError.AiError =>
  ProviderError.make(origin, "InvalidResponse", { description })
