/** Lists of models: page after page, by the parameters the vendor has. */
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import type { Fetch, Sent } from "./capture.ts"
import type { Api, Check } from "./Vendor.ts"

/** A list; `said` has to be found in its last request. */
export const listed = (
  name: string,
  pages: readonly [unknown, ...ReadonlyArray<unknown>],
  list: (fetch: Fetch) => Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError>,
  said: ReadonlyArray<string> = []
): Check => {
  const [first, ...rest] = pages
  return {
    name,
    model: "all",
    mode: "list",
    answers: [{ json: first, events: "" }, ...rest.map((json) => ({ json, events: "" }))],
    said: said.map((form) => ({ what: "what was asked", forms: [form] })),
    refusedFor: [],
    run: (fetch) => Effect.as(list(fetch), { warnings: [] })
  }
}

/** The API whose requests are `GET`s. */
export const models = (pathOf: (sent: Sent) => string, checks: ReadonlyArray<Check>): Api => ({
  name: "models",
  operation: (sent) => `GET ${pathOf(sent)}`,
  checks,
  rules: []
})
