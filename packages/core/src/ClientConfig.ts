/**
 * Reads a client's options from `Config`, so that every `layerConfig` takes the same names and says the same of a
 * missing key.
 */
import * as Config from "effect/Config"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** What can be replaced in a `layerConfig`: each by a `Config` of the caller's own. */
export interface Options {
  readonly apiKey?: Config.Config<Redacted.Redacted> | undefined
  readonly baseUrl?: Config.Config<string> | undefined
}

/** What comes out. */
export interface Loaded {
  readonly apiKey: Redacted.Redacted
  readonly baseUrl: string | undefined
}

/**
 * Key and base URL, by default from the vendor's own environment names. A name that is missing, and a key that is
 * empty, is a `ConfigError` with the name in it.
 */
export const load = (
  options: Options,
  names: { readonly apiKey: string; readonly baseUrl: string }
): Config.Config<Loaded> =>
  Config.all({
    apiKey: options.apiKey ?? Config.schema(Schema.Redacted(Schema.NonEmptyString), names.apiKey),
    baseUrl: Config.map(
      Config.option(options.baseUrl ?? Config.schema(Schema.NonEmptyString, names.baseUrl)),
      Option.getOrUndefined
    )
  })
