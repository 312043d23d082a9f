import * as Metadata from "@llm-layers/core/Metadata"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Step } from "./expectation/Expectation.ts"
import type { Heard, HeardCompaction, HeardTokens } from "./heard.ts"
import { LeafIndex } from "./leaves.ts"
import { streamFaults } from "./stream-faults.ts"

/** What a caller of the public API got: the counterpart of an expectation. */
export type Observation = ObservedAnswer | ObservedError | ObservedEmbeddings | HeardTokens | HeardCompaction

export interface ObservedAnswer {
  readonly kind: "answer"
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: ReadonlyArray<ObservedToolCall>
  readonly toolResults: ReadonlyArray<ObservedToolResult>
  /** What came after what: texts and reasoning from where they begin, calls and results. */
  readonly order: ReadonlyArray<Step>
  readonly finishReasons: ReadonlyArray<Response.FinishReason>
  readonly usage: Response.Usage | undefined
  readonly sources: ReadonlyArray<Response.DocumentSourcePart | Response.UrlSourcePart>
  readonly files: ReadonlyArray<{ readonly mediaType: string; readonly base64: string }>
  readonly approvals: ReadonlyArray<string>
  readonly responseId: string | undefined
  readonly model: string | undefined
  /** Seconds since 1970. */
  readonly createdAt: number | undefined
  /** The value of a structured answer, where one was asked for. */
  readonly object: unknown
  /** All that is in the parts, metadata included. */
  readonly leaves: LeafIndex
  /** What is wrong with the order of the parts. */
  readonly faults: ReadonlyArray<string>
}

export interface ObservedToolCall {
  readonly id: string
  readonly name: string
  readonly params: unknown
  readonly providerExecuted: boolean
}

export interface ObservedToolResult {
  readonly id: string
  readonly name: string
  readonly isFailure: boolean
  readonly result: unknown
  readonly providerExecuted: boolean
}

export interface ObservedError {
  readonly kind: "error"
  readonly reason: string
  readonly retryable: boolean
  readonly retryAfterMillis: number | undefined
  readonly message: string
  /** All that is in the error. */
  readonly leaves: LeafIndex
}

export interface ObservedEmbeddings {
  readonly kind: "embeddings"
  readonly vectors: ReadonlyArray<ReadonlyArray<number>>
  readonly inputTokens: number | undefined
}

/** Texts in the order they begin, each whole; deltas belong together by their id. */
const orderOf = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<Step> => {
  const order: Array<Step> = []
  const begun = new Map<string, number>()
  const say = (kind: "text" | "reasoning", key: string, text: string): void => {
    const at = begun.get(key) ?? order.push({ kind, text: "" }) - 1
    begun.set(key, at)
    const before = order[at]
    order[at] = { kind, text: (before !== undefined && "text" in before ? before.text : "") + text }
  }
  parts.forEach((part, place) => {
    switch (part.type) {
      case "text":
      case "reasoning":
        say(part.type, `whole ${place}`, part.text)
        break
      case "text-start":
      case "text-delta":
        say("text", `text ${part.id}`, part.type === "text-delta" ? part.delta : "")
        break
      case "reasoning-start":
      case "reasoning-delta":
        say("reasoning", `reasoning ${part.id}`, part.type === "reasoning-delta" ? part.delta : "")
        break
      case "tool-call":
        order.push({ kind: "call", ids: [part.id] })
        break
      case "tool-result":
        if (!part.preliminary) order.push({ kind: "result", ids: [part.id] })
        break
    }
  })
  return order
}

/** Texts come in pieces: only joined are they what was said. */
const joined = (order: ReadonlyArray<Step>, kind: "text" | "reasoning"): string =>
  order.map((step) => step.kind === kind ? step.text : "").join("")

const paramsDeltas = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<string> => {
  const texts = new Map<string, string>()
  for (const part of parts) {
    if (part.type === "tool-params-delta") texts.set(part.id, (texts.get(part.id) ?? "") + part.delta)
  }
  return [...texts.values()]
}

const ofType = <Type extends Response.AnyPart["type"]>(
  parts: ReadonlyArray<Response.AnyPart>,
  type: Type
): ReadonlyArray<Extract<Response.AnyPart, { readonly type: Type }>> =>
  parts.filter((part): part is Extract<Response.AnyPart, { readonly type: Type }> => part.type === type)

/** The parts of `generateText` or of a whole stream, as one answer. */
export const observeParts = (parts: ReadonlyArray<Response.AnyPart>, object?: unknown): ObservedAnswer => {
  const order = orderOf(parts)
  const text = joined(order, "text")
  const reasoning = joined(order, "reasoning")
  const head = ofType(parts, "response-metadata").at(-1)
  const finishes = ofType(parts, "finish")
  const createdAt = head?.timestamp === undefined ? undefined : DateTime.toEpochMillis(head.timestamp) / 1000
  return {
    kind: "answer",
    text,
    reasoning,
    toolCalls: ofType(parts, "tool-call").map(({ id, name, params, providerExecuted }) => ({
      id,
      name,
      params,
      providerExecuted
    })),
    toolResults: ofType(parts, "tool-result").filter((part) => !part.preliminary),
    order,
    finishReasons: finishes.map((part) => part.reason),
    usage: finishes.at(-1)?.usage,
    sources: ofType(parts, "source"),
    files: ofType(parts, "file").map((part) => ({
      mediaType: part.mediaType,
      base64: Buffer.from(part.data).toString("base64")
    })),
    approvals: ofType(parts, "tool-approval-request").flatMap((part) => [part.approvalId, part.toolCallId]),
    responseId: head?.id,
    model: head?.modelId,
    createdAt,
    object,
    leaves: new LeafIndex().add(parts).add([text, reasoning]).add(order.map((step) => "text" in step ? step.text : ""))
      .add(paramsDeltas(parts)),
    faults: streamFaults(parts)
  }
}

/** Reasons without a field for the wait have it in their metadata. */
const retryAfterOf = (error: AiError.AiError): number | undefined => {
  if (error.retryAfter !== undefined) return Duration.toMillis(error.retryAfter)
  const wait = "metadata" in error.reason
    ? Metadata.get(error.reason.metadata, "llmLayers", "retryAfterMillis")
    : undefined
  return typeof wait === "number" ? wait : undefined
}

export const observeError = (error: AiError.AiError): ObservedError => ({
  kind: "error",
  reason: error.reason._tag,
  retryable: error.isRetryable,
  retryAfterMillis: retryAfterOf(error),
  message: error.message,
  leaves: new LeafIndex().add(error.reason).add(error.message, "message")
})

export const observe = (heard: Heard): Observation => {
  switch (heard.kind) {
    case "answer":
      return observeParts(heard.parts, heard.object)
    case "error":
      return observeError(heard.error)
    case "embeddings":
    case "tokens":
    case "compaction":
      return heard
  }
}
