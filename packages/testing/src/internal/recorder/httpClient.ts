/** An `HttpClient` over a session. */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { UnexpectedRequest } from "./replay.ts"
import type { Session } from "./session.ts"

/** The client's requests go through the session; how they are made stays the client's own. */
export const transform = (session: Session, client: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.makeWith(Effect.flatMap((request) => exchange(session, client, request)), client.preprocess)

const exchange = (
  session: Session,
  client: HttpClient.HttpClient,
  given: HttpClientRequest.HttpClientRequest
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> =>
  Effect.gen(function*() {
    const request = yield* withReadableBody(given)
    const send = client.postprocess(Effect.succeed(request))
    const url = Option.getOrUndefined(HttpClientRequest.toUrl(request))
    // Fails, and says why.
    if (url === undefined) return yield* send
    const context = yield* Effect.context<never>()
    const response = yield* Effect.tryPromise({
      try: async (signal) => {
        const body = new Response(bodyOf(request))
        const type = body.headers.get("content-type")
        return session.exchange(
          {
            method: request.method,
            url,
            headers: { ...(type === null ? undefined : { "content-type": type }), ...request.headers },
            body: new Uint8Array(await body.arrayBuffer())
          },
          () => Effect.runPromiseWith(context)(Effect.mapError(Effect.flatMap(send, toWeb), causeOf), { signal }),
          signal
        )
      },
      catch: (thrown) => fromThrown(request, thrown)
    })
    return HttpClientResponse.fromWeb(request, response)
  })

const withReadableBody = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<HttpClientRequest.HttpClientRequest, HttpClientError.HttpClientError> => {
  const { body } = request
  if (body._tag !== "Stream") return Effect.succeed(request)
  return Stream.mkArrayBuffer(body.stream).pipe(
    Effect.mapError((cause) =>
      new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, cause }) })
    ),
    Effect.map((bytes) =>
      HttpClientRequest.setBody(request, HttpBody.uint8Array(new Uint8Array(bytes), body.contentType))
    )
  )
}

type WebBody = ConstructorParameters<typeof Response>[0]

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): WebBody => {
  switch (body._tag) {
    case "FormData":
      return body.formData
    case "Raw":
    case "Uint8Array":
      // What a client can send as it is, `fetch` can, too: the type of a raw body is `unknown`.
      return body.body as WebBody
    default:
      return null
  }
}

/** `fetch` undoes a compression; other clients hand it on, and nobody could look for credentials in it. */
const toWeb = (
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<Response, HttpClientError.HttpClientError> =>
  Option.match(HttpClientResponse.toWeb(response), {
    onSome: Effect.succeed,
    onNone: () => {
      const { headers, request, status, stream } = response
      if ((headers["content-encoding"] ?? "identity") !== "identity") {
        const description = "The answer is compressed, and cannot be recorded without its credentials. "
          + "Ask for `accept-encoding: identity`, or record through FetchHttpClient"
        return Effect.fail(
          new HttpClientError.HttpClientError({
            reason: new HttpClientError.DecodeError({ request, response, description })
          })
        )
      }
      return Effect.map(
        Stream.toReadableStreamEffect(Stream.mapError(stream, causeOf)),
        (body) => new Response(body, { status, headers: Object.entries(headers) })
      )
    }
  })

/** What broke. The error around it is made again from that, here and in a replay. */
const causeOf = (error: HttpClientError.HttpClientError): unknown => error.cause ?? error

const fromThrown = (
  request: HttpClientRequest.HttpClientRequest,
  cause: unknown
): HttpClientError.HttpClientError => {
  if (HttpClientError.isHttpClientError(cause)) return cause
  return new HttpClientError.HttpClientError({
    // Not `TransportError`, after which a client may try again.
    reason: cause instanceof UnexpectedRequest
      ? new HttpClientError.EncodeError({ request, cause, description: cause.message })
      : new HttpClientError.TransportError({ request, cause })
  })
}
