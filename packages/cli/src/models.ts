/** The models that the command can ask, under policies that suit a person who waits. */
import * as Policy from "@llm-layers/core/Policy"
import type * as Provider from "@llm-layers/core/Provider"
import type * as CommonSettings from "@llm-layers/core/Settings"
import * as Retry from "@llm-layers/policies/Retry"
import * as Timeout from "@llm-layers/policies/Timeout"
import * as UsageLedger from "@llm-layers/policies/UsageLedger"
import * as Configuration from "@llm-layers/registry/Configuration"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Failure from "./failure.ts"

/** Names are what a person typed, so that they are known at run time only. */
export type Registry = ProviderRegistry.Registry<string, string>

/** What was said for a call, in front of what was configured. */
export type Settings = CommonSettings.Common

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
      const configuration = yield* Configuration.config()
      const all = yield* Effect.promise(() => providers(mocked))
      const registry: Registry = yield* ProviderRegistry.make({ providers: all, roles: configuration.roles })
      return { registry, configuration, mocked, providers: all }
    })
  ).pipe(Layer.provideMerge(catalogue))

/** The vendors' packages are loaded where they are asked. */
const providers = async (mocked: boolean): Promise<ReadonlyArray<Provider.Any>> =>
  mocked ? [(await import("./mock.ts")).provider] : (await import("./providers.ts")).providers

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
    const { model, provider } = yield* registry.resolve(Configuration.modelOf(configuration, name))
    return `${provider}/${model}`
  })

/** The language model of a name, with what was configured. Where there is a ledger, it books what it is asked. */
export const languageModel = (name: string, settings: Settings = {}) =>
  Layer.unwrap(Effect.gen(function*() {
    const { configuration, registry } = yield* Models
    const ledger = yield* Effect.serviceOption(UsageLedger.UsageLedger)
    return registry.languageModel(name, {
      ...configuration.settings,
      ...settings,
      policy: Policy.compose(
        Retry.make({ times: configuration.retries, base: configuration.retryDelay }),
        Timeout.make({ total: configuration.timeout }),
        booked(ledger)
      )
    })
  }))

const booked = (ledger: Option.Option<UsageLedger.Ledger>): Policy.Policy => (driver) =>
  Option.isNone(ledger)
    ? Effect.succeed(driver)
    : Effect.provideService(UsageLedger.make()(driver), UsageLedger.UsageLedger, ledger.value)
