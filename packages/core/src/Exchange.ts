/**
 * One exchange with a vendor through `fetch`, as an Effect: a response as JSON or as the events of a stream, every
 * failure an `AiError`, the socket closed with the scope.
 *
 * The official SDKs build the request and stop there: the response is read here, whole, before anything is dropped.
 */
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Deadline from "./Deadline.ts"
import * as EventStream from "./EventStream.ts"
import { eventParser } from "./internal/eventParser.ts"
import * as ProviderError from "./ProviderError.ts"
import * as Redaction from "./Redaction.ts"
import * as RequestObserver from "./RequestObserver.ts"

/** What an exchange needs to know of its client. */
export interface Context {
  readonly origin: ProviderError.Origin
  readonly vendor: ProviderError.Vendor
  readonly url: string
  /** Default: `POST`. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | undefined
  /** The longest wait for the head of the answer, between two reads of a stream, and for a plain answer as a whole. */
  readonly timeout: Duration.Duration
  readonly maxEventBytes?: number | undefined
  /** What must not appear in an error. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
}

/** Sends the request and gives the response, whatever its status. */
export type Send = (signal: AbortSignal) => Promise<Response>

/** A plain answer. */
export interface JsonAnswer {
  readonly json: unknown
  readonly status: number
  /** Redacted. */
  readonly headers: { readonly [name: string]: string }
}

/**
 * Sends the request and reads the whole answer as JSON. An interruption ends the request and closes its socket.
 *
 * @example
 * ```ts
 * import * as Exchange from "@llm-layers/core/Exchange"
 * import { Duration, Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const context: Exchange.Context = {
 *   origin: { provider: "acme", module: "AcmeLanguageModel", method: "generateText" },
 *   vendor: { rows: [], decodeError: () => ({}) },
 *   url: "https://api.acme.example/v1/answers",
 *   timeout: Duration.minutes(1),
 *   secrets: []
 * }
 * // `fetch(context.url, { signal, … })` in a provider.
 * const answer = Exchange.json(context, async () => Response.json({ text: "Hi." }))
 * deepStrictEqual((await Effect.runPromise(answer)).json, { text: "Hi." })
 * ```
 */
export const json = (context: Context, send: Send): Effect.Effect<JsonAnswer, AiError.AiError> =>
  within(context, "the whole answer", send, async (response) => ({ response, body: await textOf(response) })).pipe(
    Effect.flatMap(({ body, response }) => {
      if (!response.ok) return failed(context, response, body)
      try {
        return Effect.succeed<JsonAnswer>({
          json: JSON.parse(body),
          status: response.status,
          // Read by few callers, and dear: it goes over every header.
          get headers() {
            return Redaction.headers(response.headers, context.secrets)
          }
        })
      } catch {
        return Effect.fail(notJson(context, response, body))
      }
    })
  )

/** Sends the request and reads the whole answer, whatever it is: for storage that answers an upload with XML or nothing. */
export const text = (context: Context, send: Send): Effect.Effect<string, AiError.AiError> =>
  within(context, "the whole answer", send, async (response) => ({ response, body: await textOf(response) })).pipe(
    Effect.flatMap(({ body, response }) => response.ok ? Effect.succeed(body) : failed(context, response, body))
  )

/** The events of a streamed answer, with the head they came under. */
export interface EventsAnswer {
  readonly events: Stream.Stream<EventStream.JsonEvent, AiError.AiError>
  /** Redacted. */
  readonly headers: { readonly [name: string]: string }
}

/**
 * Sends the request and gives the events as they come. The request is sent when the effect runs; the socket closes
 * with the scope.
 */
export const events = (
  context: Context,
  send: Send
): Effect.Effect<EventsAnswer, AiError.AiError, Scope.Scope> =>
  Effect.map(Effect.andThen(eventParser, open(context, send)), (response) => ({
    get headers() {
      return Redaction.headers(response.headers, context.secrets)
    },
    events: response.body === null
      ? Stream.empty
      : EventStream.decode(response.body, {
        maxEventBytes: context.maxEventBytes,
        idleTimeout: context.timeout
      }).pipe(Stream.mapError((failure) => fromStreamFailure(context, failure)))
  }))

/**
 * The error for an error event inside a stream, or inside an answer with a good status.
 */
export const eventError = (
  context: Context,
  now: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {}
): AiError.AiError =>
  ProviderError.fromFailure(
    context.origin,
    context.vendor,
    { status: undefined, headers, body: JSON.stringify(body), method: context.method ?? "POST", url: context.url },
    now,
    context.secrets
  )

/** Made once: an abort without a reason makes an exception with a stack each time, also after a body was read whole. */
const closed = new Error("the scope of the exchange was closed")

const open = (context: Context, send: Send): Effect.Effect<Response, AiError.AiError, Scope.Scope> =>
  Effect.flatMap(
    Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (controller) => Effect.sync(() => controller.abort(closed))
    ),
    (controller) =>
      within(
        context,
        "the head of the answer",
        send,
        async (response) => ({ response, body: response.ok ? undefined : await textOf(response) }),
        controller
      )
  ).pipe(
    Effect.flatMap(({ body, response }) =>
      body === undefined ? Effect.succeed(response) : failed(context, response, body)
    )
  )

/** The body; of an error status without one, where the connection broke: the status says enough. */
const textOf = (response: Response): Promise<string> => response.ok ? response.text() : response.text().catch(() => "")

const failed = (context: Context, response: Response, body: string): Effect.Effect<never, AiError.AiError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.fail(ProviderError.fromFailure(
      context.origin,
      context.vendor,
      {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body,
        method: context.method ?? "POST",
        url: context.url
      },
      now,
      context.secrets
    )))

const chain = (thrown: unknown): ReadonlyArray<unknown> => {
  const out: Array<unknown> = []
  for (let one = thrown; one !== undefined && out.length < 8; one = one instanceof Error ? one.cause : undefined) {
    out.push(one)
  }
  return out
}

/** Codes of Node and undici for a connection that was not made, was lost or was silent. */
const timeoutCodes = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT"
])

/** Codes for a connection that was never made. */
const unreachedCodes = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  // What Node calls certificates that it does not trust: nothing is sent to who has one.
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
])

const observed = <A>(
  observers: ReadonlyArray<RequestObserver.RequestObserver>,
  send: Send,
  read: (response: Response) => Promise<A>
) =>
async (signal: AbortSignal): Promise<A> => {
  for (const observer of observers) observer.onSend?.()
  const response = await send(signal).catch((thrown: unknown) => {
    if (codesOf(chain(thrown)).some((code) => unreachedCodes.has(code))) {
      for (const observer of observers) observer.onUnreached?.()
    }
    throw thrown
  })
  for (const observer of observers) observer.onHead?.(response.status, response.headers)
  return read(response)
}

const codesOf = (errors: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  errors.flatMap((error) =>
    error instanceof Error && "code" in error && typeof error.code === "string" ? [error.code] : []
  )

const fromError = (context: Context, thrown: unknown): AiError.AiError => {
  const errors = chain(thrown)
  const codes = codesOf(errors)
  const cause = Redaction.cause(thrown, context.secrets)
  const words = [...new Set(errors.map((error) => error instanceof Error ? error.message : String(error)))]
  const description = Redaction.text(
    `${words.join(": ")}${codes[0] === undefined ? "" : ` (${codes[0]})`}`,
    context.secrets
  )
  const detail = { description, cause, method: context.method, url: context.url }
  if (codes.some((code) => timeoutCodes.has(code))) {
    return ProviderError.make(context.origin, "TimedOut", { ...detail, facts: { timeout: "connection" } })
  }
  const network = codes.length > 0 || errors.some((error) => error instanceof TypeError)
  return ProviderError.make(context.origin, network ? "ConnectionFailed" : "Unknown", detail)
}

const notJson = (context: Context, response: Response, body: string): AiError.AiError => {
  const text = body.trim()
  const what = text === ""
    ? "The answer is empty"
    : text.startsWith("<")
    ? "The answer is a page, not JSON"
    : "The answer is not JSON, or was cut short"
  const headers = Redaction.headers(response.headers, context.secrets)
  return ProviderError.make(context.origin, "InvalidResponse", {
    description: `${what} (status ${response.status}, ${body.length} characters)`,
    http: {
      response: { status: response.status, headers },
      body: Redaction.text(body, context.secrets).slice(0, 2_000)
    }
  })
}

const fromStreamFailure = (context: Context, failure: EventStream.Failure): AiError.AiError => {
  switch (failure._tag) {
    case "EventTooLarge":
      return ProviderError.make(context.origin, "EventTooLarge", {
        description: `An event of the stream is larger than ${failure.limit} bytes`,
        facts: { limit: failure.limit }
      })
    case "NotJson": {
      const what = failure.data.trimStart().startsWith("<")
        ? "The answer is a page, not a stream"
        : "An event of the stream is not JSON"
      return ProviderError.make(context.origin, "InvalidResponse", {
        description: `${what}: ${Redaction.text(failure.data, context.secrets).slice(0, 200)}`
      })
    }
    case "Idle":
      return timedOut(context, "the next part of the stream")
    case "ConnectionLost":
      return fromError(context, failure.cause)
  }
}

const timedOut = (context: Context, waitedFor: string): AiError.AiError =>
  ProviderError.make(context.origin, "TimedOut", {
    description: `Waited ${Duration.format(context.timeout)} for ${waitedFor}`,
    facts: { waitedFor, timeoutMillis: Duration.toMillis(context.timeout) },
    url: context.url
  })

/** A request and the reading of its answer, under the time limit of the client. An interruption or the limit ends both. */
const within = <A>(
  context: Context,
  waitedFor: string,
  send: Send,
  read: (response: Response) => Promise<A>,
  controller: AbortController = new AbortController()
): Effect.Effect<A, AiError.AiError> =>
  Effect.withFiber((fiber) =>
    Effect.callback((resume) => {
      const observers = RequestObserver.ofFiber(fiber)
      const run = observers.length === 0
        ? async (signal: AbortSignal) => read(await send(signal))
        : observed(observers, send, read)
      const cancel = Deadline.after(fiber.context, Duration.toMillis(context.timeout), () => {
        resume(Effect.fail(timedOut(context, waitedFor)))
        controller.abort(closed)
      })
      run(controller.signal).then(
        (value) => {
          cancel()
          resume(Effect.succeed(value))
        },
        (thrown: unknown) => {
          cancel()
          resume(Effect.fail(fromError(context, thrown)))
        }
      )
      return Effect.sync(() => {
        cancel()
        controller.abort(closed)
      })
    })
  )
