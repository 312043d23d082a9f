/**
 * The connection to OpenAI's API, through the official `openai` package.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import type * as Connection from "@llm-layers/core/Connection"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** What the client takes. */
export interface Options extends Connection.Options {
  /** Sent as `OpenAI-Organization`. */
  readonly organization?: string | undefined
  /** Sent as `OpenAI-Project`. */
  readonly project?: string | undefined
}

/**
 * The connection to OpenAI. One for all models of a program: provide {@link layer} or {@link layerConfig} once.
 */
export class OpenAiClient extends Context.Service<OpenAiClient, Connection.Connection>()(
  "@llm-layers/openai/OpenAiClient"
) {}

/** Where OpenAI's API is. */
export const defaultBaseUrl = "https://api.openai.com/v1"

/** A client. */
export const make = (options: Options): Effect.Effect<Connection.Connection> =>
  OpenAiCompatibleClient.connect({
    ...options,
    headers: {
      ...(options.organization === undefined ? undefined : { "OpenAI-Organization": options.organization }),
      ...(options.project === undefined ? undefined : { "OpenAI-Project": options.project }),
      ...options.headers
    }
  }, defaultBaseUrl)

/**
 * A client as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import { Redacted } from "effect"
 *
 * export const client = OpenAiClient.layer({
 *   apiKey: Redacted.make("sk-…"),
 *   timeout: "2 minutes",
 *   headers: { "x-team": "search" }
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<OpenAiClient> => Layer.effect(OpenAiClient, make(options))

/** What {@link layerConfig} takes: key and base URL as `Config`s, organization and project as either, the rest as it is. */
export interface ConfigOptions
  extends
    Omit<Options, "apiKey" | "baseUrl" | "organization" | "project">,
    ClientConfig.Options<"organization" | "project">
{}

/**
 * A client as a Layer, from the environment: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`,
 * or the `Config`s given. Fails with a `ConfigError` that names the variable where the key is missing or empty, or a
 * `Config` given is.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import { Config } from "effect"
 *
 * export const client = OpenAiClient.layerConfig()
 * export const ofTeam = OpenAiClient.layerConfig({ apiKey: Config.Redacted("SEARCH_TEAM_KEY") })
 * export const ofProject = OpenAiClient.layerConfig({ organization: "org-1", project: Config.String("SEARCH_PROJECT") })
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<OpenAiClient, Config.ConfigError> =>
  Layer.effect(
    OpenAiClient,
    Effect.gen(function*() {
      const loaded = yield* ClientConfig.load(options, {
        apiKey: "OPENAI_API_KEY",
        baseUrl: "OPENAI_BASE_URL",
        others: { organization: "OPENAI_ORG_ID", project: "OPENAI_PROJECT_ID" }
      })
      return yield* make({ ...options, ...loaded })
    })
  )
