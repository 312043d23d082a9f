/** What the environment has for a provider. */
import type * as Provider from "@llm-layers/core/Provider"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Failure from "./failure.ts"

/** What was found of a provider's settings. */
export interface Found {
  readonly provider: string
  readonly ready: boolean
  /** The names that had something, as `OPENAI_API_KEY`. */
  readonly names: ReadonlyArray<string>
  /** What is to be done where it is not ready. */
  readonly missing: string
}

/** Makes the provider's client, and watches what it reads. */
export const of = (provider: Provider.Any): Effect.Effect<Found> =>
  Effect.gen(function*() {
    const source = yield* ConfigProvider.ConfigProvider
    const names = new Set<string>()
    const watched = ConfigProvider.make((path) =>
      Effect.tap(source.load(path), (node) =>
        Effect.sync(() => {
          if (node?.value !== undefined && node.value.trim() !== "") names.add(path.join("."))
        }))
    )
    const made = yield* Layer.build(Layer.fresh(provider.client)).pipe(
      Effect.scoped,
      Effect.provideService(ConfigProvider.ConfigProvider, watched),
      Effect.result
    )
    return {
      provider: provider.name,
      ready: Result.isSuccess(made),
      names: [...names],
      missing: Result.isSuccess(made)
        ? ""
        : names.size === 0
        ? `set ${provider.keyName}`
        : Failure.show(made.failure).message
    }
  })
