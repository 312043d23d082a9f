/**
 * The connection to StackSpot AI: an access token for client credentials, and the hosts that take it. StackSpot has no
 * package for JavaScript; requests are made here.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Authorized from "./internal/authorized.ts"
import * as Renewal from "./internal/renewal.ts"
import * as Token from "./internal/token.ts"

/** What the client takes. Credentials: a personal access token or a service credential of StackSpot's portal. */
export interface Options extends Omit<Connection.Options, "apiKey"> {
  /** `stackspot-freemium` for free accounts, else the slug of the account. */
  readonly realm: string
  readonly clientId: string
  /** The client key, or an effect that reads it each time an access token is asked for. */
  readonly clientKey: Connection.Key
  /** Where agents are. Default: {@link defaultBaseUrl}. */
  readonly baseUrl?: string | URL | undefined
  /** Where access tokens come from. Default: {@link defaultIdmUrl}. */
  readonly idmUrl?: string | URL | undefined
  /** Where quick commands are run. Default: {@link defaultQuickCommandUrl}. */
  readonly quickCommandUrl?: string | URL | undefined
  /** Where files are uploaded. Default: {@link defaultFileUrl}. */
  readonly fileUrl?: string | URL | undefined
  /** The longest wait for an access token. Default: 30 seconds, or `timeout` where that is less. */
  readonly tokenTimeout?: Duration.Input | undefined
}

/** A connection to the host of agents, with those to the others. All share one access token. */
export interface StackSpotConnection extends Connection.Connection {
  readonly quickCommands: Connection.Connection
  readonly files: Connection.Connection
  /** What else requests to other addresses are made with: those that an upload is sent to. */
  readonly fetch: typeof globalThis.fetch
  readonly timeout: Duration.Duration
}

/**
 * The connection to StackSpot. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 *
 * The access token lives as long as the Layer. It is asked for with the first request, again a minute before it ends, and
 * once where a host answers 401; calls at the same time share one request for it.
 */
export class StackSpotClient extends Context.Service<StackSpotClient, StackSpotConnection>()(
  "@llm-layers/stackspot/StackSpotClient"
) {}

/** The host of agents. Source: ai.stackspot.com/docs, Agents API. */
export const defaultBaseUrl = "https://genai-inference-app.stackspot.com"

/** The host of access tokens. Source: ai.stackspot.com/docs, Agents API. */
export const defaultIdmUrl = Token.defaultIdmUrl

/** The host of Remote Quick Commands. Source: ai.stackspot.com/docs, Remote Quick Commands. */
export const defaultQuickCommandUrl = "https://genai-code-buddy-api.stackspot.com"

/** The host of uploads. Source: ai.stackspot.com/docs, Agents API, "Upload files". */
export const defaultFileUrl = "https://data-integration-api.stackspot.com"

const defaultTokenTimeout = Duration.seconds(30)

const defaultTimeout = Duration.minutes(10)

/** A client. Its access token is dropped with the scope. */
export const make = (options: Options): Effect.Effect<StackSpotConnection, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { baseUrl, clientId, clientKey, fileUrl, idmUrl, quickCommandUrl, realm, tokenTimeout, ...shared } = options
    const timeout = options.timeout === undefined
      ? undefined
      : Option.getOrUndefined(Duration.fromInput(options.timeout))
    const tokens = yield* Renewal.make(Token.ask({
      realm,
      clientId,
      clientKey,
      connection: {
        ...shared,
        baseUrl: idmUrl,
        timeout: tokenTimeout ??
          (timeout === undefined ? defaultTokenTimeout : Duration.min(timeout, defaultTokenTimeout))
      }
    }))
    const connect = (url: string | URL | undefined, standard: string) =>
      Authorized.make({ ...shared, baseUrl: url }, standard, tokens)
    const agents = yield* connect(baseUrl, defaultBaseUrl)
    return {
      ...agents,
      quickCommands: yield* connect(quickCommandUrl, defaultQuickCommandUrl),
      files: yield* connect(fileUrl, defaultFileUrl),
      fetch: Connection.fetchOf(options),
      timeout: timeout ?? defaultTimeout
    }
  })

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as StackSpotClient from "@llm-layers/stackspot/StackSpotClient"
 * import { Redacted } from "effect"
 *
 * export const client = StackSpotClient.layer({
 *   realm: "stackspot-freemium",
 *   clientId: "my-client-id",
 *   clientKey: Redacted.make("my-client-key")
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<StackSpotClient> => Layer.effect(StackSpotClient, make(options))

/** Options that can be texts or `Config`s. */
type Texts = "realm" | "clientId" | "idmUrl" | "quickCommandUrl" | "fileUrl"

/** What {@link layerConfig} takes: options that are no secret as they are or as a `Config`, the key as a `Config`. */
export interface ConfigOptions
  extends Omit<Options, "baseUrl" | "clientKey" | Texts>, Omit<ClientConfig.Options<Texts>, "apiKey">
{
  readonly clientKey?: Config.Config<Redacted.Redacted> | undefined
}

/**
 * A client as a Layer, from the environment: `STACKSPOT_REALM`, `STACKSPOT_CLIENT_ID`, `STACKSPOT_CLIENT_KEY` (or
 * `STACKSPOT_CLIENT_SECRET`), and where set `STACKSPOT_BASE_URL`, `STACKSPOT_IDM_URL`, `STACKSPOT_QUICK_COMMAND_URL`,
 * `STACKSPOT_FILE_URL`, or the `Config`s given. Fails with a `ConfigError` that names the variable where one of the first
 * three is missing or empty, or a `Config` given is.
 *
 * @example
 * ```ts
 * import * as StackSpotClient from "@llm-layers/stackspot/StackSpotClient"
 *
 * export const client = StackSpotClient.layerConfig()
 * export const ofTeam = StackSpotClient.layerConfig({ realm: "acme", prefix: "TEAM_" })
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<StackSpotClient, Config.ConfigError> =>
  Layer.effect(
    StackSpotClient,
    Effect.gen(function*() {
      const { apiKey, ...loaded } = yield* ClientConfig.load({ ...options, apiKey: options.clientKey }, {
        // The names that public clients use; the vendor's documentation has none.
        apiKey: ["STACKSPOT_CLIENT_KEY", "STACKSPOT_CLIENT_SECRET"],
        baseUrl: "STACKSPOT_BASE_URL",
        needed: { realm: "STACKSPOT_REALM", clientId: "STACKSPOT_CLIENT_ID" },
        others: {
          idmUrl: "STACKSPOT_IDM_URL",
          quickCommandUrl: "STACKSPOT_QUICK_COMMAND_URL",
          fileUrl: "STACKSPOT_FILE_URL"
        }
      })
      return yield* make({ ...options, ...loaded, clientKey: apiKey })
    })
  )
