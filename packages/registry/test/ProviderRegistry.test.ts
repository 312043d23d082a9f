import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
import * as ScriptedEmbeddingModel from "@llm-layers/testing/ScriptedEmbeddingModel"
import {
  Config,
  ConfigProvider,
  Context,
  Deferred,
  Effect,
  Exit,
  Fiber,
  Layer,
  Logger,
  Ref,
  References,
  Result,
  Scope,
  Stream
} from "effect"
import { EmbeddingModel, LanguageModel, Model } from "effect/ai"
import { TestClock } from "effect/testing"

/** A provider whose models say who they are; its clients are counted. */
const vendor = <const Name extends string>(name: Name, options: {
  readonly claims?: RegExp
  readonly embeds?: boolean
  readonly models?: ReadonlyArray<string> | "fails" | undefined
} = {}) => {
  class Client extends Context.Service<Client, string>()(`@test/${name}/Client`) {}
  const clients = { made: 0, open: 0 }
  const keyName = `${name.toUpperCase()}_KEY`
  const origin = { provider: name, module: `${name}Models`, method: "list" }
  const driver = (model: string, settings: object) =>
    Effect.map(Client, (key): Driver.Driver => ({
      provider: name,
      module: `${name}LanguageModel`,
      model,
      capabilities: Capability.all,
      codecTransformer: ToolParameters.plain,
      generateText: () =>
        Effect.succeed([
          { type: "text", text: `${name} ${model} ${key} ${JSON.stringify(settings)}` },
          { type: "finish", reason: "stop", usage: Usage.unknown }
        ]),
      streamText: () => Stream.empty
    }))
  const provider = Provider.make({
    name,
    keyName,
    claims: (model) => options.claims?.test(model) === true,
    capabilities: { provider: { videoInput: false }, rows: [] },
    errors: [],
    client: Layer.effect(
      Client,
      Effect.acquireRelease(
        Effect.map(Config.String(keyName), (key) => {
          clients.made++
          clients.open++
          return key
        }),
        () => Effect.sync(() => clients.open--)
      )
    ),
    languageModel: (model, { policy, ...settings } = {}) =>
      Model.make(name, model, Driver.layer(driver(model, settings), policy)),
    ...(options.embeds === true
      ? {
        embeddingModel: (model: string) =>
          Model.make(
            name,
            model,
            Layer.effect(
              EmbeddingModel.EmbeddingModel,
              Effect.andThen(Client, Effect.map(ScriptedEmbeddingModel.make(), ({ model }) => model))
            )
          )
      }
      : undefined),
    ...(options.models === undefined ? undefined : {
      listModels: Effect.flatMap(Client, () =>
        options.models === "fails" || options.models === undefined
          ? Effect.fail(ProviderError.make(origin, "Overloaded"))
          : Effect.succeed(options.models.map((id) => ({ id }))))
    })
  })
  return { provider, clients }
}

const facts = (provider: string, id: string, known: ModelFacts.Known = {}) =>
  ModelFacts.make(provider, id, known, "user")

const catalog = ModelCatalog.layer({
  generated: false,
  facts: [
    facts("red", "big", { contextTokens: 7 }),
    facts("blue", "big"),
    facts("blue", "small"),
    facts("router", "red/big")
  ]
})

const keys = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const all = { RED_KEY: "r", BLUE_KEY: "b", ROUTER_KEY: "o" }

/** Runs with a registry of these providers, the keys and the catalogue above. */
const run = <A, E>(
  program: Effect.Effect<A, E, Scope.Scope | ModelCatalog.ModelCatalog>,
  env: Record<string, string> = all
) => program.pipe(Effect.scoped, Effect.provide(catalog), Effect.provide(keys(env)))

const said = (layer: Layer.Layer<ProviderRegistry.Supplied, unknown>) =>
  Effect.map(Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), layer), ({ text }) => text)

const colours = () => ({
  red: vendor("red", { claims: /^red-/, models: ["big", "new"] }),
  blue: vendor("blue", { claims: /^(blue|red)-/, embeds: true, models: "fails" }),
  router: vendor("router", { claims: /\// })
})

const made = ({ blue, red, router }: ReturnType<typeof colours>) =>
  ProviderRegistry.make({
    providers: [red.provider, blue.provider, router.provider],
    roles: { large: "red/big", small: "small" }
  })

describe("resolve", () => {
  const resolved = (name: string, env?: Record<string, string>) =>
    run(Effect.flatMap(made(colours()), (registry) => registry.resolve(name)), env).pipe(
      Effect.match({ onFailure: (error) => error.message, onSuccess: ({ model, provider }) => `${provider}: ${model}` })
    )

  it.effect.each<readonly [string, string]>([
    ["red/anything at all", "red: anything at all"],
    ["router/red/big", "router: red/big"],
    // The catalogue has it with one provider.
    ["small", "blue: small"],
    // No rule, no provider of the name: a catalogue's id with a slash.
    ["red-hot", "red: red-hot"],
    ["green/big", "router: green/big"]
  ])("%s is %s", ([name, expected]) => Effect.map(resolved(name), (found) => assert.strictEqual(found, expected)))

  it.effect("takes no provider without a key where the name does not say it", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* resolved("red-hot", { BLUE_KEY: "b" }), "blue: red-hot")
      assert.strictEqual(yield* resolved("big", { BLUE_KEY: "b" }), "blue: big")
      assert.strictEqual(yield* resolved("small", {}), `"small" needs a key: set BLUE_KEY (blue)`)
      assert.strictEqual(yield* resolved("red-hot", {}), `"red-hot" needs a key: set RED_KEY (red) or BLUE_KEY (blue)`)
    }))

  it.effect("says which names are like one that its form alone gives to a provider without a key", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* resolved("rde/big", {}),
        `"rde/big" needs a key: set ROUTER_KEY (router). Did you mean red/big, blue/big?`
      )
    }))

  it.effect("says what there is in place of a name it does not know", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* resolved("big"),
        `Several providers have a model "big": say which, as in red/big, blue/big`
      )
      assert.strictEqual(
        yield* resolved("smal"),
        `No provider is known to have "smal". Did you mean blue/small? Else say whose it is, as in "blue/smal". Available: blue, red, router`
      )
      const alone = run(Effect.gen(function*() {
        const registry = yield* ProviderRegistry.make({ providers: [vendor("red").provider] })
        return yield* Effect.flip(registry.resolve("green/big"))
      }))
      assert.strictEqual(
        (yield* alone).message,
        `There is no provider "green" for "big". Did you mean red/big? Available: red`
      )
      assert.strictEqual((yield* alone)._tag, "UnknownProvider")
      for (const name of ["", "red/", "green/"]) {
        assert.strictEqual(
          yield* resolved(name),
          `"${name}" names no model: write provider/model. Available: blue, red, router`
        )
      }
    }))

  it.effect("asks no provider without a name for a bare one", () =>
    run(Effect.gen(function*() {
      const nameless = { ...vendor("red").provider, name: "" }
      const registry = yield* ProviderRegistry.make({ providers: [nameless, vendor("blue").provider] })
      assert.deepStrictEqual(yield* registry.resolve("small"), { provider: "blue", model: "small" })
      assert.strictEqual((yield* Effect.flip(registry.resolve("tiny")))._tag, "UnknownModel")
    })))

  it.effect("says what is wrong with a provider that has a key and no client", () =>
    Effect.gen(function*() {
      const { provider } = vendor("red", { claims: /^red-/ })
      const broken = { ...provider, client: Layer.effectDiscard(Config.URL("RED_URL")) }
      const error = yield* run(
        Effect.gen(function*() {
          const registry = yield* ProviderRegistry.make({ providers: [broken] })
          return yield* Effect.flip(registry.resolve("red-hot"))
        }),
        { RED_KEY: "r", RED_URL: "no address" }
      )
      assert.strictEqual(error._tag, "NoKey")
      assert.include(error.message, "RED_URL")
      assert.notInclude(error.message, "set RED_KEY")
    }))

  it.effect("names what is like a name among its own providers, however many others have names that are liker", () =>
    Effect.gen(function*() {
      const others = Array.from({ length: 30 }, (_, index) => facts(`other${index}`, "bigger"))
      const crowded = ModelCatalog.layer({ generated: false, facts: [...others, facts("red", "biggest")] })
      const error = yield* Effect.gen(function*() {
        const registry = yield* ProviderRegistry.make({ providers: [vendor("red").provider] })
        return yield* Effect.flip(registry.resolve("biggerr"))
      }).pipe(Effect.scoped, Effect.provide(crowded))
      assert.strictEqual(error._tag, "UnknownModel")
      assert.include(error.message, "red/biggest")
    }))
})

describe("languageModel", () => {
  it.effect("is the provider's, with its name, settings and policy", () =>
    run(Effect.gen(function*() {
      const registry = yield* made(colours())
      class Need extends Context.Service<Need, string>()("@test/Need") {}
      const seen: Array<string> = []
      const policy: Policy.Policy<Need> = (driver) =>
        Effect.map(Need, (need) => {
          seen.push(`${need} ${driver.model}`)
          return driver
        })
      const layer = registry.languageModel("red/big", { temperature: 0.5, policy })
      assert.strictEqual(
        yield* said(Layer.provide(layer, Layer.succeed(Need, "here"))),
        `red big r {"temperature":0.5}`
      )
      assert.deepStrictEqual(seen, ["here big"])
      const names = Effect.all([Model.ProviderName, Model.ModelName])
      assert.deepStrictEqual(yield* Effect.provide(names, registry.languageModel("small")), ["blue", "small"])
    })))

  it.effect("fails with the configuration's error where the named provider has no key", () =>
    run(
      Effect.gen(function*() {
        const registry = yield* made(colours())
        const error = yield* Effect.flip(
          Effect.provide(LanguageModel.generateText({ prompt: "" }), registry.languageModel("red/big"))
        )
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, "RED_KEY")
      }),
      {}
    ))

  it.effect("keeps one client for all models of a provider, for a while", () =>
    run(Effect.gen(function*() {
      const given = colours()
      const registry = yield* made(given)
      yield* Effect.all([said(registry.languageModel("red/big")), said(registry.languageModel("red/other"))], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(given.red.clients, { made: 1, open: 1 })
      assert.deepStrictEqual(given.blue.clients, { made: 0, open: 0 })
      yield* TestClock.adjust("4 minutes")
      assert.strictEqual(given.red.clients.open, 1)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(given.red.clients.open, 0)
      yield* said(registry.languageModel("red/big"))
      assert.deepStrictEqual(given.red.clients, { made: 2, open: 1 })
    })))

  it.effect("closes its clients with its scope", () =>
    Effect.gen(function*() {
      const given = colours()
      const scope = yield* Scope.make()
      const registry = yield* Scope.provide(made(given), scope)
      yield* said(registry.languageModel("red/big"))
      assert.strictEqual(given.red.clients.open, 1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(given.red.clients.open, 0)
    }).pipe(Effect.provide(catalog), Effect.provide(keys(all))))

  it.effect("makes another client after the last was let go of, or could not be made", () =>
    Effect.gen(function*() {
      const env = yield* Ref.make<Record<string, string>>({})
      const provider = ConfigProvider.make((path) =>
        Effect.map(Ref.get(env), (env) => {
          const value = env[path.join("_")]
          return value === undefined ? undefined : ConfigProvider.makeValue(value)
        })
      )
      yield* Effect.gen(function*() {
        const given = colours()
        const registry = yield* made(given)
        assert.strictEqual((yield* Effect.exit(said(registry.languageModel("red/big"))))._tag, "Failure")
        yield* Ref.set(env, { RED_KEY: "first" })
        assert.include(yield* said(registry.languageModel("red/big")), "first")
        yield* Ref.set(env, { RED_KEY: "second" })
        assert.include(yield* said(registry.languageModel("red/big")), "first")
        yield* registry.invalidate("red")
        assert.include(yield* said(registry.languageModel("red/big")), "second")
        yield* Ref.set(env, { RED_KEY: "third" })
        yield* registry.invalidateAll
        assert.include(yield* said(registry.languageModel("red/big")), "third")
        assert.deepStrictEqual(given.red.clients, { made: 3, open: 1 })
      }).pipe(Effect.scoped, Effect.provide(catalog), Effect.provide(ConfigProvider.layer(provider)))
    }))

  it.effect("makes another client after one that is in use was let go of, which stays for those who use it", () =>
    Effect.gen(function*() {
      const env = yield* Ref.make<Record<string, string>>({ RED_KEY: "first" })
      const provider = ConfigProvider.make((path) =>
        Effect.map(Ref.get(env), (env) => {
          const value = env[path.join("_")]
          return value === undefined ? undefined : ConfigProvider.makeValue(value)
        })
      )
      yield* Effect.gen(function*() {
        const given = colours()
        const registry = yield* made(given)
        const ask = Effect.map(LanguageModel.generateText({ prompt: "Hi" }), ({ text }) => text)
        yield* Effect.gen(function*() {
          assert.include(yield* ask, "first")
          yield* Ref.set(env, { RED_KEY: "second" })
          yield* registry.invalidate("red")
          // Beside the model that has the old client, and inside of what it is provided to.
          assert.include(yield* Effect.provide(ask, registry.languageModel("red/other")), "second")
          assert.deepStrictEqual(given.red.clients, { made: 2, open: 2 })
          assert.include(yield* ask, "first")
        }).pipe(Effect.provide(registry.languageModel("red/big")))
        assert.deepStrictEqual(given.red.clients, { made: 2, open: 1 })
      }).pipe(Effect.scoped, Effect.provide(catalog), Effect.provide(ConfigProvider.layer(provider)))
    }))
})

describe("invalidate", () => {
  it.effect("counts for a client that is still being made", () =>
    run(Effect.gen(function*() {
      class Client extends Context.Service<Client, string>()("@test/slow/Client") {}
      const [begun, goOn] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      let key = "old"
      const slow = Provider.make({
        ...vendor("slow").provider,
        client: Layer.effect(
          Client,
          Effect.suspend(() => {
            const read = key
            return Effect.as(Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(goOn)), read)
          })
        ),
        languageModel: (): Model.Model<"slow", LanguageModel.LanguageModel, Client> => {
          throw new Error("nothing is generated here")
        },
        listModels: Effect.map(Client, (key) => [{ id: key }])
      })
      const registry = yield* ProviderRegistry.make({ providers: [slow] })
      const first = yield* Effect.forkChild(registry.listModelsOf("slow"))
      yield* Deferred.await(begun)
      key = "new"
      yield* registry.invalidate("slow")
      yield* Deferred.succeed(goOn, undefined)
      assert.deepStrictEqual(yield* Fiber.join(first), [{ id: "old" }])
      assert.deepStrictEqual(yield* registry.listModelsOf("slow"), [{ id: "new" }])
    })))
})

describe("embeddingModel", () => {
  it.effect("is the provider's, where it embeds", () =>
    run(Effect.gen(function*() {
      const registry = yield* made(colours())
      const embed = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("a"))
      assert.lengthOf((yield* Effect.provide(embed, registry.embeddingModel("blue/vectors"))).vector, 64)
      const error = yield* Effect.flip(Effect.provide(embed, registry.embeddingModel("red/vectors")))
      assert.strictEqual(error._tag, "NoEmbeddings")
    })))
})

describe("role", () => {
  it.effect("is the model that was given it", () =>
    run(Effect.gen(function*() {
      const registry = yield* made(colours())
      assert.include(yield* said(registry.role("large")), "red big")
      assert.include(yield* said(registry.role("small", { seed: 1 })), `blue small b {"seed":1}`)
    })))
})

describe("add and remove", () => {
  it.effect("are not needed for two providers of one name: the later is taken, with a warning", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => lines.push(`${logLevel}: ${String(message)}`))
    return run(Effect.gen(function*() {
      const [first, second] = [vendor("red"), vendor("red", { claims: /^red-/ })]
      const registry = yield* ProviderRegistry.make({ providers: [first.provider, second.provider] })
      assert.deepStrictEqual(registry.list, ["red"])
      assert.deepStrictEqual(lines, [`Warn: The registry has another provider "red" now`])
      yield* said(registry.languageModel("big"))
      yield* said(registry.languageModel("red-hot"))
      assert.deepStrictEqual([first.clients.made, second.clients.made], [0, 1])
    })).pipe(Effect.provide(Logger.layer([logger])))
  })

  it.effect("give another registry, and leave this one as it is", () =>
    run(Effect.gen(function*() {
      const registry = yield* made(colours())
      const more = yield* registry.add(vendor("green").provider)
      assert.deepStrictEqual(more.list, ["blue", "green", "red", "router"])
      assert.deepStrictEqual(registry.list, ["blue", "red", "router"])
      assert.isTrue(more.has("green"))
      assert.isFalse(registry.has("green"))
      assert.deepStrictEqual(more.remove("red").list, ["blue", "green", "router"])
      assert.strictEqual((yield* more.remove("red").resolve("big")).provider, "blue")
      const replaced = yield* registry.add(vendor("red", { claims: /^big$/ }).provider)
      assert.deepStrictEqual(replaced.list, ["blue", "red", "router"])
    })))

  it.effect("are told of: a provider more in the details, one in the place of another as a warning", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => lines.push(`${logLevel}: ${String(message)}`))
    return run(Effect.gen(function*() {
      const registry = yield* made(colours())
      yield* registry.add(vendor("green").provider)
      yield* registry.add(vendor("red").provider)
      assert.deepStrictEqual(lines, [
        `Debug: The registry has a provider "green" more`,
        `Warn: The registry has another provider "red" now`
      ])
    })).pipe(Effect.provide(Logger.layer([logger])), Effect.provideService(References.MinimumLogLevel, "All"))
  })
})

describe("info", () => {
  it.effect("is what table and catalogue say", () =>
    run(Effect.gen(function*() {
      const { capabilities, facts } = yield* (yield* made(colours())).info("red/big")
      assert.isFalse(capabilities.videoInput)
      assert.strictEqual(facts?.contextTokens, 7)
      assert.isUndefined((yield* (yield* made(colours())).info("red/unheard of")).facts)
    })))
})

describe("listModels", () => {
  it.effect("has the models of those that answer, and why the others do not", () =>
    run(
      Effect.gen(function*() {
        const { blue, red, router } = yield* (yield* made(colours())).listModels
        assert.deepStrictEqual(Result.getOrUndefined(red)?.map(({ id }) => id), ["big", "new"])
        assert.strictEqual(Result.isFailure(blue) && blue.failure._tag, "AiError")
        assert.strictEqual(Result.isFailure(router) && router.failure._tag, "NotListed")
      })
    ))

  it.effect("has those of one provider, too", () =>
    run(
      Effect.gen(function*() {
        const registry = yield* made(colours())
        assert.deepStrictEqual((yield* registry.listModelsOf("red")).map(({ id }) => id), ["big", "new"])
        assert.strictEqual((yield* Effect.flip(registry.listModelsOf("blue")))._tag, "AiError")
        assert.strictEqual((yield* Effect.flip(registry.listModelsOf("router")))._tag, "NotListed")
      })
    ))
})
