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
  & {
    /**
     * Put before the vendor's own names, where those are not set: with `MYAPP_`, `MYAPP_ACME_API_KEY` is read where
     * `ACME_API_KEY` is missing or empty. Default: none.
     */
    readonly prefix?: string | undefined
  }
  & { readonly [option in Other]?: string | Config.Config<string> | undefined }

/** What a vendor without standard names in the environment needs. */
export interface RequiredOptions {
  readonly apiKey: Config.Config<Redacted.Redacted>
  readonly baseUrl: Config.Config<string>
}

/** The vendor's own names in the environment. */
export interface Names<Other extends string, Needed extends string = never> {
  /** One, or several of which the first that is set counts. */
  readonly apiKey: string | readonly [string, ...ReadonlyArray<string>]
  /** Whether the server can do without a key: where none is set, it is `none`. Default: no. */
  readonly keyless?: boolean | undefined
  readonly baseUrl: string
  /** Whether there is no address to go to by default. Default: there is one. */
  readonly baseUrlNeeded?: boolean | undefined
  /** Further texts that may be set, by the name of the option. */
  readonly others: { readonly [option in Other]: string }
  /** Further texts that must be, one way or the other. */
  readonly needed?: { readonly [option in Needed]: string } | undefined
}

/** What comes out. */
export type Loaded<Other extends string, Needed extends string = never> =
  & { readonly apiKey: Redacted.Redacted; readonly baseUrl: string | undefined }
  & { readonly [option in Other]: string | undefined }
  & { readonly [option in Needed]: string }

export const loaded = <Other extends string, Needed extends string>(
  options: Options<NoInfer<Other | Needed>>,
  names: Names<Other, Needed>
): Effect.Effect<Loaded<Other, Needed>, Config.ConfigError> =>
  Effect.gen(function*() {
    const { prefix } = options
    const apiKey = options.apiKey === undefined
      ? yield* standardKey(names.apiKey, prefix, names.keyless === true)
      : yield* key(options.apiKey, "apiKey")
    const [baseUrlName, baseUrl] = options.baseUrl === undefined
      ? yield* standard(names.baseUrl, prefix)
      : ["baseUrl", yield* filled(options.baseUrl, "baseUrl")]
    if (baseUrl !== undefined) yield* address(baseUrl, baseUrlName)
    else if (names.baseUrlNeeded === true) yield* invalid(names.baseUrl, "It is missing or empty")
    const given: { readonly [option: string]: unknown } = options
    const texts: { [option: string]: string | undefined } = {}
    for (const [option, name] of Object.entries<string>({ ...names.others, ...names.needed })) {
      const own = given[option]
      if (own === undefined) texts[option] = (yield* standard(name, prefix))[1]
      // By the type of `Options`, it is a `Config` of a text where it is no text.
      else texts[option] = typeof own === "string" ? own : yield* filled(own as Config.Config<string>, option)
    }
    for (const [option, name] of Object.entries<string>(names.needed ?? {})) {
      if ((texts[option] ?? "").trim() === "") yield* invalid(name, `It is missing or empty, and so is \`${option}\``)
    }
    // The loops go over the options of `Other` and `Needed`, each of which they set.
    return { apiKey, baseUrl, ...texts } as Loaded<Other, Needed>
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

/** The vendor's own name, then the same with the prefix of the caller's. */
const named = (name: string, prefix: string | undefined): ReadonlyArray<string> =>
  prefix === undefined ? [name] : [name, `${prefix}${name}`]

/**
 * A variable of the vendor's own, by the name it was found under. An empty one is one that somebody unset in the only way
 * their shell or file has.
 */
const standard = (
  name: string,
  prefix: string | undefined
): Effect.Effect<readonly [name: string, text: string | undefined], Config.ConfigError> =>
  Effect.gen(function*() {
    for (const one of named(name, prefix)) {
      const value = Option.getOrUndefined(yield* Config.option(Config.String(one)))
      if (value !== undefined && value.trim() !== "") return [one, value] as const
    }
    return [name, undefined] as const
  })

/** The first that is set. The failure is that of the vendor's first name. */
const standardKey = (
  names: Names<never>["apiKey"],
  prefix: string | undefined,
  keyless: boolean
): Effect.Effect<Redacted.Redacted, Config.ConfigError> =>
  Effect.gen(function*() {
    const all = typeof names === "string" ? [names] as const : names
    for (const one of [...all, ...all.flatMap((name) => named(name, prefix).slice(1))]) {
      const value = Option.getOrUndefined(yield* Config.option(Config.Redacted(one)))
      if (value !== undefined && Redacted.value(value).trim() !== "") return value
    }
    return keyless ? Redacted.make("none") : yield* key(Config.Redacted(all[0]), all[0])
  })

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
