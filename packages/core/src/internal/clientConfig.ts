/** The part of `ClientConfig` that needs `Config` at run time. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Loaded, Names, Options } from "../ClientConfig.ts"

export const loaded = <Other extends string>(
  options: Options,
  names: Names<Other>
): Effect.Effect<Loaded<Other>, Config.ConfigError> =>
  Effect.gen(function*() {
    const apiKey = yield* options.apiKey ?? Config.schema(Schema.Redacted(Schema.NonEmptyString), names.apiKey)
    const baseUrl = yield* optional(options.baseUrl ?? Config.String(names.baseUrl))
    const others: { [option: string]: string | undefined } = {}
    for (const [option, name] of Object.entries<string>(names.others)) others[option] = yield* optional(Config.String(name))
    // The loop goes over the options of `Other`, each of which it sets.
    return { apiKey, baseUrl, ...others } as Loaded<Other>
  })

/** An empty variable is one that somebody unset in the only way their shell or file has. */
const optional = (config: Config.Config<string>): Effect.Effect<string | undefined, Config.ConfigError> =>
  Effect.gen(function*() {
    const value = yield* Config.option(config)
    return Option.getOrUndefined(Option.filter(value, (text) => text.trim() !== ""))
  })
