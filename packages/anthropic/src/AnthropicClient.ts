/**
 * The connection to Anthropic's API, through the official `@anthropic-ai/sdk` package.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { errors } from "./internal/errors.ts"

/** What the client takes. */
export interface Options extends Connection.Options {
  /**
   * The `anthropic-version` header. Default: that of the SDK, `2026-10-21`. Under `2023-06-01` models up to Claude 4.6
   * accept sampling settings.
   */
  readonly apiVersion?: string | undefined
}

/**
 * The connection to Anthropic. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 */
export class AnthropicClient extends Context.Service<AnthropicClient, Connection.Connection>()(
  "@llm-layers/anthropic/AnthropicClient"
) {}

/** Where Anthropic's API is. */
export const defaultBaseUrl = "https://api.anthropic.com"

/**
 * A client. The package is loaded when the client is made, so that importing the provider stays cheap; its retries and
 * its own tracing are off.
 */
export const make = (options: Options): Effect.Effect<Connection.Connection> =>
  Connection.make({
    ...options,
    headers: {
      ...(options.apiVersion === undefined ? undefined : { "anthropic-version": options.apiVersion }),
      ...options.headers
    }
  }, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    sdk: async (setup) => {
      const { Anthropic } = await import("@anthropic-ai/sdk/client")
      const sdk = new Anthropic({
        apiKey: setup.placeholderKey,
        baseURL: setup.baseUrl,
        fetch: setup.fetch,
        timeout: setup.timeout,
        maxRetries: 0,
        logLevel: "off",
        openTelemetry: false,
        // Read from the environment by the package where they are left out.
        authToken: null,
        profile: null
      })
      return (path, request) => sdk.post(path, { ...request, headers: { ...request.headers } }).asResponse()
    }
  })

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
 * with a `ConfigError` that names the variable where the key is missing or empty.
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
      const { apiKey, baseUrl, ...rest } = options
      const loaded = yield* ClientConfig.load(
        { apiKey, baseUrl },
        { apiKey: "ANTHROPIC_API_KEY", baseUrl: "ANTHROPIC_BASE_URL" }
      )
      return yield* make({ ...rest, ...loaded })
    })
  )
