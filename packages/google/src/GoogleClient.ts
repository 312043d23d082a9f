/**
 * The connection to Google's models: the Gemini Developer API with a key, or Vertex AI with an access token.
 *
 * There is no SDK in between: `@google/genai` drops the headers of errors, leaves sockets open when a stream is left
 * early and can turn one call into several.
 */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { errors } from "./internal/errors.ts"

/** What the client of the Developer API takes. */
export interface Options extends Connection.Options {
  /** The version in the path. Default: `v1beta`, which has tools of Google's own, caches and thinking. */
  readonly apiVersion?: string | undefined
}

/** What the client of Vertex AI takes. */
export interface VertexOptions extends Omit<Connection.Options, "apiKey"> {
  /** The Google Cloud project: its id or number. */
  readonly project: string
  /** A region such as `europe-west4`, a multi-region (`us`, `eu`), or `global`. */
  readonly location: string
  /** A token, or an effect that is run for each request: tokens of Google Cloud live for an hour. */
  readonly accessToken: Connection.Key
  /** The version in the path. Default: `v1`. */
  readonly apiVersion?: string | undefined
}

/** A connection that knows where its models are. */
export interface GoogleConnection extends Connection.Connection {
  /** Which of Google's two APIs it speaks: they differ in a few members of a request. */
  readonly api: "gemini" | "vertex"
  /** The path of a method of a model, such as `generateContent`. */
  readonly path: (model: string, method: string) => string
  /** The path of the list of models, which Vertex AI does not have. */
  readonly models: string | undefined
  /** The name of a model in a request body: `models/gemini-3.5-flash`. */
  readonly resource: (model: string) => string
}

/**
 * The connection to Google. One for all models of a program: provide {@link layer}, {@link layerConfig} or
 * {@link layerVertex} once.
 */
export class GoogleClient extends Context.Service<GoogleClient, GoogleConnection>()(
  "@llm-layers/google/GoogleClient"
) {}

/** Where the Developer API is. */
export const defaultBaseUrl = "https://generativelanguage.googleapis.com"

/** The version of the Developer API that is spoken by default. */
export const defaultApiVersion = "v1beta"

/** A client of the Developer API. The key travels in the header `x-goog-api-key`, never in an address. */
export const make = (options: Options): Effect.Effect<GoogleConnection> => {
  const { apiVersion = defaultApiVersion, ...connection } = options
  const made = Connection.make(connection, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ "x-goog-api-key": key })
  })
  // Tuned models and the like say what they are.
  const resource = (model: string) => model.includes("/") ? model : `models/${model}`
  return Effect.map(made, (connected) => ({
    ...connected,
    api: "gemini",
    models: `/${apiVersion}/models`,
    resource,
    path: (model, method) => `/${apiVersion}/${encodePath(resource(model))}:${method}`
  }))
}

/** A client of Vertex AI. */
export const makeVertex = (options: VertexOptions): Effect.Effect<GoogleConnection> => {
  const { accessToken, apiVersion = "v1", location, project, ...connection } = options
  const made = Connection.make({ ...connection, apiKey: accessToken }, {
    errors,
    baseUrl: vertexBaseUrl(location),
    keyHeaders: (token) => ({ authorization: `Bearer ${token}` })
  })
  const parent = `projects/${project}/locations/${location}`
  const resource = (model: string) => {
    if (model.startsWith("projects/")) return model
    if (model.startsWith("publishers/")) return `${parent}/${model}`
    return `${parent}/publishers/google/models/${model.replace(/^models\//, "")}`
  }
  return Effect.map(made, (connected) => ({
    ...connected,
    api: "vertex",
    models: undefined,
    resource,
    path: (model, method) => `/${apiVersion}/${encodePath(resource(model))}:${method}`
  }))
}

const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/")

/** Source: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations, and `@google/genai` 3.1. */
const vertexBaseUrl = (location: string): string => {
  if (location === "global") return "https://aiplatform.googleapis.com"
  return location === "us" || location === "eu"
    ? `https://aiplatform.${location}.rep.googleapis.com`
    : `https://${location}-aiplatform.googleapis.com`
}

/**
 * A client of the Developer API as a Layer.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import { Redacted } from "effect"
 *
 * export const client = GoogleClient.layer({ apiKey: Redacted.make("AIza…"), timeout: "2 minutes" })
 * ```
 */
export const layer = (options: Options): Layer.Layer<GoogleClient> => Layer.effect(GoogleClient, make(options))

/** What {@link layerConfig} takes: options that are no secret as they are, the rest as a `Config`. */
export interface ConfigOptions extends Omit<Options, "apiKey" | "baseUrl">, ClientConfig.Options {}

/**
 * A client of the Developer API as a Layer, from the environment: `GOOGLE_API_KEY`, else `GEMINI_API_KEY` (the order of
 * Google's own packages), `GOOGLE_GEMINI_BASE_URL`, or the `Config`s given. Fails with a `ConfigError` that names the
 * variables where the key is missing or empty, or a `Config` given is.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 *
 * export const client = GoogleClient.layerConfig()
 * ```
 */
export const layerConfig = (options: ConfigOptions = {}): Layer.Layer<GoogleClient, Config.ConfigError> =>
  Layer.effect(
    GoogleClient,
    Effect.gen(function*() {
      const loaded = yield* ClientConfig.load(
        options,
        { apiKey: ["GOOGLE_API_KEY", "GEMINI_API_KEY"], baseUrl: "GOOGLE_GEMINI_BASE_URL", others: {} }
      )
      return yield* make({ ...options, ...loaded })
    })
  )

/**
 * A client of Vertex AI as a Layer. How a token is got is the program's own: `google-auth-library`, the metadata server,
 * `gcloud auth print-access-token`.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import { Effect, Redacted } from "effect"
 *
 * export const client = GoogleClient.layerVertex({
 *   project: "my-project",
 *   location: "europe-west4",
 *   accessToken: Effect.sync(() => Redacted.make("ya29.…"))
 * })
 * ```
 */
export const layerVertex = (options: VertexOptions): Layer.Layer<GoogleClient> =>
  Layer.effect(GoogleClient, makeVertex(options))
