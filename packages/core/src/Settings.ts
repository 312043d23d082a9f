/**
 * The settings all providers share, where they come from, and what happens to those a model refuses.
 *
 * Precedence: `withConfigOverride` around the call, then the options of the model, then the vendor's default.
 */
import type * as AiError from "effect/ai/AiError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Stream from "effect/Stream"
import * as Capability from "./Capability.ts"
import type * as Policy from "./Policy.ts"
import type * as Warning from "./Warning.ts"

/** Settings that mean the same with every vendor. A provider's own extend these. */
export interface Common {
  /** The largest number of tokens of the answer, reasoning included. Default: the vendor's, or the model's limit. */
  readonly maxOutputTokens?: number | undefined
  /** Randomness, from 0; the upper end is the vendor's. */
  readonly temperature?: number | undefined
  /** Nucleus sampling, from 0 to 1. */
  readonly topP?: number | undefined
  /** Only the so many likeliest tokens are drawn from. */
  readonly topK?: number | undefined
  /** Texts that end the answer. */
  readonly stopSequences?: ReadonlyArray<string> | undefined
  /** The same seed and request give the same answer as far as the vendor can; none promises it. A whole number. */
  readonly seed?: number | undefined
  /** Above 0, tokens that were used at all become less likely; from -2 to 2 with most vendors. */
  readonly presencePenalty?: number | undefined
  /** Above 0, tokens become less likely the more often they were used; from -2 to 2 with most vendors. */
  readonly frequencyPenalty?: number | undefined
  /** Whether the model may call several tools at once. Default: the vendor's, which is yes. */
  readonly parallelToolCalls?: boolean | undefined
  /** Holds tool arguments to their schema; a tool's own `Tool.Strict` wins. Default: the provider's documentation. */
  readonly strictTools?: boolean | undefined
  /** Members of the request body that this project has no name for. They win over what it writes. */
  readonly extraBody?: { readonly [key: string]: unknown } | undefined
  /**
   * What to do with a setting that the model refuses: fail before the network, or leave it out and say so in the
   * answer's warnings (`Warning.of`). Default: `error`.
   */
  readonly unsupported?: "error" | "warn" | undefined
}

/** The options of a model: its settings, and what happens to every request. */
export type ModelOptions<S extends Common, R> = S & { readonly policy?: Policy.Policy<R> | undefined }

/** The settings around a call, for one provider. */
export interface Override<S extends Common> {
  readonly reference: Context.Reference<Partial<S>>
  /** Changes settings of the calls inside an effect or a stream. The innermost wins. */
  readonly withConfigOverride: {
    (settings: Partial<S>): <Self extends Program>(self: Self) => Same<Self>
    <Self extends Program>(self: Self, settings: Partial<S>): Same<Self>
  }
}

/** An effect or a stream. */
export type Program = Effect.Effect<unknown, unknown, unknown> | Stream.Stream<unknown, unknown, unknown>

/** An effect or a stream of the same type. Not two overloads, because `pipe` sees the last alone. */
export type Same<Self> = Self extends Effect.Effect<infer A, infer E, infer R> ? Effect.Effect<A, E, R>
  : Self extends Stream.Stream<infer A, infer E, infer R> ? Stream.Stream<A, E, R>
  : never

/**
 * A provider's {@link Override}; `key` names its module.
 *
 * @example
 * ```ts
 * import * as Settings from "@llm-layers/core/Settings"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const config = Settings.override<Settings.Common>("acme/AcmeLanguageModel")
 * const around = Effect.gen(function*() {
 *   return yield* config.reference
 * }).pipe(config.withConfigOverride({ seed: 7 }), config.withConfigOverride({ seed: 1, topP: 0.5 }))
 * deepStrictEqual(Effect.runSync(around), { seed: 7, topP: 0.5 })
 * ```
 */
export const override = <S extends Common>(key: string): Override<S> => {
  const reference = Context.Reference<Partial<S>>(`${key}/Config`, { defaultValue: () => ({}) })
  const merged = (settings: Partial<S>) => (outer: Partial<S>): Partial<S> => ({ ...outer, ...settings })
  // `Same` says what comes out; TypeScript cannot follow which member of the union `self` is.
  const withConfigOverride: Override<S>["withConfigOverride"] = dual(
    2,
    (self: Program, settings: Partial<S>) =>
      Stream.isStream(self)
        ? Stream.updateService(self, reference, merged(settings))
        : Effect.updateService(self, reference, merged(settings))
  )
  return { reference, withConfigOverride }
}

/**
 * The `identity` of a driver with these settings. `others` is what else its requests depend on: the address and the version
 * of the API. `stateful` says of which settings the same request twice is not the same.
 *
 * @example
 * ```ts
 * import * as Settings from "@llm-layers/core/Settings"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const config = Settings.override<Settings.Common>("acme/AcmeLanguageModel")
 * const identity = Settings.identity(config, { seed: 1 }, { baseUrl: "https://api.acme.example" })
 * deepStrictEqual(Effect.runSync(config.withConfigOverride(identity, { topP: 0.5 })), {
 *   settings: { seed: 1, topP: 0.5 },
 *   baseUrl: "https://api.acme.example"
 * })
 * ```
 */
export const identity = <S extends Common>(
  override: Override<S>,
  options: S,
  others: { readonly [name: string]: unknown },
  stateful: (settings: S) => boolean = () => false
): Effect.Effect<object | undefined> =>
  Effect.map(override.reference, (around) => {
    const settings: S = { ...options, ...around }
    return stateful(settings) ? undefined : { settings, ...others }
  })

/** The settings of one call, after the model's capabilities. */
export interface Resolved<S extends Common> {
  readonly settings: S
  readonly warnings: ReadonlyArray<Warning.Warning>
}

/** Settings that a flag of the capability table speaks of. */
const flags = {
  temperature: "temperature",
  topP: "topP",
  topK: "topK",
  stopSequences: "stopSequences",
  seed: "seed",
  presencePenalty: "presencePenalty",
  frequencyPenalty: "frequencyPenalty"
} as const satisfies { readonly [name in keyof Common]?: Capability.Flag }

// `Object.entries` gives its keys as strings; they are those of the record above.
const flagged = Object.entries(flags) as ReadonlyArray<[keyof typeof flags, Capability.Flag]>

/**
 * The settings of one call. What the model refuses is an error, or is left out with a warning, as `unsupported` says.
 */
export const resolve = <S extends Common>(
  subject: Capability.Subject,
  override: Override<S>,
  options: S
): Effect.Effect<Resolved<S>, AiError.AiError> =>
  Effect.withFiber((fiber) => {
    const settings: S = { ...options, ...fiber.getRef(override.reference) }
    const warn = settings.unsupported === "warn"
    const warnings: Array<Warning.Warning> = []
    const dropped: { [name: string]: undefined } = {}
    const common: Common = settings
    for (const [name, flag] of flagged) {
      if (common[name] === undefined || subject.capabilities[flag]) continue
      const error = Capability.checkSettings(subject, [{ flag, name, given: true }])
      if (error !== undefined && !warn) return Effect.fail(error)
      dropped[name] = undefined
      warnings.push({ about: name, message: `${subject.model} does not support ${name}; it was left out` })
    }
    return Effect.succeed({ settings: warnings.length === 0 ? settings : { ...settings, ...dropped }, warnings })
  })
