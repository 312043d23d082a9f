import { assert, describe, it } from "@effect/vitest"
import * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import * as TokenCounter from "@llm-layers/registry/TokenCounter"
import { Config, ConfigProvider, Context, Effect, Fiber, Layer, Schema } from "effect"
import { type AiError, type LanguageModel, type Model, type Prompt, Tool } from "effect/ai"
import { TestClock } from "effect/testing"

class Client extends Context.Service<Client, { readonly key: string }>()("test/Client") {}

const origin = { provider: "acme", module: "Acme", method: "countTokens" }
const refused = ProviderError.make(origin, "Overloaded", { description: "No machine is free" })

interface Counts {
  readonly endpoint?: Effect.Effect<number, AiError.AiError>
  readonly local?: Effect.Effect<Provider.LocalCount | undefined, AiError.AiError>
  readonly client?: Layer.Layer<Client, Config.ConfigError>
}

/** A provider that counts as it is told to. */
const acme = ({ client = Layer.succeed(Client, { key: "key" }), endpoint, local }: Counts): Provider.Any =>
  Provider.make({
    name: "acme",
    claims: (model) => model.startsWith("acme-"),
    languageModel: (): Model.Model<"acme", LanguageModel.LanguageModel, Client> => {
      throw new Error("nothing is generated here")
    },
    countTokens: endpoint && (() => Effect.andThen(Client, endpoint)),
    countLocally: local && (() => local),
    client,
    keyName: "ACME_API_KEY",
    capabilities: { provider: {}, rows: [] },
    errors: []
  })

const catalog = ModelCatalog.layer({
  generated: false,
  facts: [ModelFacts.make("acme", "acme-1", { contextTokens: 1_000 }, "user")]
})

const withCounter = <A, E>(
  use: (counter: TokenCounter.Counter) => Effect.Effect<A, E>,
  counts: Counts = {},
  options: TokenCounter.Options = {}
) =>
  Effect.flatMap(TokenCounter.TokenCounter, use).pipe(
    Effect.provide(Layer.provide(TokenCounter.layer({ providers: [acme(counts)], ...options }), catalog))
  )

const hello: Provider.CountRequest = { prompt: "Hello" }
const local = Effect.succeed({ tokens: 5, method: "words", errorBound: 2 })
const counted = (counts: Counts, options?: TokenCounter.Options, model = "acme/acme-1") =>
  withCounter(({ count }) => count(model, hello), counts, options)

const image: Prompt.MessageEncoded = {
  role: "user",
  content: [
    { type: "text", text: "word ".repeat(1_000) },
    { type: "file", mediaType: "image/png", data: new Uint8Array(9) }
  ]
}

describe("estimate", () => {
  it("is an estimate, with its bound", () => {
    const count = TokenCounter.estimate("claude-sonnet-4-5", hello)
    assert.strictEqual(count._tag, "Estimated")
    assert.isTrue(TokenCounter.least(count) >= 0 && TokenCounter.most(count) > 8)
  })

  it("has what the vendor tells its model of tools", () => {
    const look = Tool.make("look", { parameters: Schema.Struct({ at: Schema.String }) })
    const least = (model: string) => TokenCounter.most(TokenCounter.estimate(model, { ...hello, tools: [look] }))
    assert.isAbove(least("anthropic/claude-sonnet-4-5"), 485)
    assert.isBelow(least("gpt-5"), 100)
    const none = { ...hello, tools: [look], toolChoice: { oneOf: [] } }
    assert.isBelow(TokenCounter.most(TokenCounter.estimate("claude-sonnet-4-5", none)), 100)
  })

  it("has a wide bound where reasoning is given back, and for a model nobody knows", () => {
    const prompt: Prompt.RawInput = [
      { role: "user", content: "Hello" },
      { role: "assistant", content: [{ type: "reasoning", text: "word ".repeat(100) }, { type: "text", text: "Hi" }] }
    ]
    const count = TokenCounter.estimate("gpt-5", { prompt })
    assert.isTrue(count._tag === "Estimated" && count.errorBound > count.tokens * 0.7)
    const unknown = TokenCounter.estimate("someones-model", hello)
    assert.isTrue(unknown._tag === "Estimated" && unknown.errorBound >= 200)
  })

  it("does not know of files and of the vendor's tools, and says how much there is at least", () => {
    const files = TokenCounter.estimate("gpt-5", { prompt: [image] })
    assert.isTrue(files._tag === "Unknown" && files.atLeast > 500 && /files/.test(files.reason))
    const search = Tool.providerDefined({ id: "acme.search", customName: "search", providerName: "search" })()
    const tools = TokenCounter.estimate("gpt-5", { ...hello, tools: [search] })
    assert.isTrue(tools._tag === "Unknown" && /tools/.test(tools.reason))
  })
})

describe("count", () => {
  it.effect("is the vendor's own where there is an endpoint", () =>
    Effect.gen(function*() {
      const endpoint = Effect.succeed(7)
      const exact: TokenCounter.Count = { _tag: "Exact", tokens: 7, method: "endpoint" }
      assert.deepStrictEqual(yield* counted({ endpoint, local }), exact)
      assert.deepStrictEqual(yield* counted({ endpoint, local }, {}, "acme-1"), exact)
    }))

  it.effect("is by the next method where the endpoint fails, and has the failure", () =>
    Effect.gen(function*() {
      const failing = { endpoint: Effect.fail(refused) }
      const byWords = yield* counted({ ...failing, local })
      assert.deepStrictEqual(byWords, {
        _tag: "Estimated",
        tokens: 5,
        method: "words",
        errorBound: 2,
        failure: refused
      })
      const byCharacters = yield* counted({ ...failing, local: Effect.fail(refused) })
      assert.isTrue(byCharacters._tag === "Estimated" && byCharacters.method === "heuristic")
      assert.strictEqual(byCharacters._tag === "Estimated" ? byCharacters.failure : undefined, refused)
    }))

  it.effect("is without the endpoint where there is no key", () =>
    Effect.gen(function*() {
      const client = Layer.effect(Client, Effect.map(Config.String("ACME_API_KEY"), (key) => ({ key })))
      const count = yield* counted({ endpoint: Effect.succeed(7), local, client })
      assert.isTrue(count._tag === "Estimated" && count.failure?._tag === "ConfigError")
    }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: {} })))))

  it.effect("does not wait for a slow endpoint", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(counted({ endpoint: Effect.never, local }, { timeout: "2 seconds" }))
      yield* TestClock.adjust("2 seconds")
      const count = yield* Fiber.join(fiber)
      const failure = count._tag === "Estimated" && count.failure?._tag === "AiError" ? count.failure : undefined
      assert.strictEqual(failure && ProviderError.kindOf(failure), "TimedOut")
    }))

  it.effect("is by the methods that are asked for, and unknown where none can", () =>
    Effect.gen(function*() {
      const endpoint = Effect.die("the endpoint was asked")
      const byWords = yield* counted({ endpoint, local }, { methods: ["local", "heuristic"] })
      assert.strictEqual(byWords._tag, "Estimated")
      const none = yield* counted({ local: Effect.succeed(undefined) }, { methods: ["local"] })
      assert.strictEqual(none._tag, "Unknown")
      const other = yield* counted({ endpoint, local }, {}, "other/model")
      assert.isTrue(other._tag === "Estimated" && other.method === "heuristic")
    }))
})

describe("fits", () => {
  const facts = ModelFacts.make("acme", "acme-1", { contextTokens: 1_000, inputTokens: 900 }, "user")
  const exact = (tokens: number): TokenCounter.Count => ({ _tag: "Exact", tokens, method: "endpoint" })
  const about = (tokens: number): TokenCounter.Count => ({ _tag: "Estimated", tokens, method: "x", errorBound: 50 })

  it.each(
    [
      [exact(900), 0, "Fits"],
      [exact(901), 0, "TooLong"],
      [exact(801), 200, "TooLong"],
      [about(850), 0, "Fits"],
      [about(851), 0, "Unsure"],
      [about(951), 0, "TooLong"],
      [{ _tag: "Unknown", reason: "files", atLeast: 10 }, 0, "Unsure"],
      [{ _tag: "Unknown", reason: "files", atLeast: 901 }, 0, "TooLong"]
    ] satisfies ReadonlyArray<readonly [TokenCounter.Count, number, TokenCounter.Fit["_tag"]]>
  )(
    "%o with %d kept: %s",
    (count, reserve, tag) => {
      assert.strictEqual(TokenCounter.fits(count, facts, { reserve })._tag, tag)
    }
  )

  it("is unsure of a model without facts", () => {
    assert.strictEqual(TokenCounter.fits(exact(1e9), undefined)._tag, "Unsure")
  })

  it.effect("is by the facts of the model's own provider where another claims the whole name", () =>
    Effect.gen(function*() {
      const router: Provider.Any = { ...acme({}), name: "router", claims: (model) => model.includes("/") }
      const use = (counter: TokenCounter.Counter) => counter.fits("acme/acme-1", hello)
      assert.strictEqual((yield* withCounter(use, {}, { providers: [router] })).limit, 1_000)
    }))

  it.effect("is by the catalogue, and check fails with ContextOverflow", () =>
    Effect.gen(function*() {
      const long = { endpoint: Effect.succeed(1_001) }
      const fit = yield* withCounter((counter) => counter.fits("acme/acme-1", hello), long)
      assert.strictEqual(fit._tag, "TooLong")
      const error = yield* Effect.flip(withCounter((counter) => counter.check("acme/acme-1", hello), long))
      assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
      assert.include(error.message, "1001 tokens, and acme/acme-1 takes 1000")
      const unknown = yield* withCounter((counter) => counter.check("acme/acme-2", hello), long)
      assert.strictEqual(unknown._tag, "Unsure")
    }))
})

describe("truncate", () => {
  const chat: ReadonlyArray<Prompt.MessageEncoded> = [
    { role: "system", content: "Be brief" },
    ...Array.from({ length: 10 }, (_, at): Prompt.MessageEncoded => ({
      role: at % 2 === 0 ? "user" : "assistant",
      content: "word ".repeat(150)
    })),
    { role: "user", content: "And now?" }
  ]
  const truncate = (prompt: Prompt.RawInput, model = "acme/acme-1", reserve = 0) =>
    withCounter((counter) => counter.truncate(model, { prompt }, { reserve }))

  it.effect("leaves the oldest out until the rest fits, with the error of the count", () =>
    Effect.gen(function*() {
      const { count, messages, prompt } = yield* truncate(chat)
      assert.isTrue(messages > 0 && messages < 11)
      assert.isAtMost(TokenCounter.most(count), 1_000)
      assert.strictEqual(prompt.content[0]?.role, "system")
      assert.strictEqual(prompt.content[1]?.role, "user")
      assert.isAbove((yield* truncate(chat, "acme/acme-1", 500)).messages, messages)
    }))

  it.effect("leaves a prompt that fits, and one for a model of no known limit", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* truncate("Hello")).messages, 0)
      assert.strictEqual((yield* truncate(chat, "acme/acme-2")).messages, 0)
    }))

  it.effect("fails where what has to stay is too long", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(truncate("word ".repeat(2_000)))
      assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
    }))
})
