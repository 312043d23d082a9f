/**
 * Models and settings from the environment, a `.env` file or JSON, by `Config`: which model is asked, how, and how long
 * it is waited for. Keys and addresses are the clients' own (`layerConfig`).
 *
 * Of the same setting, `withConfigOverride` around the call wins over the options of the model, those over what the vendor
 * does by default. What is read here becomes options of a model.
 */
import type * as Settings from "@llm-layers/core/Settings"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Expansion from "./internal/configuration/expansion.ts"
import * as ModelFacts from "./ModelFacts.ts"

/** What was configured. What was not is absent. */
export interface Configuration {
  /** The provider of models that are named without one. It is in `model` and `roles` already. */
  readonly provider?: string
  /** `provider/model`, or a model's own name where no provider was configured. */
  readonly model?: string
  /** Models by what they are for; `large` and `small` have names of their own in the environment. */
  readonly roles: { readonly [role: string]: string }
  /** The options of a model. */
  readonly settings: Settings.Common
  /** For a whole answer: `Timeout` of `@llm-layers/policies`, or the client's own. */
  readonly timeout?: Duration.Duration
  /** For `Retry` of `@llm-layers/policies`. */
  readonly retries?: number
  readonly retryDelay?: Duration.Duration
  /** What the program knows of models better than the catalogue: `ModelCatalog.layer({ facts })`. JSON alone. */
  readonly facts: ReadonlyArray<ModelFacts.ModelFacts>
}

const between = (least: number, most: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum: least, maximum: most }))

const count = Schema.Int.check(Schema.isGreaterThan(0))

const duration = (least: Duration.Duration) =>
  Schema.DurationFromString.check(
    Schema.makeFilter((value) => Duration.isGreaterThanOrEqualTo(value, least) || `At least ${Duration.format(least)}`)
  )

/** Both penalties. Source: OpenAI's and Google's API references; other vendors take less. */
const penalty = between(-2, 2)

/**
 * Reads `LLM_MODEL`, `LLM_TEMPERATURE` and the like, or the members of `llm` in JSON: `model`, `temperature`. The names
 * are in the guide "Configuration". A value out of range is a `ConfigError` with its name; a name that is not set, or
 * empty, leaves out what it is for.
 *
 * `prefix` is that of the names, `LLM` by default; in JSON it is in small letters.
 *
 * @example
 * ```ts
 * import * as Configuration from "@llm-layers/registry/Configuration"
 * import { ConfigProvider, Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const read = (provider: ConfigProvider.ConfigProvider) =>
 *   Effect.runSync(Configuration.config().parse(provider))
 *
 * const env = { LLM_MODEL: "openai/gpt-5.5", LLM_MAX_OUTPUT_TOKENS: "500" }
 * const { model, settings } = read(ConfigProvider.fromEnv({ env }))
 * deepStrictEqual([model, settings], ["openai/gpt-5.5", { maxOutputTokens: 500 }])
 *
 * const json = { llm: { model: "openai/gpt-5.5", maxOutputTokens: 500 } }
 * deepStrictEqual(read(ConfigProvider.fromUnknown(json)).settings, { maxOutputTokens: 500 })
 * ```
 */
export const config = (prefix = "LLM"): Config.Config<Configuration> => {
  const named = <T>(name: string, read: (path: ReadonlyArray<string>) => Config.Config<T>) =>
    Config.flatMap(
      Config.option(read([`${prefix}_${constant(name)}`])),
      (value) => Option.isSome(value) ? Config.succeed(value) : Config.option(read([prefix.toLowerCase(), name]))
    )
  const one = <T>(name: string, codec: Schema.ConstraintCodec<T, unknown>) =>
    named(name, (path) => Config.schema(codec, path))
  const filled = (name: string) => one(name, Schema.NonEmptyString)

  return Config.map(
    Config.all({
      provider: filled("provider"),
      model: filled("model"),
      large: filled("largeModel"),
      small: filled("smallModel"),
      roles: one("roles", Schema.Record(Schema.String, Schema.NonEmptyString)),
      models: one("models", Models),
      timeout: one("timeout", duration(Duration.millis(1))),
      retryDelay: one("retryDelay", duration(Duration.zero)),
      retries: one("retries", Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
      settings: Config.all({
        maxOutputTokens: one("maxOutputTokens", count),
        temperature: one("temperature", between(0, 2)),
        topP: one("topP", between(0, 1)),
        topK: one("topK", count),
        seed: one("seed", Schema.Int),
        presencePenalty: one("presencePenalty", penalty),
        frequencyPenalty: one("frequencyPenalty", penalty),
        stopSequences: named("stopSequences", (path) => Config.Array(Schema.NonEmptyString, path)),
        parallelToolCalls: named("parallelToolCalls", at(Config.Boolean()))
      })
    }),
    ({ large, model, models, provider, retries, retryDelay, roles, settings, small, timeout }) => {
      const within = (name: string) =>
        Option.isSome(provider) && !name.startsWith(`${provider.value}/`) ? `${provider.value}/${name}` : name
      const whole = (name: string) => name.includes("/") ? name : within(name)
      const all = { ...Option.getOrElse(roles, () => ({})), ...defined({ large, small }) }
      return {
        ...defined({ provider, timeout, retries, retryDelay, model: Option.map(model, within) }),
        roles: Object.fromEntries(Object.entries(all).map(([role, name]) => [role, whole(name)])),
        settings: defined(settings),
        facts: factsOf(Option.getOrElse(models, () => ({})))
      }
    }
  )
}

/** The model that has the role, or the name itself where there is no role of it. */
export const modelOf = (
  { roles }: Pick<Configuration, "roles">,
  name: string
): string => Object.hasOwn(roles, name) ? roles[name] ?? name : name

/** By provider and id. */
const Models = Schema.Record(Schema.String, Schema.Record(Schema.String, ModelFacts.Known))

const factsOf = (models: typeof Models.Type): ReadonlyArray<ModelFacts.ModelFacts> =>
  Object.entries(models).flatMap(([provider, of]) =>
    Object.entries(of).map(([id, known]) => ModelFacts.make(provider, id, known, "user"))
  )

const at = <T>(config: Config.Config<T>) => (path: ReadonlyArray<string>): Config.Config<T> =>
  path.reduceRight((read, name) => Config.nested(read, name), config)

const constant = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

type Options = { readonly [name: string]: Option.Option<unknown> }

type Defined<O extends Options> = { [name in keyof O]?: O[name] extends Option.Option<infer A> ? A : never }

/** Without what was not set. */
const defined = <O extends Options>(options: O): Defined<O> => {
  const out: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(options)) if (Option.isSome(value)) out[name] = value.value
  // Each member is that of the option of its name.
  return out as Defined<O>
}

/**
 * The provider, whose texts may name variables: `$OPENAI_API_KEY`, or `${OPENAI_API_KEY}`, is replaced by the value in
 * `variables`. One that is not set is an error; `$$` is a dollar sign. For JSON; `ConfigProvider.fromDotEnv` has an
 * option of its own.
 *
 * @example
 * ```ts
 * import * as Configuration from "@llm-layers/registry/Configuration"
 * import { Config, ConfigProvider, Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const file = ConfigProvider.fromUnknown({ OPENAI_API_KEY: "${TEAM_KEY}" })
 * const provider = Configuration.expanded(file, { TEAM_KEY: "secret" })
 * strictEqual(Effect.runSync(Config.String("OPENAI_API_KEY").parse(provider)), "secret")
 * ```
 */
export const expanded = (
  provider: ConfigProvider.ConfigProvider,
  variables: { readonly [name: string]: string | undefined }
): ConfigProvider.ConfigProvider =>
  ConfigProvider.make((path) =>
    Effect.flatMap(
      provider.load(path),
      (node) => node === undefined ? Effect.succeed(undefined) : Expansion.node(node, path, variables)
    )
  )
