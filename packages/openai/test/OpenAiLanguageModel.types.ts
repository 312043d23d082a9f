import type * as Policy from "@llm-layers/core/Policy"
import type * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, type Layer, type Schema } from "effect"
import { LanguageModel, type Model, Prompt, type Response, Toolkit } from "effect/ai"

export const named: Model.Model<"openai", LanguageModel.LanguageModel, OpenAiClient.OpenAiClient> = OpenAiLanguageModel
  .model("gpt-5.1")

declare const policy: Policy.Policy<"limiter">

export const limited: Layer.Layer<LanguageModel.LanguageModel, never, OpenAiClient.OpenAiClient | "limiter"> =
  OpenAiLanguageModel.layer("a-model-of-tomorrow", { policy, store: false })

// @ts-expect-error: what a policy needs is not lost
export const unlimited: Layer.Layer<LanguageModel.LanguageModel, never, OpenAiClient.OpenAiClient> = OpenAiLanguageModel
  .layer("gpt-5.1", { policy })

// @ts-expect-error: not an effort
OpenAiLanguageModel.model("gpt-5.1", { reasoning: { effort: "some" } })

// @ts-expect-error: no setting of this provider
OpenAiLanguageModel.model("gpt-5.1", { thinking: true })

// @ts-expect-error: the client was not provided
export const program: Effect.Effect<string, unknown> = LanguageModel.generateText({ prompt: "Hi" }).pipe(
  Effect.map((response) => response.text),
  Effect.provide(OpenAiLanguageModel.model("gpt-5.1"))
)

// @ts-expect-error: no such detail
Prompt.makePart("file", { mediaType: "image/png", data: "", options: { openai: { detail: "blurred" } } })

Prompt.makePart("file", { mediaType: "image/png", data: "", options: { openai: { detail: "low" } } })

// What Chat Completions reads and writes is there as well.
Prompt.makeMessage("system", { content: "Hi", options: { openai: { name: "desk", role: "developer" } } })

Prompt.makeMessage("user", {
  content: [],
  options: { openai: { name: "Ada", promptCacheBreakpoint: { mode: "explicit", ttl: "30m" } } }
})

Prompt.makeMessage("assistant", { content: [], options: { openai: { name: "Bob" } } })

// @ts-expect-error: a name is text
Prompt.makeMessage("assistant", { content: [], options: { openai: { name: 1 } } })

Prompt.makeMessage("user", {
  content: [],
  // @ts-expect-error: no such time
  options: { openai: { promptCacheBreakpoint: { mode: "explicit", ttl: "1h" } } }
})

export const ofFinish = (part: Response.FinishPart) => {
  const { choice, choices, finishReason, logprobs, message, nativeFinishReason, response, status, systemFingerprint } =
    part.metadata.openai ?? {}
  const texts: ReadonlyArray<string | undefined> = [finishReason, nativeFinishReason, systemFingerprint, status]
  const json: ReadonlyArray<Schema.Json | undefined> = [choice, choices, logprobs, message, response]
  return { texts, json }
}

export const ofFile = (part: Response.FilePart) => {
  const { audioId, expiresAt, transcript } = part.metadata.openai ?? {}
  const texts: ReadonlyArray<string | undefined> = [audioId, transcript]
  return { texts, seconds: expiresAt satisfies number | undefined }
}

// @ts-expect-error: nothing is written under this name
export const noField = (part: Response.FinishPart) => part.metadata.openai?.fingerprint

// @ts-expect-error: vector stores are missing
OpenAiTool.FileSearch({})

// @ts-expect-error: not a size
OpenAiTool.WebSearch({ search_context_size: "huge" })

OpenAiTool.WebSearch({ search_context_size: "low", a_member_of_tomorrow: 1 })

export const label: "OpenAiMcp_docs" = OpenAiTool.Mcp({ server_label: "docs" }).name

const toolkit = Toolkit.make(OpenAiTool.WebSearch({}), OpenAiTool.Custom("sql"))

// Hosted tools need no handler; those a program runs do.
export const handlers = toolkit.toLayer({ sql: (text) => Effect.succeed(text.trim()) })

// @ts-expect-error: the handler is missing
export const missing = toolkit.toLayer({})

export const queries = LanguageModel.generateText({ prompt: "Search", toolkit }).pipe(
  Effect.map((response) =>
    response.toolResults.flatMap((result) =>
      result.name === "OpenAiWebSearch" && !result.isFailure && result.result.action?.type === "search"
        ? [result.result.action.query]
        : []
    )
  )
)
