/**
 * From a failed exchange to an `AiError`, and from an `AiError` to this project's own tagged union.
 *
 * Every provider makes its errors here, so the same failure has the same reason, whoever the vendor is.
 */
import * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import * as ErrorKind from "./ErrorKind.ts"
import * as ErrorTable from "./ErrorTable.ts"
import * as Metadata from "./Metadata.ts"
import * as PartialAnswer from "./PartialAnswer.ts"
import * as Redaction from "./Redaction.ts"
import * as RetryAfter from "./RetryAfter.ts"

export { kindOf } from "./ErrorKind.ts"
export { of as partial, type PartialAnswer } from "./PartialAnswer.ts"
export { tagged, type TaggedError } from "./TaggedError.ts"

/** Who failed where: goes into every error. */
export interface Origin {
  /** The provider's name, which is its metadata namespace: `openai`. */
  readonly provider: string
  /** The public module, as in `OpenAiLanguageModel`. */
  readonly module: string
  /** The public function, as in `generateText`. */
  readonly method: string
}

/** The origin of a method of a model, by its driver. */
export const originOf = ({ module, provider }: Omit<Origin, "method">, method: string): Origin => ({
  provider,
  module,
  method
})

/** What a failure of any kind can carry. All of it is redacted by who makes it. */
export interface Detail {
  readonly description?: string | undefined
  readonly parameter?: string | undefined
  readonly retryAfter?: AiError.RateLimitError["retryAfter"]
  readonly authentication?: AiError.AuthenticationError["kind"] | undefined
  readonly http?: typeof AiError.HttpContext.Type | undefined
  /** Further facts for the metadata of the provider: code, type, request id. */
  readonly provider?: { readonly [key: string]: unknown }
  /** Further facts of this project: which timeout, what was asked. */
  readonly facts?: { readonly [key: string]: unknown }
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Redacted already; see `Redaction.cause`. */
  readonly cause?: Error | undefined
}

/**
 * An `AiError` of the given kind.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import { strictEqual } from "node:assert"
 *
 * const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }
 * const error = ProviderError.make(origin, "Overloaded", { description: "No machine is free" })
 * strictEqual(error.reason._tag, "InternalProviderError")
 * strictEqual(error.isRetryable, true)
 * strictEqual(ProviderError.kindOf(error), "Overloaded")
 * ```
 */
export const make = (origin: Origin, kind: ErrorKind.Name, detail: Detail = {}): AiError.AiError => {
  const reason = makeReason(origin, kind, detail)
  if (detail.cause !== undefined && !("cause" in reason && reason.cause !== undefined)) {
    // Not a field of the schema: the original stays with the error in this process and is left out when it is encoded.
    Object.defineProperty(reason, "cause", { value: detail.cause, enumerable: false, configurable: true })
  }
  return AiError.make({ module: origin.module, method: origin.method, reason })
}

const makeReason = (origin: Origin, name: ErrorKind.Name, detail: Detail): AiError.AiErrorReason => {
  const kind = ErrorKind.kinds[name]
  const description = detail.description ?? kind.meaning
  const metadata = Metadata.merge(
    Metadata.make(origin.provider, detail.provider ?? {}),
    Metadata.make(Metadata.namespace, {
      ...detail.facts,
      kind: name,
      description: detail.description,
      retryAfterMillis: detail.retryAfter === undefined ? undefined : Duration.toMillis(detail.retryAfter)
    })
  )
  const http = detail.http === undefined ? undefined : { http: detail.http }
  switch (kind.reason) {
    case "AuthenticationError":
      return new AiError.AuthenticationError({
        kind: detail.authentication ?? "Unknown",
        description,
        metadata,
        ...http
      })
    case "ContentPolicyError":
      return new AiError.ContentPolicyError({ description, metadata, ...http })
    case "InternalProviderError":
      return new AiError.InternalProviderError({ description: advised(description, kind), metadata, ...http })
    case "InvalidOutputError":
      return new AiError.InvalidOutputError({ description, metadata })
    case "InvalidRequestError":
      return new AiError.InvalidRequestError({
        description: advised(description, kind),
        metadata,
        ...(detail.parameter === undefined ? undefined : { parameter: detail.parameter }),
        ...http
      })
    case "InvalidResponseError":
      return new AiError.InvalidResponseError({ description: advised(description, kind), metadata, ...http })
    case "NetworkError":
      return new AiError.NetworkError({
        reason: "TransportError",
        method: detail.method ?? "POST",
        url: detail.url ?? "",
        description,
        ...(detail.cause === undefined ? undefined : { cause: detail.cause })
      })
    case "QuotaExhaustedError":
      return new AiError.QuotaExhaustedError({ metadata, ...http })
    case "RateLimitError":
      return new AiError.RateLimitError({
        metadata,
        ...(detail.retryAfter === undefined ? undefined : { retryAfter: detail.retryAfter }),
        ...http
      })
    case "UnknownError":
      return new AiError.UnknownError({ description, metadata, ...http })
  }
}

const advised = (description: string, kind: ErrorKind.ErrorKind): string =>
  `${description.replace(/[.\s]+$/, "")}. ${kind.advice}`

/** A response with an error status, or an error event inside a stream. */
export interface Failure {
  readonly status: number | undefined
  readonly headers: { readonly [name: string]: string }
  readonly body: string | undefined
  readonly method: string
  readonly url: string
}

/** What a vendor's error body says, read by the vendor's own `decodeError`. */
export interface Said {
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message?: string | undefined
  readonly parameter?: string | undefined
  readonly requestId?: string | undefined
  /** The HTTP status that an error inside a stream says it stands for. Not looked at where the response has one. */
  readonly status?: number | undefined
  /** Headers of another response that the body repeats: a limit's reset behind a gateway. Those of the response win. */
  readonly headers?: { readonly [name: string]: string } | undefined
  /** Further facts for the metadata of the provider. */
  readonly details?: { readonly [name: string]: unknown } | undefined
}

/** A vendor's part in making errors. */
export interface Vendor {
  readonly rows: ReadonlyArray<ErrorTable.Row>
  /** Reads an error body, already parsed; gets `undefined` where it is not JSON. Never throws. */
  readonly decodeError: (body: unknown) => Said
}

/** A body longer than this is cut in the error. */
const bodyLimit = 16_384

/**
 * The error for a response with an error status or for an error event in a stream. `now` is milliseconds since 1970.
 */
export const fromFailure = (
  origin: Origin,
  vendor: Vendor,
  failure: Failure,
  now: number,
  secrets: ReadonlyArray<Redacted.Redacted> = []
): AiError.AiError => {
  const safe = (text: string | undefined) => text === undefined ? undefined : Redaction.text(text, secrets)
  const said = vendor.decodeError(parseJson(failure.body))
  const code = safe(said.code)
  const type = safe(said.type)
  const url = Redaction.text(failure.url, secrets)
  const headers = Redaction.headers(failure.headers, secrets)
  const facts: ErrorTable.Facts = {
    status: failure.status ?? said.status,
    code: said.code,
    type: said.type,
    message: said.message,
    parameter: said.parameter,
    headers,
    body: failure.body
  }
  const row = ErrorTable.find(facts, vendor.rows)
  const body = safe(failure.body)?.slice(0, bodyLimit)
  const requestId = safe(said.requestId) ?? headers["x-request-id"] ?? headers["request-id"]
  const description = AiError.buildErrorDescription({
    status: failure.status ?? 200,
    message: safe(said.message) ?? page(failure),
    method: failure.method,
    url,
    errorCode: code,
    errorType: type,
    requestId,
    body
  })
  return make(origin, row.kind, {
    description,
    parameter: safe(said.parameter) ?? (row.kind === "ModelNotFound" ? "model" : undefined),
    retryAfter: RetryAfter.fromHeaders({ ...lowerCase(said.headers), ...headers }, now),
    authentication: row.authentication,
    http: {
      ...(failure.status === undefined ? undefined : { response: { status: failure.status, headers } }),
      ...(body === undefined ? undefined : { body })
    },
    provider: { ...safeDetails(said.details, safe), code, type, requestId },
    method: failure.method,
    url
  })
}

const lowerCase = (headers: Said["headers"] = {}): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/** Redacted as text, in which a secret stands as it stands in a body. */
const safeDetails = (
  details: Said["details"],
  safe: (text: string | undefined) => string | undefined
): { readonly [name: string]: unknown } => {
  if (details === undefined) return {}
  const parsed = parseJson(safe(JSON.stringify(Metadata.toJson(details))))
  return typeof parsed === "object" && parsed !== null ? { ...parsed } : {}
}

const page = (failure: Failure): string | undefined => {
  if (failure.body === undefined || failure.body.trim() === "") return `HTTP ${failure.status} with an empty body`
  return /^\s*<(?:!doctype|html|\?xml)/i.test(failure.body)
    ? `HTTP ${failure.status} with a page instead of the vendor's error: check the base URL and proxies in between`
    : undefined
}

const parseJson = (text: string | undefined): unknown => {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * What the model cannot do: fails before the network. `capability` names the row in the capability table.
 */
export const unsupported = (
  origin: Origin,
  what: { readonly capability: string; readonly asked: string; readonly model: string; readonly parameter?: string }
): AiError.AiError =>
  make(origin, "Unsupported", {
    description: `${what.model} does not support ${what.asked}`,
    parameter: what.parameter,
    facts: { capability: what.capability, asked: what.asked, model: what.model }
  })

/** The error for a file of the prompt that is none: broken base64, an address nobody can fetch. */
export const invalidFile = (origin: Origin, { reason }: { readonly reason: string }): AiError.AiError =>
  make(origin, "InvalidRequest", {
    description: `A file of the prompt cannot be sent: it is ${reason}`,
    parameter: "prompt"
  })

/** The error for a stream that ended before its last event, which is named. `Driver` adds what arrived. */
export const endedBefore = (origin: Origin, missing: string): AiError.AiError =>
  make(origin, "StreamInterrupted", { description: `The stream ended before ${missing}` })

/**
 * The error for a schema that cannot be sent. `what` names its holder; `why` is what the transformation threw, or a
 * text.
 */
export const unsupportedSchema = (origin: Origin, what: string, why: unknown): AiError.AiError =>
  AiError.make({
    module: origin.module,
    method: origin.method,
    reason: new AiError.UnsupportedSchemaError({
      description: `The schema of ${what}: ${why instanceof Error ? why.message : String(why)}`
    })
  })

/**
 * The error with what had arrived. A connection that broke in the middle of an answer becomes `StreamInterrupted`,
 * because `NetworkError` has no room for it.
 */
export const withPartial = (
  origin: Origin,
  error: AiError.AiError,
  arrived: PartialAnswer.PartialAnswer
): AiError.AiError => {
  const reason = error.reason
  if (reason._tag === "NetworkError") {
    return make(origin, "StreamInterrupted", {
      description: `The connection broke in the middle of the answer: ${reason.description ?? reason.reason}`,
      facts: { partial: arrived },
      cause: reason
    })
  }
  if (!("metadata" in reason)) return PartialAnswer.beside(error, arrived)
  const given: Metadata.Metadata = reason.metadata
  const metadata = Metadata.merge(
    given,
    Metadata.make(Metadata.namespace, { partial: arrived })
  )
  return AiError.make({ module: error.module, method: error.method, reason: changed(reason, "metadata", metadata) })
}

/**
 * A copy of the error with further facts of this project in its metadata. Reasons that have none, such as `NetworkError`,
 * keep none.
 */
export const withFacts = (error: AiError.AiError, facts: { readonly [key: string]: unknown }): AiError.AiError => {
  const { method, module, reason } = error
  if (!("metadata" in reason)) {
    const partial = PartialAnswer.of(error)
    return partial === undefined ? AiError.make({ module, method, reason }) : PartialAnswer.beside(error, partial)
  }
  const given: Metadata.Metadata = reason.metadata
  const metadata = Metadata.merge(given, Metadata.make(Metadata.namespace, facts))
  return AiError.make({ module, method, reason: changed(reason, "metadata", metadata) })
}

/** A copy of a reason with another member. Its constructor would take out what the copy keeps, such as its cause. */
const changed = (reason: AiError.AiErrorReason, member: string, value: unknown): AiError.AiErrorReason => {
  const copy = Object.create(Object.getPrototypeOf(reason), Object.getOwnPropertyDescriptors(reason))
  Object.defineProperty(copy, member, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

/**
 * The error of another caller's method, its description after what was being done: of a call that makes several requests,
 * which of them failed.
 */
export const during = (origin: Origin, what: string, error: AiError.AiError): AiError.AiError => {
  const { reason } = error
  const said = "description" in reason && typeof reason.description === "string"
    ? `${what}: ${reason.description}`
    : what
  return AiError.make({
    module: origin.module,
    method: origin.method,
    reason: "description" in reason ? changed(reason, "description", said) : reason
  })
}
