/** What the compiler must know of OpenRouter's models. */
import { Effect } from "effect"
import { LanguageModel, type Model } from "effect/ai"
import type * as OpenRouterClient from "../src/OpenRouterClient.ts"
import * as OpenRouterLanguageModel from "../src/OpenRouterLanguageModel.ts"

export const plain: Model.Model<"openrouter", LanguageModel.LanguageModel, OpenRouterClient.OpenRouterClient> =
  OpenRouterLanguageModel.model("anthropic/claude-sonnet-5", { reasoning: { effort: "low", exclude: true } })

export const byTokens = OpenRouterLanguageModel.model("acme/large", { reasoning: { maxTokens: 2_000 } })

// @ts-expect-error: an effort or a number of tokens, not both
export const both = OpenRouterLanguageModel.model("acme/large", { reasoning: { effort: "low", maxTokens: 2_000 } })

// @ts-expect-error: no such option of the plugin
export const plugin = OpenRouterLanguageModel.model("acme/large", { plugins: [{ id: "web", maxResult: 3 }] })

// @ts-expect-error: no such way to route
export const routing = OpenRouterLanguageModel.model("acme/large", { provider: { dataCollection: "ask" } })

const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)
// @ts-expect-error: the client is missing
export const run: Promise<unknown> = Effect.runPromise(program)
