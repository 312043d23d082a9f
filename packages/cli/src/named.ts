/** Which model a name stands for, where no key is needed to say so. */
import * as Configuration from "@llm-layers/registry/Configuration"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as Effect from "effect/Effect"
import * as Failure from "./failure.ts"
import * as Models from "./models.ts"

/** What was asked for, or what was configured where nothing was. */
export const asked = (names: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { configuration, mocked } = yield* Models.Models
    const own = configuration.model ?? configuration.roles["large"]
    if (names.length > 0) return names.map((name) => Configuration.modelOf(configuration, name))
    if (mocked) return ["mock/echo"]
    return own === undefined
      ? yield* new Failure.Usage({ message: "Say which model, with --model: `llm-layers models` lists some" })
      : [own]
  })

/**
 * The model as `provider/model`. Of several providers without a key, the one whose own names are like this; else the name
 * says too little.
 */
export const keyless = (name: string) =>
  Effect.gen(function*() {
    const { providers, registry } = yield* Models.Models
    const found = yield* Effect.catchTag(registry.resolve(name), "NoKey", (error) => {
      const names = error.providers.map(({ name }) => name)
      const own = providers.find((one) => names.includes(one.name) && one.claims(name))?.name
      const provider = names.length === 1 ? names[0] : own
      return provider === undefined
        ? Effect.fail(
          new ModelCatalog.AmbiguousModel({ model: name, candidates: names.map((one) => `${one}/${name}`) })
        )
        : Effect.succeed({ provider, model: name })
    })
    return { ...found, name: `${found.provider}/${found.model}` }
  })
