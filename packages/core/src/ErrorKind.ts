/**
 * The kinds of failure this project tells apart, and the `AiError` reason each travels as.
 *
 * `effect/ai` has no reason for a timeout, a context overflow, an unsupported request or a truncated stream: those
 * travel as the nearest reason, with the kind in the metadata namespace of this project, so that it survives encoding.
 */
import type * as AiError from "effect/ai/AiError"
import * as Metadata from "./Metadata.ts"

/** One kind of failure: what it means and what to do about it. */
export interface ErrorKind {
  /** The tag of the reason that errors of this project travel as, inside `AiError`. */
  readonly reason:
    | "AuthenticationError"
    | "ContentPolicyError"
    | "InternalProviderError"
    | "InvalidOutputError"
    | "InvalidRequestError"
    | "InvalidResponseError"
    | "NetworkError"
    | "QuotaExhaustedError"
    | "RateLimitError"
    | "UnknownError"
  /** Whether the same request may succeed later. The same as `isRetryable` of the `AiError`. */
  readonly retryable: boolean
  readonly meaning: string
  readonly advice: string
}

/**
 * Every kind that comes from a vendor, the network, a check before the network or a policy.
 */
export const kinds = {
  RateLimited: {
    reason: "RateLimitError",
    retryable: true,
    meaning: "Too many requests or tokens in a window of time.",
    advice: "Wait for `retryAfter` where it is given, else back off with jitter."
  },
  QuotaExhausted: {
    reason: "QuotaExhaustedError",
    retryable: false,
    meaning: "The account has no credit left or reached its spend limit.",
    advice: "Add credit or raise the limit in the vendor's console."
  },
  AuthenticationFailed: {
    reason: "AuthenticationError",
    retryable: false,
    meaning: "The key is wrong, missing, expired or may not do this.",
    advice: "Check the key and its permissions; `kind` of the reason tells which."
  },
  ContentRefused: {
    reason: "ContentPolicyError",
    retryable: false,
    meaning: "The vendor refused the request or stopped the answer for its content.",
    advice: "Change the prompt; the same prompt is refused again."
  },
  ContextOverflow: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "Prompt and answer do not fit into the model's context window.",
    advice: "Shorten the prompt, ask for fewer output tokens or use a model with a larger window."
  },
  RequestTooLarge: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "The request body is larger than the vendor accepts.",
    advice: "Send large files by URL or file id."
  },
  ModelNotFound: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "The vendor does not know the model, or the key may not use it.",
    advice: "Check the model's name, and whether the account has access to it."
  },
  InvalidRequest: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "The request is wrong: the vendor says so, or a check before the network did.",
    advice: "Change what the description names; the same request fails again."
  },
  Unsupported: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "The model or its API cannot do what was asked; nothing was sent.",
    advice: "Use a model that can, or ask without it."
  },
  Overloaded: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "The vendor has no capacity at the moment.",
    advice: "Retry with backoff, or fall back to another model."
  },
  ProviderFailed: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "The vendor failed while it handled the request.",
    advice: "Retry with backoff; report the request id if it goes on."
  },
  TimedOut: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "No answer within the time allowed.",
    advice: "Try again. Where it was the client's own `timeout`, raise it, or stream long answers."
  },
  StreamInterrupted: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "A stream ended before its last event.",
    advice: "`ProviderError.partial` has what arrived; the whole request can be sent again."
  },
  ConnectionFailed: {
    reason: "NetworkError",
    retryable: true,
    meaning: "No connection, or it was lost before an answer came.",
    advice: "Check host name, proxy and network."
  },
  InvalidResponse: {
    reason: "InvalidResponseError",
    retryable: false,
    meaning: "What came is not an answer of the vendor's API: a page, nothing, or broken JSON.",
    advice: "Check the base URL and proxies in between, and that the server speaks this API."
  },
  EventTooLarge: {
    reason: "InvalidResponseError",
    retryable: false,
    meaning: "One event of a stream is larger than the limit.",
    advice: "Raise `maxEventBytes` of the client if such events are expected."
  },
  OutputTruncated: {
    reason: "InvalidResponseError",
    retryable: false,
    meaning: "The answer was cut before the object that was asked for was whole.",
    advice: "Raise `maxOutputTokens`, shorten the prompt, or ask for less."
  },
  InvalidOutput: {
    reason: "InvalidOutputError",
    retryable: true,
    meaning: "The model's output does not have the form that was asked for.",
    advice: "Ask again, or make the schema simpler."
  },
  BudgetExceeded: {
    reason: "InvalidRequestError",
    retryable: false,
    meaning: "The call would go over a budget of tokens or money, or the budget is used up.",
    advice: "Raise the budget, wait for its next period, or ask for less."
  },
  QueueFull: {
    reason: "RateLimitError",
    retryable: true,
    meaning: "More calls wait for a rate limit of the program than its queue takes.",
    advice: "Send fewer calls at once, or raise the limit or the length of the queue."
  },
  CircuitOpen: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "The model failed too often of late, and is not asked for a while.",
    advice: "Fall back to another model, or try again after `retryAfter`."
  },
  StoreFailed: {
    reason: "InternalProviderError",
    retryable: true,
    meaning: "The store that a policy keeps its state in cannot be reached, or answers nonsense.",
    advice: "Check the store; the policy's `onStoreFailure` says what happens meanwhile."
  },
  Unknown: {
    reason: "UnknownError",
    retryable: false,
    meaning: "A failure that fits no other kind.",
    advice: "Read the description and the cause."
  }
} as const satisfies { readonly [name: string]: ErrorKind }

/** The name of a kind. */
export type Name = keyof typeof kinds

/** The kind of each reason that states none in its metadata: of errors that this project did not make, among others. */
export const ofReason: { readonly [tag in AiError.AiErrorReason["_tag"]]: Name } = {
  RateLimitError: "RateLimited",
  QuotaExhaustedError: "QuotaExhausted",
  AuthenticationError: "AuthenticationFailed",
  ContentPolicyError: "ContentRefused",
  InvalidRequestError: "InvalidRequest",
  InvalidUserInputError: "InvalidRequest",
  UnsupportedSchemaError: "Unsupported",
  InternalProviderError: "ProviderFailed",
  NetworkError: "ConnectionFailed",
  InvalidResponseError: "InvalidResponse",
  InvalidOutputError: "InvalidOutput",
  StructuredOutputError: "InvalidOutput",
  ToolNotFoundError: "InvalidOutput",
  ToolParameterValidationError: "InvalidOutput",
  InvalidToolResultError: "Unknown",
  ToolResultEncodingError: "Unknown",
  ToolConfigurationError: "Unknown",
  ToolkitRequiredError: "Unknown",
  UnknownError: "Unknown"
}

/** The tags of the reasons that can be of a kind, first the one that errors of this project travel as. */
export const reasonsOf = (name: Name): ReadonlyArray<string> => [
  ...new Set([kinds[name].reason, ...Object.entries(ofReason).flatMap(([tag, kind]) => kind === name ? [tag] : [])])
]

/**
 * The kind of a failure. Errors that this project did not make are told by their reason.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import { AiError } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const error = AiError.make({ module: "Any", method: "generateText", reason: new AiError.RateLimitError({}) })
 * strictEqual(ProviderError.kindOf(error), "RateLimited")
 * ```
 */
export const kindOf = (error: AiError.AiError): Name => {
  const stated = "metadata" in error.reason
    ? Metadata.get(error.reason.metadata, Metadata.namespace, "kind")
    : undefined
  if (typeof stated === "string" && isKind(stated)) return stated
  // A later version of `effect/ai` may have reasons that the table lacks.
  const known: { readonly [tag: string]: Name | undefined } = ofReason
  return known[error.reason._tag] ?? "Unknown"
}

const isKind = (name: string): name is Name => Object.hasOwn(kinds, name)
