/** A connection whose key is an access token: got when it is needed, and once more where it is refused. */
import * as Connection from "@llm-layers/core/Connection"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { errors } from "./errors.ts"
import type { Renewal } from "./renewal.ts"

/** One sending of a request. */
interface Attempt {
  readonly origin: ProviderError.Origin
  /** The token that the attempt before was refused with. */
  readonly refused: Redacted.Redacted | undefined
  used: Redacted.Redacted | undefined
}

/** What the connection's key is read for: it is asked for when all else of a request was found to be in order. */
const Attempt = Context.Reference<Attempt | undefined>("@llm-layers/stackspot/Attempt", {
  defaultValue: () => undefined
})

/** A connection to one of StackSpot's hosts. */
export const make = (
  options: Omit<Connection.Options, "apiKey">,
  baseUrl: string,
  renewal: Renewal
): Effect.Effect<Connection.Connection> => {
  const apiKey = Effect.flatMap(Attempt, (attempt) =>
    renewal.token(attempt?.refused).pipe(
      Effect.tap((token) =>
        Effect.sync(() => {
          if (attempt !== undefined) attempt.used = token
        })
      ),
      Effect.mapError((error) =>
        attempt === undefined ? error : ProviderError.during(attempt.origin, "No access token", error)
      )
    ))
  const keyHeaders = (token: string) => ({ authorization: `Bearer ${token}` })
  return Effect.map(Connection.make({ ...options, apiKey }, { errors, baseUrl, keyHeaders }), (plain) => ({
    baseUrl: plain.baseUrl,
    json: (request) => authorized(request, plain.json(request)),
    events: (request) => authorized(request, plain.events(request)),
    eventError: plain.eventError
  }))
}

const authorized = <A, R>(
  { origin }: Connection.Request,
  send: Effect.Effect<A, AiError.AiError, R>
): Effect.Effect<A, AiError.AiError, R> =>
  Effect.suspend(() => {
    const first: Attempt = { origin, refused: undefined, used: undefined }
    return Effect.catch(Effect.provideService(send, Attempt, first), (error) =>
      first.used === undefined || !isRefusal(error)
        ? Effect.fail(error)
        : Effect.provideService(send, Attempt, { origin, refused: first.used, used: undefined }))
  })

const isRefusal = ({ reason }: AiError.AiError): boolean =>
  reason._tag === "AuthenticationError" && reason.http?.response?.status === 401
