/** Calls without tools take a way of their own. Whatever an answer is made of, it gives what the framework gives. */
import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Exit, Stream } from "effect"
import { AiError, IdGenerator, LanguageModel, Prompt, type Response, ResponseIdTracker, Telemetry } from "effect/ai"
import { inspect } from "node:util"
import { type Hooks, shortenCalls } from "../src/internal/plainCalls.ts"
import * as Fake from "./fixtures/driver.ts"
import { withSpans } from "./fixtures/spans.ts"

const heads = [
  { ...Fake.metadata, timestamp: "2026-01-02T03:04:05.678Z", metadata: { acme: { a: [1, null, { b: true }] } } }
] as const

const finishes = [
  { ...Fake.finish("length"), metadata: { acme: { usage: { input: 1.5 } } } },
  { ...Fake.finish(), response: { status: 200, headers: { "x-id": "1" } } }
] as const

/** Those that only the schema reads. */
const others = [
  { type: "source", sourceType: "url", id: "s", url: "https://a.example/", title: "A" },
  { type: "file", mediaType: "text/plain", data: "aGk=" },
  { type: "tool-call", id: "c", name: "Nobody", params: {} }
] as const

const wholeParts: ReadonlyArray<Response.PartEncoded> = [
  ...heads,
  { type: "text", text: "Hi." },
  { type: "reasoning", text: "", metadata: { acme: { signature: "s" } } },
  ...finishes,
  ...others
]

const streamedParts: ReadonlyArray<Response.StreamPartEncoded> = [
  ...heads,
  ...(["text", "reasoning"] as const).flatMap((kind) =>
    [
      { type: `${kind}-start`, id: "0" },
      { type: `${kind}-delta`, id: "0", delta: "Hi." },
      { type: `${kind}-delta`, id: "0", delta: "", metadata: { acme: { index: 0 } } },
      { type: `${kind}-end`, id: "0", metadata: { acme: null } }
    ] as const
  ),
  { type: "tool-params-start", id: "c", name: "Nobody" },
  { type: "error", error: "a notice" },
  ...finishes,
  ...others
]

/** Wrong in most places, right in some. */
const odd: ReadonlyArray<unknown> = [
  undefined,
  null,
  true,
  ["", "x"],
  "",
  "x",
  "2026-01-01T00:00:00Z",
  "2026-01-01",
  0,
  1.5,
  -1,
  NaN,
  Infinity,
  1n,
  Symbol.for("x"),
  () => 1,
  [],
  [undefined],
  {},
  { a: undefined },
  { a: 1 },
  Object.create(null),
  new Map(),
  new Date(0),
  { acme: { deep: [{ x: undefined }] } },
  { acme: { at: new Date(0) } },
  { acme: [] }
]

/** The part, and the part with each member, at every depth, replaced by each odd value or left out. */
const variantsOf = (part: object): ReadonlyArray<object> => [
  part,
  { ...part, metadata: { acme: { nested: [{ a: "b" }] } } },
  { ...part, extra: 1 },
  ...Object.entries(part).flatMap(([key, value]): ReadonlyArray<object> => {
    const rest = Object.fromEntries(Object.entries(part).filter(([name]) => name !== key))
    const inside = typeof value === "object" && value !== null && !Array.isArray(value) ? variantsOf(value) : []
    return [rest, ...[...odd, ...inside].map((one) => ({ ...part, [key]: one }))]
  })
]

const answering = (...parts: ReadonlyArray<object>): Hooks => ({
  // The variants are no parts, which is what they are for.
  generateText: () => Effect.succeed(parts as Array<Response.PartEncoded>),
  streamText: () => Stream.fromArray(parts as ReadonlyArray<Response.StreamPartEncoded>)
})

const unused: Hooks = { generateText: () => Effect.die("unused"), streamText: () => Stream.die("unused") }

type Call = Effect.Effect<unknown, unknown, LanguageModel.LanguageModel>

type Options = Omit<LanguageModel.GenerateTextOptions<{}>, "toolkit">

const generate = (options: Options = { prompt: "Hello" }): Call =>
  Effect.map(LanguageModel.generateText(options), (response) => [response, response.text, response.finishReason])

const stream = (options: Options = { prompt: "Hello" }): Call => Stream.runCollect(LanguageModel.streamText(options))

/** What a call gave, comparable, and its spans. */
const watch = (call: Call, service: LanguageModel.LanguageModel) =>
  Effect.gen(function*() {
    const { exit, spans } = yield* withSpans(Effect.provideService(call, LanguageModel.LanguageModel, service))
    return {
      value: Exit.isSuccess(exit) ? exit.value : undefined,
      failure: Exit.isFailure(exit) ? exit.cause.reasons.map(describeReason) : [],
      spans: spans.map((span) => ({
        name: span.name,
        kind: span.kind,
        attributes: Object.fromEntries(span.attributes),
        status: span.status._tag === "Ended" ? span.status.exit._tag : span.status._tag
      }))
    }
  })

const describeReason = (reason: object): unknown => {
  const error = "error" in reason ? reason.error : undefined
  return AiError.isAiError(error) ? [error.module, error.method, error.reason._tag, error.message] : inspect(reason)
}

/** The framework's own service; and ours over a framework that must not be reached. */
const services = (hooks: Hooks) =>
  Effect.all({
    framework: LanguageModel.make(hooks),
    own: Effect.flatMap(LanguageModel.make(unused), (full) => shortenCalls(full, hooks))
  })

const same = (hooks: Hooks, call: Call, what: unknown = "") =>
  Effect.gen(function*() {
    const { framework, own } = yield* services(hooks)
    const expected = yield* watch(call, framework)
    assert.deepStrictEqual(yield* watch(call, own), expected, inspect(what))
    return expected
  })

describe("an answer is the framework's, whatever is in it:", () => {
  wholeParts.forEach((part, index) => {
    it.effect(`whole, ${index}: ${part.type}`, () =>
      Effect.forEach(
        variantsOf(part),
        (variant) => same(answering({ type: "text", text: "a" }, variant, Fake.finish()), generate(), variant)
      ))
  })

  streamedParts.forEach((part, index) => {
    it.effect(`streamed, ${index}: ${part.type}`, () =>
      Effect.forEach(
        variantsOf(part),
        (variant) => same(answering({ type: "text-start", id: "a" }, variant), stream(), variant)
      ))
  })

  it.effect("nothing at all", () =>
    Effect.gen(function*() {
      yield* same(answering(), generate())
      yield* same(answering(), stream())
    }))

  it.effect("what the schema refuses is kept with the error", () =>
    Effect.gen(function*() {
      const { own } = yield* services(answering({ type: "text", text: "a" }, { type: "text", text: 1 }, Fake.finish()))
      const error = yield* Effect.flip(own.generateText({ prompt: "Hello" }))
      assert.strictEqual(error.reason._tag, "InvalidOutputError")
      assert.deepStrictEqual(ProviderError.partial(error)?.parts[0], { type: "text", text: "a" })
      assert.deepStrictEqual(ProviderError.partial(error)?.usage, Fake.usage)
    }))
})

describe("what a driver is handed is the framework's", () => {
  const options: ReadonlyArray<Options> = [
    { prompt: "Hello" },
    { prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }] },
    { prompt: Prompt.make("Hello") },
    { prompt: "Hello", toolChoice: "required" },
    { prompt: "Hello", concurrency: 3, disableToolCallResolution: true }
  ]

  const listening = (asked: Array<unknown>): Hooks => {
    const note = (options: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const { span, ...rest } = options
        const parent = yield* Effect.option(Effect.currentParentSpan)
        const ids = yield* IdGenerator.IdGenerator
        asked.push({ ...rest, name: span._tag === "Span" ? span.name : "", parent: parent._tag, ids })
        return [Fake.finish()]
      })
    return {
      generateText: note,
      streamText: (options) => Stream.fromIterableEffect(note(options))
    }
  }

  for (const one of options) {
    it.effect(inspect(one), () =>
      Effect.gen(function*() {
        for (const call of [generate(one), stream(one)]) {
          const asked: Array<unknown> = []
          yield* same(listening(asked), call)
          assert.lengthOf(asked, 2)
          assert.deepStrictEqual(asked[1], asked[0])
        }
      }))
  }

  it.effect("ids of the place where the service was built included", () =>
    Effect.gen(function*() {
      const asked: Array<unknown> = []
      yield* same(listening(asked), generate())
      assert.include(inspect(asked), "counted")
    }).pipe(Effect.provideService(IdGenerator.IdGenerator, {
      generateId: function counted() {
        return Effect.succeed("1")
      }
    })))
})

describe("the framework answers calls that need more of it:", () => {
  const full = (hooks: Hooks) => Effect.flatMap(LanguageModel.make(hooks), (service) => shortenCalls(service, unused))

  const reached = (options: Options) =>
    Effect.gen(function*() {
      const service = yield* full(answering(Fake.finish()))
      return [yield* watch(generate(options), service), yield* watch(stream(options), service)]
    })

  const succeeds = (options: Options) =>
    Effect.map(reached(options), (outcomes) =>
      outcomes.forEach(({ failure, value }) => {
        assert.deepStrictEqual(failure, [])
        assert.isDefined(value)
      }))

  it.effect("deferred validation of tool calls", () =>
    succeeds({ prompt: "Hello", disableToolCallResolution: true, toolCallValidation: "deferred" }))

  it.effect("a tracker of response ids", () =>
    Effect.flatMap(
      ResponseIdTracker.make,
      (tracker) => Effect.provideService(succeeds({ prompt: "Hello" }), ResponseIdTracker.ResponseIdTracker, tracker)
    ))

  it.effect("a span transformer, of the call or of the place where the service was built", () =>
    Effect.gen(function*() {
      let seen = 0
      const transformer: Telemetry.SpanTransformer = () => {
        seen++
      }
      const here = Effect.provideService(Telemetry.CurrentSpanTransformer, transformer)
      yield* here(succeeds({ prompt: "Hello" }))
      const service = yield* here(full(answering(Fake.finish())))
      yield* watch(generate(), service)
      yield* watch(stream(), service)
      assert.strictEqual(seen, 4)
    }))

  it.effect("messages of an iterable, which can be read once", () =>
    succeeds({ prompt: Prompt.make("Hello").content.values() }))

  it.effect("messages that are none: it dies with them on the span", () =>
    Effect.gen(function*() {
      // A role that there is not.
      const prompt = [{ role: "nobody", content: "Hello" }] as unknown as Prompt.RawInput
      for (const { failure, spans } of yield* reached({ prompt })) {
        assert.include(inspect(failure), "SchemaError")
        assert.strictEqual(spans[0]?.status, "Failure")
      }
    }))

  it.effect("an approval that is pending: it asks for the toolkit", () =>
    Effect.gen(function*() {
      const prompt: Prompt.RawInput = [
        {
          role: "assistant",
          content: [
            { type: "tool-call", id: "c", name: "Pay", params: {}, providerExecuted: false },
            { type: "tool-approval-request", approvalId: "a", toolCallId: "c" }
          ]
        },
        { role: "tool", content: [{ type: "tool-approval-response", approvalId: "a", approved: true }] }
      ]
      for (const { failure } of yield* reached({ prompt })) assert.include(inspect(failure), "ToolkitRequiredError")
    }))
})
