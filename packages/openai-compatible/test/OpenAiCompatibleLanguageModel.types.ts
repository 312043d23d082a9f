import type * as Policy from "@llm-layers/core/Policy"
import type * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import * as OpenAiCompatibleLanguageModel from "@llm-layers/openai-compatible/OpenAiCompatibleLanguageModel"
import { Context, Effect, type Layer } from "effect"
import { LanguageModel, type Model, Prompt } from "effect/ai"
import type OpenAI from "openai"
import type * as Wire from "../src/internal/wire.ts"

class Limiter extends Context.Service<Limiter, number>()("test/Limiter") {}
const limit: Policy.Policy<Limiter> = (driver) => Effect.as(Limiter, driver)

// A model is a Layer that needs the client, and what its policy needs.
export const plain: Model.Model<
  "openai-compatible",
  LanguageModel.LanguageModel,
  OpenAiCompatibleClient.OpenAiCompatibleClient
> = OpenAiCompatibleLanguageModel.model("llama", { temperature: 0, quirks: { streamUsage: false } })
export const limited: Layer.Layer<
  LanguageModel.LanguageModel,
  never,
  OpenAiCompatibleClient.OpenAiCompatibleClient | Limiter
> = OpenAiCompatibleLanguageModel.layer("llama", { policy: limit })
// @ts-expect-error the limiter is missing
export const unlimited: typeof plain = OpenAiCompatibleLanguageModel.model("llama", { policy: limit })

// Settings are closed.
// @ts-expect-error no such setting
OpenAiCompatibleLanguageModel.model("llama", { temprature: 0 })
// @ts-expect-error quirks are the server's and not a call's
OpenAiCompatibleLanguageModel.withConfigOverride({ quirks: {} })
// @ts-expect-error no such value
OpenAiCompatibleLanguageModel.model("llama", { verbosity: "loud" })

// A program without the client does not run.
const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)
// @ts-expect-error the client is missing
export const run: Promise<unknown> = Effect.runPromise(program)

// Options of prompts and metadata of answers are typed.
Prompt.makePart("file", { mediaType: "image/png", data: "", options: { "openai-compatible": { detail: "low" } } })
// @ts-expect-error no such detail
Prompt.makePart("file", { mediaType: "image/png", data: "", options: { "openai-compatible": { detail: "tiny" } } })
export const reasonOf = (metadata: OpenAiCompatibleLanguageModel.FinishFields): string | undefined =>
  metadata.finishReason

// What OpenAI has a type for is of it.
type Assignable<From extends To, To> = [From, To]
type OpenAiMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam
export type Calls = Assignable<Wire.ToolCall, OpenAI.Chat.Completions.ChatCompletionMessageToolCall>
export type Texts = Assignable<Wire.TextPart, OpenAI.Chat.Completions.ChatCompletionContentPartText>
export type Systems = Assignable<
  Extract<OpenAiMessage, { role: "system" }>["content"],
  string | ReadonlyArray<Wire.TextPart>
>
