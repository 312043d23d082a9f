/**
 * The connection to OpenRouter's API, through the official `openai` package.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import type * as Connection from "@llm-layers/core/Connection"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { errors } from "./internal/errors.ts"

/**
 * What the client takes. OpenRouter counts an app's use by `referer` and shows it under `title`; both may stay out.
 *
 * Source: https://openrouter.ai/docs/app-attribution
 */
export interface Options extends Connection.Options {
  /** The address of the app. Sent as `HTTP-Referer`. */
  readonly referer?: string | undefined
  /** The name of the app. Sent as `X-OpenRouter-Title`; `X-Title` among the `headers`, its older name, is taken as well. */
  readonly title?: string | undefined
  /** Categories of the app, separated by commas. Sent as `X-OpenRouter-Categories`. */
  readonly categories?: string | undefined
}

/**
 * The connection to OpenRouter. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 */
export class OpenRouterClient extends Context.Service<OpenRouterClient, Connection.Connection>()(
  "@llm-layers/openrouter/OpenRouterClient"
) {}

/** Where OpenRouter's API is. */
export const defaultBaseUrl = "https://openrouter.ai/api/v1"

/** A client. */
export const make = (options: Options): Effect.Effect<Connection.Connection> =>
  OpenAiCompatibleClient.connect(
    {
      ...options,
      headers: {
        ...(options.referer === undefined ? undefined : { "HTTP-Referer": options.referer }),
        ...(options.title === undefined ? undefined : { "X-OpenRouter-Title": options.title }),
        ...(options.categories === undefined ? undefined : { "X-OpenRouter-Categories": options.categories }),
        ...options.headers
      }
    },
    defaultBaseUrl,
    errors
  )

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import { Redacted } from "effect"
 *
 * export const client = OpenRouterClient.layer({
 *   apiKey: Redacted.make("sk-or-…"),
 *   referer: "https://app.example.com",
 *   title: "An example"
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<OpenRouterClient> => Layer.effect(OpenRouterClient, make(options))

/** What {@link layerConfig} takes: key and base URL as `Config`s, what names the app as either, the rest as it is. */
export interface ConfigOptions
  extends
    Omit<Options, "apiKey" | "baseUrl" | "referer" | "title" | "categories">,
    ClientConfig.Options<"referer" | "title" | "categories">
{}

/**
 * A client as a Layer, from the environment: `OPENROUTER_API_KEY`, `OPENROUTER_BASE_URL`, `OPENROUTER_HTTP_REFERER`,
 * `OPENROUTER_APP_TITLE`, `OPENROUTER_APP_CATEGORIES`, or the `Config`s given. The names are those of the vendor's package
 * `@openrouter/sdk`. Fails with a `ConfigError` that names the variable where the key is missing or empty, or a `Config`
 * given is.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import { Config } from "effect"
 *
 * export const client = OpenRouterClient.layerConfig()
 * export const ofApp = OpenRouterClient.layerConfig({ title: "Search", referer: Config.String("APP_URL") })
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<OpenRouterClient, Config.ConfigError> =>
  Layer.effect(
    OpenRouterClient,
    Effect.gen(function*() {
      const loaded = yield* ClientConfig.load(options, {
        apiKey: "OPENROUTER_API_KEY",
        baseUrl: "OPENROUTER_BASE_URL",
        others: {
          referer: "OPENROUTER_HTTP_REFERER",
          title: "OPENROUTER_APP_TITLE",
          categories: "OPENROUTER_APP_CATEGORIES"
        }
      })
      return yield* make({ ...options, ...loaded })
    })
  )
