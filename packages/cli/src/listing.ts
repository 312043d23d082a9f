/** What the vendors themselves list, each in its own time. */
import type * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
import type * as RegistryError from "@llm-layers/registry/RegistryError"
import type * as AiError from "effect/ai/AiError"
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

/** Why a provider has no list. */
export type Failure = AiError.AiError | Config.ConfigError | RegistryError.NotListed

/** Longer than a list takes, and not longer than a person waits for it. */
const patience = Duration.seconds(15)

/** The models of one provider, or why there are none. */
export const of = (provider: Provider.Any) =>
  Effect.scoped(Effect.flatMap(
    // A registry of its own: one vendor that is slow must not hide what the others say.
    ProviderRegistry.make({ providers: [provider] }),
    ({ listModels }) => listModels
  )).pipe(
    Effect.map((listed) => listed[provider.name] ?? Result.fail(late(provider.name))),
    Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.succeed(Result.fail(late(provider.name))) })
  )

/** The models of all of them, asked for at once. */
export const ofAll = (providers: ReadonlyArray<Provider.Any>) =>
  Effect.forEach(providers, (provider) => Effect.map(of(provider), (listed) => ({ provider, listed })), {
    concurrency: "unbounded"
  })

const late = (provider: string) =>
  ProviderError.make({ provider, module: "llm-layers", method: "listModels" }, "TimedOut", {
    description: `${provider} did not list its models within ${Duration.format(patience)}`
  })
