/**
 * A connection to a server that speaks OpenAI's dialect, through the official `openai` package.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import * as Environment from "@llm-layers/core/Environment"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { errors } from "./internal/errors.ts"

/** How servers of this dialect say what went wrong, for providers that share it. */
export { errors }

/** What the client takes. */
export interface Options extends Connection.Options {
  /** Where the server is, with its version: `http://localhost:11434/v1`. */
  readonly baseUrl: string | URL
}

/**
 * The connection of a server that speaks OpenAI's dialect.
 */
export class OpenAiCompatibleClient extends Context.Service<OpenAiCompatibleClient, Connection.Connection>()(
  "@llm-layers/openai-compatible/OpenAiCompatibleClient"
) {}

/**
 * A connection over the `openai` package. The package is loaded when the connection is made, so that importing a
 * provider stays cheap; it builds requests and sends none. A vendor whose errors say more than most has rows of its own.
 */
export const connect = (
  options: Connection.Options,
  defaultBaseUrl: string,
  vendor: ProviderError.Vendor = errors,
  keyHeaders: (key: string) => { readonly [name: string]: string } = (key) => ({ authorization: `Bearer ${key}` })
): Effect.Effect<Connection.Connection> =>
  Connection.make(options, {
    errors: vendor,
    baseUrl: defaultBaseUrl,
    keyHeaders,
    sdk: async (setup) => {
      const { OpenAI } = await import("openai/client")
      const sdk = Environment.without("OPENAI_CUSTOM_HEADERS", () =>
        new OpenAI({
          apiKey: setup.placeholderKey,
          baseURL: setup.baseUrl,
          timeout: setup.timeout,
          logLevel: "off",
          // Read from the environment by the package where they are left out.
          adminAPIKey: null,
          organization: null,
          project: null,
          webhookSecret: null
        }))
      return async (path, method) => {
        const { req, url } = await sdk.buildRequest(
          method === "POST" ? { method: "post", path, body: {} } : { method: sdkMethods[method], path }
        )
        // That of the placeholder: the key may travel in another header.
        req.headers.delete("authorization")
        return { url, method, headers: req.headers }
      }
    }
  })

/** As the `openai` package writes them. */
const sdkMethods = { GET: "get", PUT: "put", DELETE: "delete" } as const

/** A client. */
export const make = (options: Options): Effect.Effect<Connection.Connection> =>
  connect(options, String(options.baseUrl))

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
 * import { Redacted } from "effect"
 *
 * export const ollama = OpenAiCompatibleClient.layer({
 *   baseUrl: "http://localhost:11434/v1",
 *   // Servers without keys want one nevertheless; any will do.
 *   apiKey: Redacted.make("none")
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<OpenAiCompatibleClient> =>
  Layer.effect(OpenAiCompatibleClient, make(options))

/** What {@link layerConfig} takes: where the server is and its key as `Config`s, the rest as it is. */
export interface ConfigOptions extends Omit<Options, "apiKey" | "baseUrl">, ClientConfig.RequiredOptions {}

/**
 * A client as a Layer, from `Config`s: servers of this dialect have no standard names in the environment. Fails with a
 * `ConfigError` where one is missing or empty, or where the base URL cannot be one.
 *
 * @example
 * ```ts
 * import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
 * import { Config } from "effect"
 *
 * export const vllm = OpenAiCompatibleClient.layerConfig({
 *   baseUrl: Config.String("VLLM_URL"),
 *   apiKey: Config.Redacted("VLLM_KEY")
 * })
 * ```
 */
export const layerConfig = (options: ConfigOptions): Layer.Layer<OpenAiCompatibleClient, Config.ConfigError> =>
  Layer.effect(
    OpenAiCompatibleClient,
    Effect.flatMap(ClientConfig.required(options), (loaded) => make({ ...options, ...loaded }))
  )
