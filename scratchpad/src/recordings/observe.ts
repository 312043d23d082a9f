import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Duration from "effect/Duration"
import { stringLeaves } from "./json.ts"
import { streamFaults } from "./stream-faults.ts"

/** What a caller of the public API got: the counterpart of an expectation. */
export type Observation = ObservedAnswer | ObservedError | ObservedEmbeddings

export interface ObservedAnswer {
  readonly kind: "answer"
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: ReadonlyArray<ObservedToolCall>
  readonly toolResults: ReadonlyArray<{ readonly id: string; readonly providerExecuted: boolean }>
  readonly finishReasons: ReadonlyArray<Response.FinishReason>
  readonly usage: Response.Usage | undefined
  readonly sources: ReadonlyArray<Response.DocumentSourcePart | Response.UrlSourcePart>
  readonly files: ReadonlyArray<{ readonly mediaType: string; readonly base64: string }>
  readonly approvals: ReadonlyArray<string>
  readonly responseId: string | undefined
  readonly model: string | undefined
  /** The value of a structured answer, where one was asked for. */
  readonly object: unknown
  /** Every text in the parts, metadata included. */
  readonly leaves: ReadonlyArray<string>
  /** What is wrong with the order of the parts. */
  readonly faults: ReadonlyArray<string>
}

export interface ObservedToolCall {
  readonly id: string
  readonly name: string
  readonly params: unknown
  readonly providerExecuted: boolean
}

export interface ObservedError {
  readonly kind: "error"
  readonly reason: string
  readonly retryable: boolean
  readonly retryAfterMillis: number | undefined
  readonly message: string
}

export interface ObservedEmbeddings {
  readonly kind: "embeddings"
  readonly vectors: ReadonlyArray<ReadonlyArray<number>>
  readonly inputTokens: number | undefined
}

/** Deltas belong together by their id; metadata may split a text over many of them. */
const joinedDeltas = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<string> => {
  const texts = new Map<string, string>()
  for (const part of parts) {
    if (part.type !== "text-delta" && part.type !== "reasoning-delta" && part.type !== "tool-params-delta") continue
    const key = `${part.type} ${part.id}`
    texts.set(key, (texts.get(key) ?? "") + part.delta)
  }
  return [...texts.values()]
}

/** The parts of `generateText` or of a whole stream, as one answer. */
export const observeParts = (parts: ReadonlyArray<Response.AnyPart>, object?: unknown): ObservedAnswer => {
  let text = ""
  let reasoning = ""
  let usage: Response.Usage | undefined
  let responseId: string | undefined
  let model: string | undefined
  const toolCalls: Array<ObservedToolCall> = []
  const toolResults: Array<{ id: string; providerExecuted: boolean }> = []
  const finishReasons: Array<Response.FinishReason> = []
  const sources: Array<Response.DocumentSourcePart | Response.UrlSourcePart> = []
  const files: Array<{ mediaType: string; base64: string }> = []
  const approvals: Array<string> = []
  for (const part of parts) {
    switch (part.type) {
      case "text":
        text += part.text
        break
      case "text-delta":
        text += part.delta
        break
      case "reasoning":
        reasoning += part.text
        break
      case "reasoning-delta":
        reasoning += part.delta
        break
      case "tool-call":
        toolCalls.push({ id: part.id, name: part.name, params: part.params, providerExecuted: part.providerExecuted })
        break
      case "tool-result":
        toolResults.push({ id: part.id, providerExecuted: part.providerExecuted })
        break
      case "tool-approval-request":
        approvals.push(part.approvalId, part.toolCallId)
        break
      case "source":
        sources.push(part)
        break
      case "file":
        files.push({ mediaType: part.mediaType, base64: Buffer.from(part.data).toString("base64") })
        break
      case "response-metadata":
        responseId = part.id ?? responseId
        model = part.modelId ?? model
        break
      case "finish":
        finishReasons.push(part.reason)
        usage = part.usage
        break
    }
  }
  return {
    kind: "answer",
    text,
    reasoning,
    toolCalls,
    toolResults,
    finishReasons,
    usage,
    sources,
    files,
    approvals,
    responseId,
    model,
    object,
    leaves: [...stringLeaves(parts), ...joinedDeltas(parts)],
    faults: streamFaults(parts)
  }
}

export const observeError = (error: AiError.AiError): ObservedError => ({
  kind: "error",
  reason: error.reason._tag,
  retryable: error.isRetryable,
  retryAfterMillis: error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter),
  message: error.message
})
