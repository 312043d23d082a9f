/** What the compiler must know of Anthropic's models. */
import type * as Policy from "@llm-layers/core/Policy"
import { Context, Effect, type Layer } from "effect"
import { LanguageModel, type Model, Prompt, type Response, Toolkit } from "effect/ai"
import type * as AnthropicClient from "../src/AnthropicClient.ts"
import * as AnthropicLanguageModel from "../src/AnthropicLanguageModel.ts"
import * as AnthropicTool from "../src/AnthropicTool.ts"

class Limiter extends Context.Service<Limiter, string>()("test/Limiter") {}
declare const policy: Policy.Policy<Limiter>

export const plain: Model.Model<"anthropic", LanguageModel.LanguageModel, AnthropicClient.AnthropicClient> =
  AnthropicLanguageModel.model("claude-sonnet-5-5")

export const newer = AnthropicLanguageModel.model("claude-of-tomorrow")

export const withPolicy: Model.Model<
  "anthropic",
  LanguageModel.LanguageModel,
  AnthropicClient.AnthropicClient | Limiter
> = AnthropicLanguageModel.model("claude-sonnet-5-5", { policy, effort: "low" })

// @ts-expect-error: what the policy needs is needed
export const forgotten: Layer.Layer<LanguageModel.LanguageModel, never, AnthropicClient.AnthropicClient> =
  AnthropicLanguageModel.layer("claude-sonnet-5-5", { policy })

// @ts-expect-error: no such effort
export const effort = AnthropicLanguageModel.model("claude-sonnet-5-5", { effort: "huge" })

// @ts-expect-error: a budget has a number
export const budget = AnthropicLanguageModel.model("claude-sonnet-4-5", { thinking: { type: "enabled" } })

export const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)

// @ts-expect-error: the client was not provided
export const unprovided: Effect.Effect<unknown, unknown> = program

export const options = Prompt.makePart("text", {
  text: "Hi",
  options: { anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } }
})

export const wrongOptions = Prompt.makePart("text", {
  text: "Hi",
  // @ts-expect-error: no such time
  options: { anthropic: { cacheControl: { type: "ephemeral", ttl: "2h" } } }
})

export const readMetadata = (part: Response.FinishPart): string | undefined => part.metadata.anthropic?.stopReason

const search = AnthropicTool.WebSearch({ max_uses: 2, newer_than_this_package: true })

// @ts-expect-error: a number
export const wrongArgument = AnthropicTool.WebSearch({ max_uses: "2" })

export const hosted = Effect.gen(function*() {
  const response = yield* LanguageModel.generateText({ prompt: "Hi", toolkit: Toolkit.make(search) })
  const result = response.toolResults[0]
  return result?.name === "AnthropicWebSearch" && Array.isArray(result.result) ? result.result[0]?.url : undefined
})

export const handlers = Toolkit.make(AnthropicTool.Bash({})).toLayer({
  AnthropicBash: ({ command }) => Effect.succeed(command ?? "")
})
