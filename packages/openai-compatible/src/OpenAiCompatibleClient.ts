/**
 * A connection to a server that speaks OpenAI's dialect, through the official `openai` package.
 */
import * as Connection from "@llm-layers/core/Connection"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
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
 * provider stays cheap; it builds requests and sends none.
 */
export const connect = (options: Connection.Options, defaultBaseUrl: string): Effect.Effect<Connection.Connection> =>
  Connection.make(options, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    sdk: async (setup) => {
      const { OpenAI } = await import("openai/client")
      const sdk = new OpenAI({
        apiKey: setup.placeholderKey,
        baseURL: setup.baseUrl,
        timeout: setup.timeout,
        logLevel: "off",
        // Read from the environment by the package where they are left out.
        adminAPIKey: null,
        organization: null,
        project: null
      })
      return async (path) => {
        const { req, url } = await sdk.buildRequest({ method: "post", path, body: {} })
        return { url, method: "POST", headers: req.headers }
      }
    }
  })

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
