import type * as Response from "effect/ai/Response"
import type { Json } from "../json.ts"

/**
 * What a recorded answer says, in the terms a caller of `effect/ai` hears it in. The readers beside this file build it
 * from the recorded bytes alone; they share nothing with the decoders of the provider packages.
 *
 * **Usage.** `inputTotal = inputUncached + cacheRead + cacheWrite`, `outputTotal` includes reasoning. A number the vendor
 * does not state is `undefined`.
 *
 * **Finish reasons.** `stop`, `length`, `content-filter`, `tool-calls`, `error`, `pause`, `other`, `unknown`. A list,
 * because two readings are right in a few cases; each reader says which.
 */
export interface AnswerExpectation {
  readonly kind: "answer"
  readonly text: string
  /** What may follow the text: a transcript, which is kept in metadata or said. */
  readonly spoken?: string
  /** Compared without regard to white space: vendors give reasoning in sections and do not say how to join them. */
  readonly reasoning: string
  readonly toolCalls: ReadonlyArray<ExpectedToolCall>
  readonly hosted: ReadonlyArray<HostedCall>
  /** What came after what; `undefined` where the vendor gives no order. */
  readonly order: ReadonlyArray<Step> | undefined
  readonly finishReasons: ReadonlyArray<Response.FinishReason>
  readonly usage: ExpectedUsage
  readonly sources: ReadonlyArray<ExpectedSource>
  readonly files: ReadonlyArray<ExpectedFile>
  readonly responseId: string | undefined
  readonly model: string | undefined
  /** Seconds since 1970; a recorder may have put a zero in its place. */
  readonly createdAt: number | undefined
  /** All that was said, as JSON: each value of it must be found somewhere in what the caller gets. */
  readonly whole: Json
}

/** One thing in the order of an answer. */
export type Step =
  | { readonly kind: "text" | "reasoning"; readonly text: string }
  /** A call or a result has one of the ids. */
  | { readonly kind: "call" | "result"; readonly ids: ReadonlyArray<string> }

/** A call the caller has to answer. */
export interface ExpectedToolCall {
  /** `undefined` where the vendor gives none, and the provider makes one up. */
  readonly id: string | undefined
  readonly name: string
  readonly arguments: ToolArguments
}

/**
 * - `json`: the arguments as a value; nothing at all counts as `{}`
 * - `text`: free text, as custom tools have it; the text must be found in the parameters
 * - `broken`: not JSON, because the model stopped in the middle or made a mistake
 */
export type ToolArguments =
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "broken"; readonly text: string }

/**
 * Something done with a tool of the vendor. Where the caller declared that tool, it must come out as a tool call with one
 * of the `ids`; otherwise one of the ids must be found somewhere in the parts.
 */
export interface HostedCall {
  /** The vendor's own type name, such as `web_search_call`. */
  readonly type: string
  readonly ids: ReadonlyArray<string>
  /** The remote MCP server it was for. */
  readonly server?: string
  /** Whether the vendor ran it, or left that to the caller (a shell on the caller's machine). */
  readonly ranAt: "vendor" | "caller"
  /** What the model asked for; the parameters of the call are it, or have it somewhere inside. */
  readonly input: Json | undefined
  /** Whether the answer holds a result of it, and whether that is a failure where the vendor says so. */
  readonly hasResult: boolean
  readonly failed?: boolean
  /** What must be found in the result. */
  readonly output?: Json
}

export interface ExpectedUsage {
  readonly inputTotal: number | undefined
  readonly inputUncached: number | undefined
  readonly cacheRead: number | undefined
  readonly cacheWrite: number | undefined
  readonly outputTotal: number | undefined
  readonly reasoning: number | undefined
}

export interface ExpectedSource {
  readonly type: "url" | "document"
  /** Texts of which one is the address or the title; none where the vendor names nothing. */
  readonly anyOf: ReadonlyArray<string>
  /** What it is called, where the vendor says so. */
  readonly title: string | undefined
  /** The citation as it came, with the place it belongs to: it goes along with the source. */
  readonly citation: Json
}

export interface ExpectedFile {
  readonly mediaType: string
  readonly base64: string
}

export type ErrorReason =
  | "AuthenticationError"
  | "ContentPolicyError"
  | "InternalProviderError"
  | "InvalidOutputError"
  | "InvalidRequestError"
  | "InvalidResponseError"
  | "NetworkError"
  | "QuotaExhaustedError"
  | "RateLimitError"
  | "ToolParameterValidationError"
  | "UnknownError"

export interface ErrorExpectation {
  readonly kind: "error"
  readonly reasons: ReadonlyArray<ErrorReason>
  readonly retryable: boolean | undefined
  /** What the caller is asked to wait, in milliseconds. */
  readonly retryAfterMillis: number | undefined
  /** What the vendor said: each text must be found in the error. */
  readonly said: ReadonlyArray<string>
}

export interface EmbeddingsExpectation {
  readonly kind: "embeddings"
  readonly vectors: ReadonlyArray<ReadonlyArray<number>>
  readonly inputTokens: number | undefined
}

export interface TokensExpectation {
  readonly kind: "tokens"
  readonly tokens: number
}

/** A conversation made short. */
export interface CompactionExpectation {
  readonly kind: "compaction"
  readonly id: string | undefined
  /** What the next request begins with. */
  readonly items: ReadonlyArray<Json>
  readonly usage: ExpectedUsage
}

export type Expectation =
  | AnswerExpectation
  | ErrorExpectation
  | EmbeddingsExpectation
  | TokensExpectation
  | CompactionExpectation

/** What a caller may be told when a stream ends before its last event, or a 200 has a body that is no answer. */
export const brokenAnswer: ErrorExpectation = {
  kind: "error",
  reasons: ["InvalidResponseError", "NetworkError", "InternalProviderError"],
  retryable: undefined,
  retryAfterMillis: undefined,
  said: []
}

export const unstatedUsage: ExpectedUsage = {
  inputTotal: undefined,
  inputUncached: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  outputTotal: undefined,
  reasoning: undefined
}
