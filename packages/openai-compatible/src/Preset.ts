/**
 * A server of the dialect as data: where it is, what its key is called, where it differs from most. `Presets` has those this
 * project knows; one of your own is a call of {@link make}.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import type * as Connection from "@llm-layers/core/Connection"
import * as Driver from "@llm-layers/core/Driver"
import type * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Provider from "@llm-layers/core/Provider"
import * as Settings from "@llm-layers/core/Settings"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChatCompletions from "./ChatCompletions.ts"
import * as Models from "./Models.ts"
import { connect, errors } from "./OpenAiCompatibleClient.ts"
import type * as OpenAiCompatibleLanguageModel from "./OpenAiCompatibleLanguageModel.ts"

/** What a preset is. All but the functions a preset has are here. */
export interface Data<Name extends string> {
  /** The name in `name/model`, which is also the namespace of its options and metadata. */
  readonly name: Name
  /** As the vendor writes it. */
  readonly title: string
  /** Where the facts are from. */
  readonly source: string
  /** Where it is, with its version. Default: none, the address is the caller's. */
  readonly baseUrl?: string | undefined
  /** What is added to an address of the caller's that has no path. Default: nothing. */
  readonly path?: string | undefined
  /** The names in the environment. */
  readonly environment: { readonly key: string; readonly baseUrl: string }
  /** Whether it wants no key unless it was told to: servers on one's own machine. Default: no. */
  readonly keyless?: boolean | undefined
  /** The header of the key. Default: `authorization`, with `Bearer` before the key. */
  readonly keyHeader?: string | undefined
  /** The form of the names of its own models. Default: it claims none. */
  readonly claims?: RegExp | undefined
  /** Whether `GET /models` lists what can be asked for. Default: yes. */
  readonly models?: boolean | undefined
  /** Where it differs from most servers. */
  readonly quirks: Partial<ChatCompletions.Quirks>
  /** What it and its models cannot do. */
  readonly capabilities: Capability.Table
  /** Errors that mean something else than with most. */
  readonly errors?: ReadonlyArray<ErrorTable.Row> | undefined
}

/** The connection to the server of a preset. Each preset has one of its own, so that two can be in one program. */
export interface Client<Name extends string> {
  readonly preset: Name
}

/** What a client takes: the address is that of the preset, unless said otherwise. */
export type ClientOptions = Connection.Options

/** What a client from the environment takes. */
export interface ConfigOptions extends Omit<Connection.Options, "apiKey" | "baseUrl">, ClientConfig.Options {}

/** The settings of a model. */
export type Options<R = never> = Settings.ModelOptions<OpenAiCompatibleLanguageModel.Config, R>

/** A server, its models and its client. */
export interface Preset<Name extends string> {
  readonly data: Data<Name>
  readonly Client: Context.Service<Client<Name>, Connection.Connection>
  /** What a model can do. */
  readonly capabilities: (model: string) => Capability.Capabilities
  /** A client as a Layer. */
  readonly layer: (options: ClientOptions) => Layer.Layer<Client<Name>>
  /** A client as a Layer, from the environment. A key that is missing or empty is a `ConfigError` with its name. */
  readonly layerConfig: (options?: ConfigOptions) => Layer.Layer<Client<Name>, Config.ConfigError>
  /** A model, as a Layer with the names of preset and model. */
  readonly model: <R = never>(
    name: string,
    options?: Options<R> | undefined
  ) => Model.Model<Name, LanguageModel.LanguageModel, Client<Name> | R>
  /** The driver of a model, for policies and for providers built on this one. */
  readonly driver: (
    name: string,
    options?: OpenAiCompatibleLanguageModel.Config | undefined
  ) => Effect.Effect<Driver.Driver, never, Client<Name>>
  /** Changes settings of the calls inside an effect or a stream, for models of this preset. The innermost wins. */
  readonly withConfigOverride: Settings.Override<OpenAiCompatibleLanguageModel.Config>["withConfigOverride"]
  /** For registries. */
  readonly provider: Provider.Provider<Name, Client<Name>>
}

/**
 * A preset from its data.
 *
 * @example
 * ```ts
 * import * as Preset from "@llm-layers/openai-compatible/Preset"
 * import { Layer } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const acme = Preset.make({
 *   name: "acme",
 *   title: "Acme",
 *   source: "https://docs.acme.example/api",
 *   baseUrl: "https://api.acme.example/v1",
 *   environment: { key: "ACME_API_KEY", baseUrl: "ACME_BASE_URL" },
 *   quirks: { reasoningField: "reasoning_content" },
 *   capabilities: { provider: { audioInput: false }, rows: [] }
 * })
 *
 * export const model = Layer.provide(acme.model("acme-1", { temperature: 0.2 }), acme.layerConfig())
 * strictEqual(acme.capabilities("acme-1").audioInput, false)
 * ```
 */
export const make = <const Name extends string>(data: Data<Name>): Preset<Name> => {
  const { baseUrl, capabilities: table, environment, name } = data
  const key = `@llm-layers/openai-compatible/Preset/${name}`
  const Client = Context.Service<Client<Name>, Connection.Connection>(key)
  const override = Settings.override<OpenAiCompatibleLanguageModel.Config>(key)
  const vendor = data.errors === undefined ? errors : { ...errors, rows: [...data.errors, ...errors.rows] }
  const { keyHeader } = data
  const keyHeaders = keyHeader === undefined ? undefined : (key: string) => ({ [keyHeader]: key })
  const capabilities = (model: string) => Capability.lookup(table, model)

  const client = (options: ClientOptions) =>
    connect({ ...options, baseUrl: addressOf(data, options.baseUrl) }, baseUrl ?? "", vendor, keyHeaders)
  const layer = (options: ClientOptions) => Layer.effect(Client, client(options))
  const layerConfig = (options: ConfigOptions = {}) =>
    Layer.effect(
      Client,
      Effect.flatMap(
        ClientConfig.load(options, {
          apiKey: environment.key,
          keyless: data.keyless,
          baseUrl: environment.baseUrl,
          baseUrlNeeded: baseUrl === undefined,
          others: {}
        }),
        (loaded) => client({ ...options, ...loaded })
      )
    )

  const driver = (model: string, settings: OpenAiCompatibleLanguageModel.Config = {}) =>
    Effect.map(Client, (connection) =>
      ChatCompletions.driver({
        provider: name,
        module: "Preset",
        connection,
        model,
        capabilities: capabilities(model),
        settings,
        override,
        quirks: data.quirks
      }))
  const model = <R = never>(model: string, options?: Options<R> | undefined) => {
    const { policy, ...settings } = options ?? {}
    return Model.make(name, model, Driver.layer(driver(model, settings), policy))
  }

  return {
    data,
    Client,
    capabilities,
    layer,
    layerConfig,
    model,
    driver,
    withConfigOverride: override.withConfigOverride,
    provider: Provider.make({
      name,
      claims: (model) => data.claims?.test(model) === true,
      languageModel: (one, options) => model(one, options),
      ...(data.models === false ? undefined : {
        listModels: Effect.flatMap(
          Client,
          (connection) => Models.list(connection, { provider: name, module: "Preset", method: "listModels" })
        )
      }),
      client: layerConfig(),
      keyName: environment.key,
      capabilities: table,
      errors: vendor.rows
    })
  }
}

/** The caller's address, with the path of the API where it has none. */
const addressOf = ({ path }: Data<string>, given: string | URL | undefined): string | undefined => {
  const address = given?.toString().trim()
  if (address === undefined || path === undefined || !URL.canParse(address)) return address
  return new URL(address).pathname === "/" ? `${address.replace(/\/+$/, "")}${path}` : address
}
