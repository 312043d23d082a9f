import { assert, describe, it } from "@effect/vitest"
import { Driver, ErrorKind, Metadata, Pricing, ProviderError, Settings } from "@llm-layers/core"
import { ScriptedModel } from "@llm-layers/testing"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Deferred, Effect, Exit, Fiber, Redacted, Schema, Stream } from "effect"
import { type AiError, type LanguageModel, Prompt, Tool, Toolkit } from "effect/ai"
import { TestClock } from "effect/testing"
import { digestOf } from "../src/internal/cache/canonical.ts"
import * as ResponseCache from "../src/ResponseCache.ts"
import * as Cached from "./fixtures/cached.ts"

PolicyLaws.suite("ResponseCache", () => ResponseCache.make())
PolicyLaws.suite("ResponseCache, shared", () => ResponseCache.makeShared(), { layer: ResponseCache.layerMemory() })

/** Lets what is ready run. */
const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

const settled = <A, E>(fiber: Fiber.Fiber<A, E>) =>
  Effect.map(turns, () => {
    const exit = fiber.pollUnsafe()
    return exit === undefined ? "running" : Exit.isSuccess(exit) ? "done" : "failed"
  })

describe("the same request", () => {
  it.effect("is asked once", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make())
      assert.strictEqual(yield* cached.text("Hello"), "answer 1")
      assert.strictEqual(yield* cached.text("Hello"), "answer 1")
      assert.strictEqual(yield* cached.text("Other"), "answer 2")
      assert.strictEqual(yield* cached.asked, 2)
    }))

  it.effect("as a stream is given out as it was, and apart from a plain answer", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make())
      const first = yield* Cached.streamed(cached, "Hello")
      const second = yield* Cached.streamed(cached, "Hello")
      assert.strictEqual(Cached.textOf(second), "answer 1")
      assert.deepStrictEqual(second.slice(0, -1), first.slice(0, -1))
      assert.strictEqual(yield* cached.text("Hello"), "answer 2")
    }))

  it.effect("costs nothing the second time, and says what it had cost", () =>
    Effect.gen(function*() {
      const paid: Driver.Driver["generateText"] = () =>
        Effect.succeed([
          { type: "response-metadata", id: "1", metadata: { llmLayers: { usage: { inputTokens: { total: 3 } } } } },
          { type: "text", text: "Hi" },
          {
            type: "finish",
            reason: "stop",
            usage: { inputTokens: { total: 3 }, outputTokens: { total: 4 } },
            metadata: Metadata.merge(Pricing.reported(0.5), { acme: { id: 1 } })
          }
        ])
      const { driver } = yield* ScriptedModel.make([])
      const model = yield* Effect.flatMap(
        ResponseCache.make()({ ...driver, generateText: paid }),
        Driver.toLanguageModel
      )
      const first = yield* model.generateText({ prompt: "Hello" })
      const { content, usage } = yield* model.generateText({ prompt: "Hello" })
      assert.isUndefined(ResponseCache.hitOf(first.content))
      assert.strictEqual(usage.inputTokens.total, 0)
      assert.strictEqual(usage.outputTokens.total, 0)
      const metadata = content.find((part) => part.type === "finish")?.metadata
      assert.deepStrictEqual(metadata, {
        acme: { id: 1 },
        llmLayers: {
          cached: true,
          originalUsage: { inputTokens: { total: 3 }, outputTokens: { total: 4 } },
          originalCostUsd: 0.5
        }
      })
      assert.deepStrictEqual(ResponseCache.hitOf(content), {
        source: "cached",
        originalUsage: { inputTokens: { total: 3 }, outputTokens: { total: 4 } }
      })
      const early = Metadata.get(content[0]?.metadata, "llmLayers", "usage")
      assert.deepInclude(early, { outputTokens: { total: 0, text: 0 } })
    }))

  it.effect("is asked again after the time to live, and where the clock was put back", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make({ timeToLive: "1 minute" }))
      yield* TestClock.setTime(10_000_000)
      yield* cached.text("Hello")
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(yield* cached.text("Hello"), "answer 1")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* cached.text("Hello"), "answer 2")
      yield* TestClock.setTime(5_000_000)
      assert.strictEqual(yield* cached.text("Hello"), "answer 3")
      assert.strictEqual(yield* cached.text("Hello"), "answer 3")
    }))

  it.effect("is asked anew where the caller says so", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make())
      const as = (mode: "refresh" | "bypass") => Effect.provideService(cached.text("Hello"), ResponseCache.Mode, mode)
      yield* cached.text("Hello")
      assert.strictEqual(yield* as("bypass"), "answer 2")
      assert.strictEqual(yield* cached.text("Hello"), "answer 1")
      assert.strictEqual(yield* as("refresh"), "answer 3")
      assert.strictEqual(yield* cached.text("Hello"), "answer 3")
    }))
})

describe("the key", () => {
  const bytes = (length: number) => new Uint8Array(length).fill(7)
  const withFile = (data: Uint8Array) =>
    Prompt.make([{ role: "user", content: [{ type: "file", mediaType: "image/png", data }] }])

  const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })
  const weather = (description: string, parameters: Schema.Struct<Schema.Struct.Fields> = Weather.parametersSchema) =>
    Toolkit.make(Tool.make("Weather", { description, parameters, success: Schema.String }))
  const offered = (toolkit: ReturnType<typeof weather>) => (model: LanguageModel.LanguageModel) =>
    model.generateText({ prompt: "Hello", toolkit, disableToolCallResolution: true } as never)

  const object = (schema: Schema.Struct<Schema.Struct.Fields>) => (model: LanguageModel.LanguageModel) =>
    Effect.ignore(model.generateObject({ prompt: "Hello", schema, objectName: "it" } as never))

  const plain = (prompt: Prompt.RawInput) => (model: LanguageModel.LanguageModel) => model.generateText({ prompt })

  const distinct = {
    "the prompt": [plain("Hello"), plain("Hello.")],
    "its roles": [plain([{ role: "system", content: "Hello" }]), plain("Hello")],
    "options of a message": [
      plain([{ role: "user", content: "Hello", options: { acme: { cache: true } } }] as never),
      plain("Hello")
    ],
    "bytes of a file": [plain(withFile(bytes(10))), plain(withFile(bytes(11)))],
    "a tool": [offered(weather("Now")), plain("Hello")],
    "the description of a tool": [offered(weather("Now")), offered(weather("Soon"))],
    "the schema of a tool": [
      offered(weather("Now")),
      offered(weather("Now", Schema.Struct({ town: Schema.String })))
    ],
    "the schema of an object": [
      object(Schema.Struct({ a: Schema.String })),
      object(Schema.Struct({ a: Schema.Number }))
    ]
  }

  for (const [name, [one, other]] of Object.entries(distinct)) {
    it.effect(`tells apart ${name}`, () =>
      Effect.gen(function*() {
        const answer = JSON.stringify({ a: "1" })
        const cached = yield* Cached.make(ResponseCache.make(), () => answer)
        const ask = (call: typeof one) =>
          Effect.asVoid(
            // What a call needs beside the model is nothing here.
            (call?.(cached.model) ?? Effect.die("no call")) as Effect.Effect<unknown, unknown>
          )
        yield* ask(one)
        yield* ask(one)
        const before = yield* cached.asked
        yield* ask(other)
        assert.deepStrictEqual([before, yield* cached.asked], [1, 2])
      }))
  }

  it.effect("has the settings around the call, and passes what keeps a conversation", () =>
    Effect.gen(function*() {
      const config = Settings.override<Settings.Common & { readonly conversation?: string }>("acme")
      const { calls, driver } = yield* ScriptedModel.make(() => "Hi")
      const identity = Settings.identity(config, {}, {}, ({ conversation }) => conversation !== undefined)
      const model = yield* Effect.flatMap(ResponseCache.make()({ ...driver, identity }), Driver.toLanguageModel)
      const ask = model.generateText({ prompt: "Hello" })
      const asked = Effect.map(calls, (all) => all.length)
      yield* ask
      yield* ask
      assert.strictEqual(yield* asked, 1)
      yield* config.withConfigOverride(ask, { seed: 1 })
      assert.strictEqual(yield* asked, 2)
      yield* config.withConfigOverride(ask, { conversation: "1" })
      yield* config.withConfigOverride(ask, { conversation: "1" })
      assert.strictEqual(yield* asked, 4)
    }))

  it.effect("is none for a driver that does not tell its settings", () =>
    Effect.gen(function*() {
      const { calls, driver } = yield* ScriptedModel.make(() => "Hi")
      const { identity: _, ...untold } = driver
      const model = yield* Effect.flatMap(ResponseCache.make()(untold), Driver.toLanguageModel)
      yield* model.generateText({ prompt: "Hello" })
      yield* model.generateText({ prompt: "Hello" })
      assert.strictEqual((yield* calls).length, 2)
    }))

  it("is the same whatever the order of members, and holds nothing of what it was made of", () => {
    assert.strictEqual(digestOf({ a: 1, b: [2, undefined] }), digestOf({ b: [2, undefined], c: undefined, a: 1 }))
    assert.match(digestOf({ key: Redacted.make("sk-secret") }) ?? "", /^[0-9a-f]{64}$/)
  })

  it("tells values of different kinds apart", () => {
    const pairs: ReadonlyArray<readonly [unknown, unknown]> = [
      [1, "1"],
      [1n, 1],
      [[], {}],
      [null, undefined],
      [[["a"], "b"], ["a", ["b"]]],
      [new Uint8Array([1, 2]), [1, 2]],
      [new Uint8Array([1, 2]), new Uint8Array([1, 2, 3])],
      [new URL("https://a.example"), "https://a.example/"],
      [new Date(0), new Date(1)],
      [new Map([["a", 1]]), new Map([["a", 2]])],
      [Redacted.make("a"), Redacted.make("b")],
      [Redacted.make("a"), "a"]
    ]
    for (const [one, other] of pairs) {
      assert.isString(digestOf({ one }))
      assert.notStrictEqual(digestOf({ one }), digestOf({ one: other }))
    }
  })

  it("is none for what shows nothing of itself", () => {
    for (const value of [() => 1, Symbol("a"), new Blob(["a"]), new WeakMap()]) assert.isUndefined(digestOf({ value }))
  })
})

describe("not kept", () => {
  it.effect("failures, of which each is asked for", () =>
    Effect.gen(function*() {
      const script = [ScriptedModel.fail("Overloaded"), "Hello", ScriptedModel.fail("Overloaded"), "Hello again"]
      const cached = yield* Cached.make(ResponseCache.make(), script)
      assert.strictEqual(ErrorKind.kindOf((yield* Effect.flip(cached.text("Hi"))) as AiError.AiError), "Overloaded")
      assert.strictEqual(yield* cached.text("Hi"), "Hello")
      yield* Effect.flip(Cached.streamed(cached, "Hi"))
      assert.strictEqual(Cached.textOf(yield* Cached.streamed(cached, "Hi")), "Hello again")
    }))

  it.effect("streams that break off or are not read to their end", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make(), [
        ["Hel", ScriptedModel.fail("ConnectionFailed")],
        "Hello",
        "Hello again"
      ])
      yield* Effect.flip(Cached.streamed(cached, "Hi"))
      yield* Stream.runDrain(Stream.take(cached.model.streamText({ prompt: "Hi" }), 1))
      assert.strictEqual(Cached.textOf(yield* Cached.streamed(cached, "Hi")), "Hello again")
    }))

  const cut = (reason: "length" | "stop"): ReadonlyArray<ScriptedModel.Part> =>
    [
      { type: "text", text: "Hel" },
      { type: "finish", reason, usage: { inputTokens: {}, outputTokens: {} } }
    ] as never

  it.effect("answers that were cut, unless the program keeps them", () =>
    Effect.gen(function*() {
      const asks = (policy: ReturnType<typeof ResponseCache.make>, reason: "length" | "stop") =>
        Effect.gen(function*() {
          const { driver } = yield* ScriptedModel.make([])
          let asked = 0
          const generateText = () => Effect.sync(() => (asked++, [...cut(reason)] as never))
          const model = yield* Effect.flatMap(policy({ ...driver, generateText }), Driver.toLanguageModel)
          yield* model.generateText({ prompt: "Hi" })
          yield* model.generateText({ prompt: "Hi" })
          return asked
        })
      assert.strictEqual(yield* asks(ResponseCache.make(), "length"), 2)
      assert.strictEqual(yield* asks(ResponseCache.make(), "stop"), 1)
      assert.strictEqual(yield* asks(ResponseCache.make({ cacheWhen: () => true }), "length"), 1)
      assert.strictEqual(yield* asks(ResponseCache.make({ cacheWhen: () => false }), "stop"), 2)
    }))

  it.effect("an answer without the object that was asked for", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make(), [`{"a":1}`, `{"a":"one"}`])
      const ask = cached.model.generateObject({ prompt: "Hi", schema: Schema.Struct({ a: Schema.String }) })
      yield* Effect.flip(ask)
      assert.deepStrictEqual((yield* ask).value, { a: "one" })
      assert.deepStrictEqual((yield* ask).value, { a: "one" })
    }))

  it.effect("a call with arguments that the tool does not take", () =>
    Effect.gen(function*() {
      const Add = Tool.make("Add", { parameters: Schema.Struct({ n: Schema.Number }), success: Schema.Number })
      const toolkit = Toolkit.make(Add)
      const handlers = toolkit.toLayer({ Add: ({ n }) => Effect.succeed(n + 1) })
      const cached = yield* Cached.make(ResponseCache.make(), [
        ScriptedModel.toolCall("Add", { n: "one" }),
        ScriptedModel.toolCall("Add", { n: 1 })
      ])
      const ask = Effect.provide(cached.model.generateText({ prompt: "Hi", toolkit }), handlers)
      yield* Effect.flip(ask)
      assert.strictEqual((yield* ask).toolResults[0]?.result, 2)
      assert.strictEqual((yield* ask).toolResults[0]?.result, 2)
    }))
})

describe("a call that asks the same as one on its way", () => {
  const slow = ScriptedModel.deliver("one two three", { after: "1 second", every: "1 second" })

  it.effect("joins it, and pays nothing", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make(), [slow])
      const ask = cached.model.generateText({ prompt: "Hi" })
      const fibers = yield* Effect.all([Effect.forkChild(ask), Effect.forkChild(ask), Effect.forkChild(ask)])
      yield* TestClock.adjust("1 minute")
      const [first, ...others] = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.strictEqual(first?.text, "one two three")
      assert.deepStrictEqual(others.map((one) => one.text), ["one two three", "one two three"])
      assert.isUndefined(ResponseCache.hitOf(first?.content ?? []))
      assert.deepStrictEqual(others.map((one) => ResponseCache.hitOf(one.content)?.source), ["joined", "joined"])
      assert.deepStrictEqual(others.map((one) => one.usage.outputTokens.total), [0, 0])
      assert.strictEqual(yield* cached.asked, 1)
    }))

  it.effect("gets a stream from its start, while it goes on", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make(), [slow])
      const seen = { first: "", second: "" }
      const read = (name: "first" | "second") =>
        Effect.forkChild(Stream.runForEach(cached.model.streamText({ prompt: "Hi" }), (part) =>
          Effect.sync(() => {
            seen[name] += part.type === "text-delta" ? part.delta : ""
          })))
      const first = yield* read("first")
      yield* TestClock.adjust("3 seconds")
      yield* turns
      assert.strictEqual(seen.first, "one")
      const second = yield* read("second")
      yield* turns
      assert.strictEqual(seen.second, "one")
      yield* TestClock.adjust("1 second")
      yield* turns
      assert.deepStrictEqual(seen, { first: "one two", second: "one two" })
      yield* TestClock.adjust("1 minute")
      yield* Fiber.joinAll([first, second])
      assert.deepStrictEqual(seen, { first: "one two three", second: "one two three" })
      assert.strictEqual(yield* cached.asked, 1)
    }))

  it.effect("does not end with the first, and ends when nobody waits for it", () =>
    Effect.gen(function*() {
      for (const way of ["plain", "streamed"] as const) {
        const ended = yield* Deferred.make<void>()
        const { driver } = yield* ScriptedModel.make([])
        const answer = Effect.onInterrupt(Effect.never, () => Deferred.succeed(ended, undefined))
        const wrapped = yield* ResponseCache.make()({
          ...driver,
          generateText: () => answer,
          streamText: () => Stream.fromEffect(answer)
        })
        const model = yield* Driver.toLanguageModel(wrapped)
        const ask = way === "plain"
          ? Effect.asVoid(model.generateText({ prompt: "Hi" }))
          : Stream.runDrain(model.streamText({ prompt: "Hi" }))
        const [first, second] = [yield* Effect.forkChild(ask), yield* Effect.forkChild(ask)]
        yield* turns
        yield* Fiber.interrupt(first)
        assert.strictEqual(yield* settled(second), "running")
        assert.isFalse(Deferred.isDoneUnsafe(ended))
        yield* Fiber.interrupt(second)
        assert.isTrue(Deferred.isDoneUnsafe(ended))
      }
    }))

  it.effect("fails as it does, and the next asks anew", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make(), [
        Effect.andThen(Effect.sleep("1 second"), Effect.fail(ScriptedModel.fail("Overloaded"))),
        "Hello"
      ])
      const ask = Effect.flip(cached.text("Hi"))
      const fibers = [yield* Effect.forkChild(ask), yield* Effect.forkChild(ask)]
      yield* TestClock.adjust("1 second")
      const [one, other] = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.strictEqual(one, other)
      assert.strictEqual(yield* cached.text("Hi"), "Hello")
    }))
})

describe("in memory", () => {
  it.effect("the answer that was asked for longest ago goes first", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(ResponseCache.make({ maxEntries: 2 }))
      yield* cached.text("a")
      yield* cached.text("b")
      yield* cached.text("a")
      yield* cached.text("c")
      assert.strictEqual(yield* cached.text("a"), "answer 1")
      assert.strictEqual(yield* cached.text("b"), "answer 4")
    }))

  it.effect("there are no more bytes than are allowed", () =>
    Effect.gen(function*() {
      const cached = yield* Cached.make(
        ResponseCache.make({ maxBytes: 5_000 }),
        (prompt) => "x".repeat(Number(ScriptedModel.lastText(prompt)))
      )
      yield* cached.text("1000")
      yield* cached.text("1000")
      assert.strictEqual(yield* cached.asked, 1)
      // Larger than all that is allowed: what is there stays.
      yield* cached.text("3000")
      yield* cached.text("3000")
      yield* cached.text("1000")
      assert.strictEqual(yield* cached.asked, 3)
      // No room for two.
      yield* cached.text("1001")
      yield* cached.text("1000")
      assert.strictEqual(yield* cached.asked, 5)
    }))
})

describe("options that cannot be used are told per call", () => {
  for (
    const [name, policy] of Object.entries({
      timeToLive: ResponseCache.make({ timeToLive: 0 }),
      maxEntries: ResponseCache.make({ maxEntries: 0 }),
      maxBytes: ResponseCache.make({ maxBytes: -1 })
    })
  ) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const cached = yield* Cached.make(policy)
        const error = yield* Effect.flip(ProviderError.tagged(cached.model.generateText({ prompt: "Hi" })))
        assert.strictEqual(error._tag, "Unsupported")
        assert.include(error.message, name)
        assert.strictEqual(yield* cached.asked, 0)
      }))
  }
})
