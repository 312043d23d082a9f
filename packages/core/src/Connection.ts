/**
 * A provider's connection: where to send requests, with which key and headers. An official SDK builds them where there is
 * a good one. The clients of the providers are thin faces of it.
 */
import * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Exchange from "./Exchange.ts"
import { unlimited } from "./internal/dispatcher.ts"
import * as Sendable from "./internal/sendable.ts"
import * as ProviderError from "./ProviderError.ts"
import * as Redaction from "./Redaction.ts"
import * as RequestObserver from "./RequestObserver.ts"

/** An API key, or an effect that is run for each request: for keys that rotate. Its failure is an authentication error. */
export type Key = Redacted.Redacted | Effect.Effect<Redacted.Redacted, unknown>

/** What every client takes. */
export interface Options {
  /** The key, or an effect that reads it for each request. */
  readonly apiKey: Key
  /** Where to send requests: http or https, without query, user name or password. Default: the vendor's address. */
  readonly baseUrl?: string | URL | undefined
  /** Sent with each request; they win over the SDK's own. Values that are `Redacted` never appear in an error. */
  readonly headers?: { readonly [name: string]: string | Redacted.Redacted } | undefined
  /**
   * The longest wait for a plain answer as a whole; for a stream, the longest silence before its head and between two
   * reads. Default: 10 minutes.
   */
  readonly timeout?: Duration.Input | undefined
  /** The largest event a stream may have. Default: 10 MiB. */
  readonly maxEventBytes?: number | undefined
  /** Default: the global `fetch`, in Node without its limit of 300 seconds where the program installed no dispatcher. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** How requests are sent; `origin` is who errors name. */
export interface Connection {
  /** Without query, user name and password, which requests refuse. */
  readonly baseUrl: string
  /** Sends a body and reads the whole answer. */
  readonly json: (request: Request) => Effect.Effect<Exchange.JsonAnswer, AiError.AiError>
  /** Sends a body and gives the events of the streamed answer; the socket closes with the scope. */
  readonly events: (request: Request) => Effect.Effect<Exchange.EventsAnswer, AiError.AiError, Scope.Scope>
  /** The error for an error event inside a stream or inside an answer with a good status. */
  readonly eventError: (
    request: Pick<Request, "origin" | "path" | "secrets">,
    now: number,
    body: unknown
  ) => AiError.AiError
}

/** One request. */
export interface Request {
  readonly origin: ProviderError.Origin
  /** Below the base URL, with a leading slash. */
  readonly path: string
  /** Default: `POST`. An SDK is told of it. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | undefined
  /** JSON; forms (`URLSearchParams`, `FormData`) are sent as such. Default: none. */
  readonly body?: object | undefined
  /** For this request alone. */
  readonly headers?: { readonly [name: string]: string } | undefined
  /** What must not appear in an error, beside key and headers: tokens in the body. */
  readonly secrets?: ReadonlyArray<Redacted.Redacted> | undefined
}

/**
 * The part of an SDK that is used: address, method and headers of a JSON request to a path, which is not sent. The second
 * argument is the method the request asks for, of a request without one `POST`.
 */
export type Head = (path: string, method: "GET" | "POST" | "PUT" | "DELETE") => Promise<{
  readonly url: string
  readonly method: string
  readonly headers: Headers
}>

/** What a client passes to its SDK. */
export interface Setup {
  readonly baseUrl: string
  /** In place of a key: the real one is a header of each request and is never held by the SDK. */
  readonly placeholderKey: string
  /** Milliseconds; the SDKs say it to the server. */
  readonly timeout: number
}

/** What a request to a path is sent as, less the key. */
interface Init {
  readonly method: string
  readonly headers: { readonly [name: string]: string }
}

const defaultTimeout = Duration.minutes(10)

/**
 * A connection. `sdk` loads the vendor's package; it runs once, when the connection is made. Without it, requests are made
 * here: the path after the base URL, JSON.
 *
 * Options that cannot be used (a base URL that is none, a header with a line break, no time) fail each request with
 * `Unsupported` and the option's name, before anything is sent.
 *
 * @example
 * ```ts
 * import * as Connection from "@llm-layers/core/Connection"
 * import { Redacted } from "effect"
 *
 * export const connection = Connection.make({ apiKey: Redacted.make("secret"), timeout: "1 minute" }, {
 *   errors: { rows: [], decodeError: () => ({}) },
 *   baseUrl: "https://api.acme.example/v1",
 *   keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
 *   // A vendor's SDK, which gives the address and the headers of a request.
 *   sdk: async ({ baseUrl }) => async (path) => ({
 *     url: `${baseUrl}${path}`,
 *     method: "POST",
 *     headers: new Headers({ "content-type": "application/json" })
 *   })
 * })
 * ```
 */
export const make = (options: Options, vendor: {
  readonly errors: ProviderError.Vendor
  readonly baseUrl: string
  /** The headers a key travels in: `authorization` with `Bearer` for most. */
  readonly keyHeaders: (key: string) => { readonly [name: string]: string }
  readonly sdk?: ((setup: Setup) => Promise<Head>) | undefined
}): Effect.Effect<Connection> =>
  Effect.gen(function*() {
    const address = String(options.baseUrl ?? vendor.baseUrl).trim().replace(/\/+$/, "")
    const baseUrl = Sendable.shownBaseUrl(address)
    const givenTimeout = options.timeout === undefined
      ? defaultTimeout
      : Option.getOrUndefined(Duration.fromInput(options.timeout))
    const timeout = givenTimeout ?? defaultTimeout
    const given = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
    const headers = Object.fromEntries(
      given.map(([name, value]) => [name, Redacted.isRedacted(value) ? Redacted.value(value) : value])
    )
    // An error event is made into an error after its request: the keys of late are known here.
    let recentKeys: ReadonlyArray<Redacted.Redacted> = []
    const remember = (key: Redacted.Redacted): void => {
      if (recentKeys[0] !== key) recentKeys = [key, ...recentKeys.filter((one) => !Equal.equals(one, key))].slice(0, 16)
    }
    const headerSecrets = given.flatMap(([, value]) => Redacted.isRedacted(value) ? [value] : [])
    const problem = Sendable.problemOf({ baseUrl: address, headers, timeout: givenTimeout })
    const { sdk } = vendor
    const head: Head | undefined = problem === undefined && sdk !== undefined
      ? yield* Effect.promise(() =>
        sdk({ baseUrl, placeholderKey: "unused", timeout: Math.max(1, Math.round(Duration.toMillis(timeout))) })
      )
      : undefined
    const fetch = fetchOf(options)

    const contextOf = (
      request: Pick<Request, "origin" | "path" | "method">,
      secrets: ReadonlyArray<Redacted.Redacted>
    ): Exchange.Context => ({
      origin: request.origin,
      method: request.method,
      vendor: vendor.errors,
      // Looked at by errors alone.
      get url() {
        return Redaction.text(`${baseUrl}${request.path}`, secrets)
      },
      timeout,
      maxEventBytes: options.maxEventBytes,
      secrets
    })

    // What the SDK says of a path is the same for every request to it.
    const heads = new Map<string, Promise<{ readonly url: string; readonly init: Init }>>()
    const headOf = (head: Head, { method = "POST", path }: Request) => {
      const of = method === "POST" ? path : `${method} ${path}`
      const known = heads.get(of)
      if (known !== undefined) return known
      const made = head(path, method).then(({ headers, method, url }) => ({
        url,
        init: { method, headers: Object.fromEntries(headers) }
      }))
      heads.set(of, made)
      made.catch(() => heads.delete(of))
      return made
    }

    const send = (request: Request, key: string): Exchange.Send => async (signal) => {
      const { init, url } = head === undefined ? ownHead(baseUrl, request) : await headOf(head, request)
      return fetch(url, {
        ...init,
        headers: { ...init.headers, ...vendor.keyHeaders(key), ...headers, ...request.headers },
        ...(request.body === undefined
          ? undefined
          : { body: isForm(request.body) ? request.body : JSON.stringify(request.body) }),
        signal
      })
    }

    const withKey = <A, R>(
      request: Request,
      use: (context: Exchange.Context, send: Exchange.Send) => Effect.Effect<A, AiError.AiError, R>
    ): Effect.Effect<A, AiError.AiError, R> => {
      const wrong = problem ?? (request.headers && Sendable.ofHeaders(request.headers))
      if (wrong !== undefined) return Effect.fail(ProviderError.make(request.origin, "Unsupported", wrong))
      const prepared = Effect.withFiber((fiber) => {
        for (const observer of RequestObserver.ofFiber(fiber)) observer.onPrepare?.()
        return readKey(options.apiKey, request.origin)
      })
      return Effect.flatMap(prepared, (key) => {
        const plain = Redacted.value(key)
        if (!Sendable.isHeaderValue(plain)) return Effect.fail(unusable(request.origin))
        remember(key)
        return use(contextOf(request, [key, ...headerSecrets, ...request.secrets ?? []]), send(request, plain))
      })
    }

    return {
      baseUrl,
      json: (request) => withKey(request, Exchange.json),
      events: (request) => withKey(request, Exchange.events),
      eventError: (request, now, body) =>
        Exchange.eventError(contextOf(request, [...recentKeys, ...headerSecrets, ...request.secrets ?? []]), now, body)
    }
  })

/**
 * The `fetch` of a client: the one it was given, or the global one. In Node that gives up after 300 seconds without a
 * head or between two reads; here it does not, unless the program installed a dispatcher, which then rules.
 */
export const fetchOf = (options: Pick<Options, "fetch">): typeof globalThis.fetch => {
  if (options.fetch !== undefined) return options.fetch
  const { fetch } = globalThis
  return (input, init) => {
    const dispatcher = unlimited()
    return fetch(input, dispatcher === undefined ? init : { ...init, dispatcher })
  }
}

const ownHead = (baseUrl: string, { body, method = "POST", path }: Request) => ({
  url: `${baseUrl}${path}`,
  // `fetch` names the type of a form, with the boundary of its parts.
  init: { method, headers: body === undefined || isForm(body) ? {} : { "content-type": "application/json" } }
})

const isForm = (body: object): body is URLSearchParams | FormData =>
  body instanceof URLSearchParams || body instanceof FormData

/** The key of one request. A failure of the effect that reads it is an authentication error. */
export const readKey = (key: Key, origin: ProviderError.Origin): Effect.Effect<Redacted.Redacted, AiError.AiError> =>
  Redacted.isRedacted(key)
    ? Effect.succeed(key)
    : Effect.mapError(
      key,
      (thrown) =>
        AiError.isAiError(thrown) ? thrown : ProviderError.make(origin, "AuthenticationFailed", {
          authentication: "MissingKey",
          description: "The effect that reads the key failed",
          cause: Redaction.cause(thrown)
        })
    )

const unusable = (origin: ProviderError.Origin): AiError.AiError =>
  ProviderError.make(origin, "AuthenticationFailed", {
    authentication: "InvalidKey",
    description: "The key has characters that no header can hold, such as a line break in the middle"
  })
