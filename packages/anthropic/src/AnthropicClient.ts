/**
 * The connection to Anthropic's API, through the official `@anthropic-ai/sdk` package.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import * as Environment from "@llm-layers/core/Environment"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { errors } from "./internal/errors.ts"

/** What the client takes. */
export interface Options extends Connection.Options {
  /**
   * The `anthropic-version` header. Default: `2026-10-21`, under which no model takes `temperature`, `topP` or `topK`.
   * Under `2023-06-01` models up to Claude 4.6 do. Source: platform.claude.com/docs/en/api/migration-2026-10-21.
   */
  readonly apiVersion?: string | undefined
}

/** A connection that says which version of the API it speaks. */
export interface AnthropicConnection extends Connection.Connection {
  /** The `anthropic-version` header of its requests. What models accept depends on it. */
  readonly apiVersion: string
  /** The values of an `anthropic-beta` header among the client's own headers. Requests add theirs to them. */
  readonly betas: ReadonlyArray<string>
}

/**
 * The connection to Anthropic. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 */
export class AnthropicClient extends Context.Service<AnthropicClient, AnthropicConnection>()(
  "@llm-layers/anthropic/AnthropicClient"
) {}

/** Where Anthropic's API is. */
export const defaultBaseUrl = "https://api.anthropic.com"

/** The version of the API that `@anthropic-ai/sdk` 1 speaks. */
export const defaultApiVersion = "2026-10-21"

/**
 * A client. The package is loaded when the client is made, so that importing the provider stays cheap; it builds
 * requests and sends none.
 */
export const make = (options: Options): Effect.Effect<AnthropicConnection> => {
  const apiVersion = headerOf(options, "anthropic-version") ?? options.apiVersion ?? defaultApiVersion
  const betas = (headerOf(options, "anthropic-beta") ?? "").split(",").map((one) => one.trim()).filter((one) =>
    one !== ""
  )
  return Effect.map(connect(options, apiVersion), (connection) => ({ ...connection, apiVersion, betas }))
}

/** A header of the client's own, however its name is written. */
const headerOf = (options: Options, name: string): string | undefined => {
  const found = Object.entries(options.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
  return found === undefined || typeof found === "string" ? found : Redacted.value(found)
}

const connect = (options: Options, apiVersion: string): Effect.Effect<Connection.Connection> =>
  Connection.make({
    ...options,
    headers: { "anthropic-version": apiVersion, ...options.headers }
  }, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    sdk: async (setup) => {
      const { Anthropic } = await import("@anthropic-ai/sdk/client")
      const sdk = Environment.without("ANTHROPIC_CUSTOM_HEADERS", () =>
        new Anthropic({
          apiKey: setup.placeholderKey,
          baseURL: setup.baseUrl,
          timeout: setup.timeout,
          logLevel: "off",
          openTelemetry: false,
          // Read from the environment by the package where they are left out.
          authToken: null,
          profile: null,
          webhookKey: null
        }))
      return async (path, method) => {
        const { req, url } = await sdk.buildRequest(
          method === "POST" ? { method: "post", path, body: {} } : { method: sdkMethods[method], path }
        )
        return { url, method, headers: req.headers }
      }
    }
  })

/** As the package writes them. */
const sdkMethods = { GET: "get", PUT: "put", DELETE: "delete" } as const

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 * import { Redacted } from "effect"
 *
 * export const client = AnthropicClient.layer({ apiKey: Redacted.make("sk-ant-…"), timeout: "2 minutes" })
 * ```
 */
export const layer = (options: Options): Layer.Layer<AnthropicClient> => Layer.effect(AnthropicClient, make(options))

/** What {@link layerConfig} takes: options that are no secret as they are, the rest as a `Config`. */
export interface ConfigOptions extends Omit<Options, "apiKey" | "baseUrl">, ClientConfig.Options {}

/**
 * A client as a Layer, from the environment: `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`, or the `Config`s given. Fails
 * with a `ConfigError` that names the variable where the key is missing or empty, or a `Config` given is.
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 *
 * export const client = AnthropicClient.layerConfig()
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<AnthropicClient, Config.ConfigError> =>
  Layer.effect(
    AnthropicClient,
    Effect.gen(function*() {
      const loaded = yield* ClientConfig.load(
        options,
        { apiKey: "ANTHROPIC_API_KEY", baseUrl: "ANTHROPIC_BASE_URL", others: {} }
      )
      return yield* make({ ...options, ...loaded })
    })
  )
