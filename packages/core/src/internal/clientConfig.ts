/** The part of `ClientConfig` that needs `Config` at run time. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Sendable from "./sendable.ts"

/** What can be replaced in a `layerConfig`: each by a `Config` of the caller's own; what is no secret, by a text. */
export type Options<Other extends string = never> =
  & { readonly apiKey?: Config.Config<Redacted.Redacted> | undefined }
  & { readonly baseUrl?: Config.Config<string> | undefined }
  & { readonly [option in Other]?: string | Config.Config<string> | undefined }

/** What a vendor without standard names in the environment needs. */
export interface RequiredOptions {
  readonly apiKey: Config.Config<Redacted.Redacted>
  readonly baseUrl: Config.Config<string>
}

/** The vendor's own names in the environment. */
export interface Names<Other extends string> {
  readonly apiKey: string
  readonly baseUrl: string
  /** Further texts that may be set, by the name of the option. */
  readonly others: { readonly [option in Other]: string }
}

/** What comes out. */
export type Loaded<Other extends string> =
  & { readonly apiKey: Redacted.Redacted; readonly baseUrl: string | undefined }
  & { readonly [option in Other]: string | undefined }

export const loaded = <Other extends string>(
  options: Options<NoInfer<Other>>,
  names: Names<Other>
): Effect.Effect<Loaded<Other>, Config.ConfigError> =>
  Effect.gen(function*() {
    const apiKey = options.apiKey === undefined
      ? yield* key(Config.Redacted(names.apiKey), names.apiKey)
      : yield* key(options.apiKey, "apiKey")
    const baseUrl = options.baseUrl === undefined
      ? yield* standard(names.baseUrl)
      : yield* filled(options.baseUrl, "baseUrl")
    if (baseUrl !== undefined) yield* address(baseUrl, options.baseUrl === undefined ? names.baseUrl : "baseUrl")
    const given: { readonly [option: string]: unknown } = options
    const others: { [option: string]: string | undefined } = {}
    for (const [option, name] of Object.entries<string>(names.others)) {
      const own = given[option]
      if (own === undefined) others[option] = yield* standard(name)
      // By the type of `Options`, it is a `Config` of a text where it is no text.
      else others[option] = typeof own === "string" ? own : yield* filled(own as Config.Config<string>, option)
    }
    // The loop goes over the options of `Other`, each of which it sets.
    return { apiKey, baseUrl, ...others } as Loaded<Other>
  })

export const required = (
  options: RequiredOptions
): Effect.Effect<{ readonly apiKey: Redacted.Redacted; readonly baseUrl: string }, Config.ConfigError> =>
  Effect.gen(function*() {
    const apiKey = yield* key(options.apiKey, "apiKey")
    const baseUrl = yield* filled(options.baseUrl, "baseUrl")
    yield* address(baseUrl, "baseUrl")
    return { apiKey, baseUrl }
  })

/** A variable of the vendor's own. An empty one is one that somebody unset in the only way their shell or file has. */
const standard = (name: string): Effect.Effect<string | undefined, Config.ConfigError> =>
  Effect.map(
    Config.option(Config.String(name)),
    (value) => Option.getOrUndefined(Option.filter(value, (text) => text.trim() !== ""))
  )

/** What the caller named must be there: in its place, the key would go to the vendor's own address. */
const filled = (config: Config.Config<string>, at: string): Effect.Effect<string, Config.ConfigError> =>
  Effect.flatMap(config, (text) => text.trim() === "" ? invalid(at, "It is empty") : Effect.succeed(text))

const key = (
  config: Config.Config<Redacted.Redacted>,
  at: string
): Effect.Effect<Redacted.Redacted, Config.ConfigError> =>
  Effect.flatMap(
    config,
    (own) => Redacted.value(own).trim() === "" ? invalid(at, "The key is empty") : Effect.succeed(own)
  )

const address = (text: string, at: string): Effect.Effect<void, Config.ConfigError> => {
  const problem = Sendable.ofBaseUrl(text)
  return problem === undefined ? Effect.void : invalid(at, problem)
}

const invalid = (at: string, message: string): Effect.Effect<never, Config.ConfigError> =>
  Effect.fail(
    new Config.ConfigError(
      new Schema.SchemaError(new SchemaIssue.Pointer([at], new SchemaIssue.InvalidValue({ message })))
    )
  )
