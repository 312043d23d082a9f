/** Counts of tokens, with the settings that have some. */
import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
import * as Effect from "effect/Effect"
import { type CountApi, counted, counts as shared } from "../count-cases.ts"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

const model = "gemini-3.5-flash"

const api: CountApi<GoogleLanguageModel.Config> = {
  model,
  json: { totalTokens: 7 },
  count: (options, fetch) => Effect.provide(GoogleLanguageModel.countTokens(model, options), client(fetch))
}

export const counts: ReadonlyArray<Check> = [
  ...shared(api),
  counted(api, "settings go along", {
    prompt: "Name three rivers.",
    settings: { thinking: { level: "low" }, maxOutputTokens: 1999 }
  }, ["LOW", "1999"])
]
