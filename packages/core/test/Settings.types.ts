import * as Settings from "@llm-layers/core/Settings"
import type { Effect, Stream } from "effect"

interface Config extends Settings.Common {
  readonly tier?: "a" | "b" | undefined
}

const { withConfigOverride } = Settings.override<Config>("@test/AcmeLanguageModel")

declare const effect: Effect.Effect<string, Error, "service">
declare const stream: Stream.Stream<string, Error, "service">

export const sameEffect: Effect.Effect<string, Error, "service"> = effect.pipe(withConfigOverride({ tier: "a" }))
export const sameStream: Stream.Stream<string, Error, "service"> = stream.pipe(withConfigOverride({ seed: 1 }))
export const first: Stream.Stream<string, Error, "service"> = withConfigOverride(stream, { temperature: 0 })

// @ts-expect-error: not a value of the setting
withConfigOverride({ tier: "c" })

// @ts-expect-error: no setting of this provider
withConfigOverride({ thinking: true })

// @ts-expect-error: the error is kept
export const never: Effect.Effect<string, never, "service"> = effect.pipe(withConfigOverride({}))
