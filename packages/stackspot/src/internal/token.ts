/** Client credentials → access token. */
import * as Connection from "@llm-layers/core/Connection"
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { decodeError } from "./errors.ts"
import type { Held } from "./renewal.ts"

/** Who asks, and where. */
export interface Credentials {
  readonly realm: string
  readonly clientId: string
  readonly clientKey: Connection.Key
  /** How the token endpoint is reached. */
  readonly connection: Omit<Connection.Options, "apiKey">
}

/** Where the tokens come from. Source: ai.stackspot.com/docs, Agents API, "Get the access token". */
export const defaultIdmUrl = "https://idm.stackspot.com"

/** A token lasts 20 minutes by what clients of the API saw; used where an answer does not say. */
const lifetime = 20 * 60

/** Seconds before its end at which a token is not used any more, or a quarter of its time where that is less. */
const margin = 60

/** Errors of a token endpoint. Source: RFC 6749, section 5.2. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["invalid_client", "unauthorized_client", "invalid_grant"], "AuthenticationFailed", {
    authentication: "InvalidKey"
  })
]

const errors: ProviderError.Vendor = {
  rows,
  decodeError: (body) => {
    const { error, error_description: description } = Json.record(body)
    const message = Json.string(description)
    return typeof error !== "string"
      ? decodeError(body)
      : { code: error, ...(message === undefined ? undefined : { message }) }
  }
}

/** Every caller shares the request: each puts its own name on the failure. */
const origin: ProviderError.Origin = { provider: "stackspot", module: "StackSpotClient", method: "make" }

/** Asks for a token. The client key is in the body of this request and of no other. */
export const ask = (credentials: Credentials): Effect.Effect<Held, AiError.AiError> =>
  Effect.gen(function*() {
    const key = yield* Connection.readKey(credentials.clientKey, origin)
    const plain = Redacted.value(key).trim()
    const idm = yield* Connection.make(
      { ...credentials.connection, apiKey: key },
      { errors, baseUrl: defaultIdmUrl, keyHeaders: () => ({}) }
    )
    const { json } = yield* idm.json({
      origin,
      path: `/${encodeURIComponent(credentials.realm)}/oidc/oauth/token`,
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: credentials.clientId,
        client_secret: plain
      }),
      // As the body has it.
      secrets: [Redacted.make(encodeURIComponent(plain))]
    })
    return yield* decodeToken(json, yield* Clock.currentTimeMillis)
  })

const decodeToken = (json: unknown, now: number): Effect.Effect<Held, AiError.AiError> => {
  const answer = Json.record(json)
  const token = Json.string(answer["access_token"])?.trim() ?? ""
  if (token === "") {
    return Effect.fail(ProviderError.make(origin, "InvalidResponse", { description: "The answer has no token in it" }))
  }
  const seconds = Usage.toCount(answer["expires_in"]) ?? lifetime
  const expiresAt = now + seconds * 1000
  return Effect.succeed({
    token: Redacted.make(token),
    expiresAt,
    renewAt: expiresAt - Math.min(margin, seconds / 4) * 1000
  })
}
