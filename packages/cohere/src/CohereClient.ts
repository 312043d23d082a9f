/**
 * The connection to Cohere's API, version 2. Over `fetch`: the vendor's own package passes over errors inside a stream.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { errors } from "./internal/errors.ts"

/** What the client takes. */
export interface Options extends Connection.Options {
  /** The name of the program, which Cohere's logs have. Sent as `X-Client-Name`. */
  readonly clientName?: string | undefined
}

/**
 * The connection to Cohere. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 */
export class CohereClient extends Context.Service<CohereClient, Connection.Connection>()(
  "@llm-layers/cohere/CohereClient"
) {}

/** Where Cohere's API is. */
export const defaultBaseUrl = "https://api.cohere.com"

/** A client. */
export const make = (options: Options): Effect.Effect<Connection.Connection> =>
  Connection.make({
    ...options,
    headers: {
      ...(options.clientName === undefined ? undefined : { "x-client-name": options.clientName }),
      ...options.headers
    }
  }, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ authorization: `Bearer ${key}` })
  })

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import { Redacted } from "effect"
 *
 * export const client = CohereClient.layer({ apiKey: Redacted.make("co-…"), timeout: "2 minutes" })
 * ```
 */
export const layer = (options: Options): Layer.Layer<CohereClient> => Layer.effect(CohereClient, make(options))

/** What {@link layerConfig} takes: options that are no secret as they are, the rest as a `Config`. */
export interface ConfigOptions extends Omit<Options, "apiKey" | "baseUrl">, ClientConfig.Options {}

/**
 * The names of the key: first that of Cohere's own packages (https://github.com/cohere-ai/cohere-python), then that of
 * LangChain and the AI SDK. `CO_API_URL`: https://docs.cohere.com/docs/create-client
 */
const keyNames = ["CO_API_KEY", "COHERE_API_KEY"] as const

/**
 * A client as a Layer, from the environment: `CO_API_KEY`, else `COHERE_API_KEY`, and `CO_API_URL`, or the `Config`s
 * given. Fails with a `ConfigError` that names the variable where the key is missing or empty, or a `Config` given is.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 *
 * export const client = CohereClient.layerConfig()
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<CohereClient, Config.ConfigError> =>
  Layer.effect(
    CohereClient,
    Effect.gen(function*() {
      const names = { apiKey: yield* keyName(options), baseUrl: "CO_API_URL", others: {} }
      return yield* make({ ...options, ...yield* ClientConfig.load(options, names) })
    })
  )

/** The name that is set; where none is, the first, which the error names. */
const keyName = Effect.fnUntraced(function*(options: ConfigOptions) {
  const [first, ...others] = keyNames
  if (options.apiKey !== undefined) return first
  for (const name of [first, ...others]) {
    const value = yield* Config.option(Config.String(name))
    if (Option.isSome(value) && value.value.trim() !== "") return name
  }
  return first
})
