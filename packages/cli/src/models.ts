/** The models that the command can ask, under policies that suit a person who waits. */
import type * as Provider from "@llm-layers/core/Provider"
import * as Retry from "@llm-layers/policies/Retry"
import * as Timeout from "@llm-layers/policies/Timeout"
import * as Policy from "@llm-layers/core/Policy"
import * as Configuration from "@llm-layers/registry/Configuration"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Failure from "./failure.ts"
import { provider as mock } from "./mock.ts"
import { providers } from "./providers.ts"

/** Names are what a person typed, so that they are known at run time only. */
export type Registry = ProviderRegistry.Registry<string, string>

/** The providers, and what was configured. */
export class Models extends Context.Service<Models, {
  readonly registry: Registry
  readonly configuration: Configuration.Configuration
  readonly providers: ReadonlyArray<Provider.Any>
  /** Nothing but the model that needs no network. */
  readonly mocked: boolean
}>()("@llm-layers/cli/Models") {}

/** With `mock`, the one provider that needs neither key nor network. */
export const layer = (mocked: boolean) =>
  Layer.effect(
    Models,
    Effect.gen(function*() {
      const all: ReadonlyArray<Provider.Any> = mocked ? [mock] : providers
      const configuration = yield* Configuration.config()
      // The names of the list are texts here.
      const registry = (yield* ProviderRegistry.make({ providers: all, roles: configuration.roles })) as Registry
      return { registry, configuration, mocked, providers: all }
    })
  ).pipe(Layer.provideMerge(catalogue))

/** The catalogue, with what was configured of models. */
const catalogue = Layer.unwrap(
  Effect.map(Configuration.config(), ({ facts }) => ModelCatalog.layer({ facts }))
)

/** A role, a model, or where neither is said what was configured. */
export const nameOf = (asked: string | undefined) =>
  Effect.gen(function*() {
    const { configuration, mocked, registry } = yield* Models
    if (mocked) return "mock/echo"
    const name = asked ?? configuration.model ?? configuration.roles["large"]
    if (name === undefined) {
      return yield* new Failure.Usage({
        message: "Say which model to ask, with --model or LLM_MODEL: `llm-layers models` lists some"
      })
    }
    const role = configuration.roles[name] ?? name
    yield* registry.resolve(role)
    return role
  })

/** The language model of a name, with what was configured. */
export const languageModel = (name: string) =>
  Layer.unwrap(Effect.map(Models, ({ configuration, registry }) =>
    registry.languageModel(name, {
      ...configuration.settings,
      policy: Policy.compose(
        Retry.make({ times: configuration.retries, base: configuration.retryDelay }),
        Timeout.make({ total: configuration.timeout })
      )
    })))
