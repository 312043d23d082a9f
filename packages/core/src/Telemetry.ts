/**
 * Span attributes of the OpenTelemetry GenAI conventions, on the span `effect/ai` opens for each call.
 *
 * The framework sets the operation's output type; this adds provider, models, finish reason, token counts with cached
 * and reasoning tokens, and the time to the first token. Names: github.com/open-telemetry/semantic-conventions-genai
 * (status: development).
 */
import type * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as AiTelemetry from "effect/ai/Telemetry"
import * as Context from "effect/Context"
import type { Span } from "effect/Tracer"

/**
 * Whether prompts and answers are put on spans. Off by default: they hold what users wrote.
 *
 * It rules what this project writes. `effect/ai` itself puts the parameters of the tool calls it runs on the span of the
 * call, whatever this says; a tracer that must not see them has to drop the attribute `parameters`.
 *
 * @example
 * ```ts
 * import * as Telemetry from "@llm-layers/core/Telemetry"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * await LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   Effect.provideService(Telemetry.CaptureContent, true),
 *   Effect.provide(ScriptedModel.layer(["Hi."])),
 *   Effect.runPromise
 * )
 * ```
 */
export const CaptureContent: Context.Reference<boolean> = Context.Reference<boolean>(
  "@llm-layers/core/Telemetry/CaptureContent",
  { defaultValue: () => false }
)

/** What is known when a request is sent. */
export interface Request {
  /** The provider's name by the conventions: `openai`, `anthropic`, `gcp.gemini`. */
  readonly provider: string
  readonly model: string
  readonly settings?: AiTelemetry.RequestAttributes | undefined
}

/** Marks the span with the request. */
export const annotateRequest = (span: Span, request: Request): void => {
  span.attribute("gen_ai.provider.name", request.provider)
  span.attribute("gen_ai.operation.name", "chat")
  span.attribute("gen_ai.request.model", request.model)
  if (request.settings !== undefined) AiTelemetry.addGenAIAnnotations(span, { request: request.settings })
}

/** Marks the span with what came back. Parts of the kinds it does not know are passed over. */
export const annotateResponse = (
  span: Span,
  parts: ReadonlyArray<Response.PartEncoded | Response.StreamPartEncoded>
): void => {
  for (const part of parts) {
    if (part.type === "response-metadata") {
      set(span, "gen_ai.response.id", part.id)
      set(span, "gen_ai.response.model", part.modelId)
    }
    if (part.type === "finish") {
      const { inputTokens, outputTokens } = part.usage
      set(span, "gen_ai.response.finish_reasons", [part.reason])
      set(span, "gen_ai.usage.input_tokens", inputTokens.total)
      set(span, "gen_ai.usage.output_tokens", outputTokens.total)
      set(span, "gen_ai.usage.cache_read.input_tokens", inputTokens.cacheRead)
      set(span, "gen_ai.usage.cache_creation.input_tokens", inputTokens.cacheWrite)
      set(span, "gen_ai.usage.reasoning.output_tokens", outputTokens.reasoning)
    }
  }
}

const set = (span: Span, name: string, value: unknown): void => {
  if (value !== undefined) span.attribute(name, value)
}

/** Marks the span with the time from request to first token, in seconds. */
export const annotateFirstToken = (span: Span, seconds: number): void =>
  span.attribute("gen_ai.response.time_to_first_chunk", seconds)

/** Marks the span with the class of a failure. */
export const annotateError = (span: Span, kind: string): void => span.attribute("error.type", kind)

/** Puts the prompt on the span. */
export const annotatePrompt = (span: Span, prompt: Prompt.Prompt): void =>
  span.attribute(
    "gen_ai.input.messages",
    JSON.stringify(prompt.content.map((message) => ({
      role: message.role,
      parts: typeof message.content === "string"
        ? [{ type: "text", content: message.content }]
        : message.content.map(describe)
    })))
  )

/** Puts the answer on the span. */
export const annotateAnswer = (span: Span, parts: ReadonlyArray<Response.PartEncoded>): void =>
  span.attribute(
    "gen_ai.output.messages",
    JSON.stringify([{
      role: "assistant",
      parts: parts.filter((part) => part.type !== "response-metadata" && part.type !== "finish").map(describe)
    }])
  )

const describe = (part: Prompt.Part | Response.PartEncoded): { readonly [key: string]: unknown } => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { type: part.type, content: part.text }
    case "tool-call":
      return { type: "tool_call", id: part.id, name: part.name, arguments: part.params }
    case "tool-result":
      return { type: "tool_call_response", id: part.id, result: part.result }
    case "file":
      return { type: "blob", mime_type: part.mediaType }
    default:
      return { type: part.type }
  }
}
