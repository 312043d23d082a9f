/** The part of `ClientConfig` that needs `Config` at run time. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** What can be replaced in a `layerConfig`: each by a `Config` of the caller's own. */
export interface Options {
  readonly apiKey?: Config.Config<Redacted.Redacted> | undefined
  readonly baseUrl?: Config.Config<string> | undefined
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
  options: Options,
  names: Names<Other>
): Effect.Effect<Loaded<Other>, Config.ConfigError> =>
  Effect.gen(function*() {
    const apiKey = yield* options.apiKey ?? Config.schema(Schema.Redacted(Schema.NonEmptyString), names.apiKey)
    const baseUrl = yield* optional(options.baseUrl ?? Config.String(names.baseUrl))
    const others: { [option: string]: string | undefined } = {}
    for (const [option, name] of Object.entries<string>(names.others)) {
      others[option] = yield* optional(Config.String(name))
    }
    // The loop goes over the options of `Other`, each of which it sets.
    return { apiKey, baseUrl, ...others } as Loaded<Other>
  })

/** An empty variable is one that somebody unset in the only way their shell or file has. */
const optional = (config: Config.Config<string>): Effect.Effect<string | undefined, Config.ConfigError> =>
  Effect.gen(function*() {
    const value = yield* Config.option(config)
    return Option.getOrUndefined(Option.filter(value, (text) => text.trim() !== ""))
  })
