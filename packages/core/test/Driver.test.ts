import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as PartStream from "@llm-layers/core/PartStream"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Fiber, Ref, Schema, Stream } from "effect"
import { LanguageModel, OpenAiStructuredOutput, type Response, Tool, Toolkit } from "effect/ai"
import { TestClock } from "effect/testing"
import { origin } from "./fixtures/acme.ts"
import * as Fake from "./fixtures/driver.ts"

const ask = LanguageModel.generateText({ prompt: "Hello" })
const stream = LanguageModel.streamText({ prompt: "Hello" })

/** The parts that came, and what the stream failed with. */
const collect = <A, R>(source: Stream.Stream<A, unknown, R>) =>
  Effect.suspend(() => {
    const parts: Array<A> = []
    return Stream.runForEach(source, (part) => Effect.sync(() => parts.push(part))).pipe(
      Effect.match({ onSuccess: () => undefined, onFailure: (error) => error }),
      Effect.map((error) => ({ parts, error }))
    )
  })

const kindOf = (error: unknown) => ProviderError.kindOf(aiError(error))

const aiError = (error: unknown) => {
  // Streams in these tests fail with nothing else; a wrong one shows in the next assertion.
  const one = error as Parameters<typeof ProviderError.kindOf>[0]
  assert.isDefined(one?.reason)
  return one
}

describe("an answer", () => {
  it.effect("passes as it is", () =>
    Effect.gen(function*() {
      const response = yield* ask
      assert.strictEqual(response.text, "Hi.")
      assert.strictEqual(response.finishReason, "stop")
      assert.strictEqual(response.usage.inputTokens.total, 10)
    }).pipe(Effect.provide(Fake.answering([Fake.metadata, { type: "text", text: "Hi." }, Fake.finish()]))))

  for (
    const [name, finishes, words] of [["no", [], "does not say how it ended"], [
      "two",
      [0, 1],
      "ended 2 times"
    ]] as const
  ) {
    it.effect(`with ${name} finish is none, and what it said is kept`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(ask)
        assert.strictEqual(error.reason._tag, "InvalidResponseError")
        assert.include(error.message, words)
        assert.strictEqual(error.module, "AcmeLanguageModel")
        assert.deepStrictEqual(ProviderError.partial(error)?.parts[0], { type: "text", text: "Hi." })
      }).pipe(Effect.provide(Fake.answering([{ type: "text", text: "Hi." }, ...finishes.map(() => Fake.finish())]))))
  }

  it.effect("fails as the driver fails", () => {
    const error = ProviderError.make(origin, "Overloaded")
    return Effect.gen(function*() {
      assert.strictEqual(yield* Effect.flip(ask), error)
    }).pipe(Effect.provide(Fake.layer({ generateText: () => Effect.fail(error) })))
  })
})

describe("a stream", () => {
  it.effect("passes as it is", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collect(stream)
      assert.isUndefined(error)
      assert.deepStrictEqual(parts.map((part) => part.type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-delta",
        "text-end",
        "finish"
      ])
    }).pipe(Effect.provide(Fake.answering([], [[Fake.metadata, ...Fake.text("0", "H", "i")], [Fake.finish()]]))))

  it.effect("without a finish was interrupted, and what came is kept with its tokens", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collect(stream)
      assert.lengthOf(parts, 3)
      assert.strictEqual(kindOf(error), "StreamInterrupted")
      assert.isTrue(aiError(error).isRetryable)
      const partial = ProviderError.partial(aiError(error))
      assert.deepStrictEqual(partial?.parts.slice(1), [{ type: "text", text: "He", metadata: {} }])
      assert.deepStrictEqual(partial?.usage, Fake.usage)
    }).pipe(
      Effect.provide(Fake.answering([], [
        [{ ...Fake.metadata, metadata: PartCollector.earlyUsage(Fake.usage) }],
        Fake.text("0", "He").slice(0, 2)
      ]))
    ))

  it.effect("without anything was interrupted, too", () =>
    Effect.gen(function*() {
      const { error } = yield* collect(stream)
      assert.strictEqual(kindOf(error), "StreamInterrupted")
      assert.isUndefined(ProviderError.partial(aiError(error)))
    }).pipe(Effect.provide(Fake.answering([], []))))

  for (const reads of [[[Fake.finish()], [Fake.finish()]], [[Fake.finish(), Fake.finish()]]]) {
    it.effect(`with two finishes fails, in ${reads.length} reads`, () =>
      Effect.gen(function*() {
        const { error } = yield* collect(stream)
        assert.strictEqual(aiError(error).reason._tag, "InvalidResponseError")
        assert.include(aiError(error).message, "ended 2 times")
        assert.include(JSON.stringify(ProviderError.partial(aiError(error))?.parts), "\"Hi\"")
      }).pipe(Effect.provide(Fake.answering([], [Fake.text("0", "Hi"), ...reads]))))
  }

  it.effect("that fails keeps its kind, with what came", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collect(stream)
      assert.lengthOf(parts, 4)
      assert.strictEqual(kindOf(error), "Overloaded")
      assert.deepStrictEqual(ProviderError.partial(aiError(error))?.parts.at(-1), {
        type: "text",
        text: "Hi",
        metadata: {}
      })
    }).pipe(
      Effect.provide(Fake.answering(
        [],
        [[Fake.metadata], Fake.text("0", "Hi")],
        ProviderError.make(origin, "Overloaded")
      ))
    ))

  it.effect("whose connection is lost was interrupted where something had come, else it never began", () =>
    Effect.gen(function*() {
      const lost = ProviderError.make(origin, "ConnectionFailed", { description: "socket closed" })
      const begun = yield* collect(stream).pipe(Effect.provide(Fake.answering([], [Fake.text("0", "Hi")], lost)))
      assert.strictEqual(kindOf(begun.error), "StreamInterrupted")
      const never = yield* collect(stream).pipe(Effect.provide(Fake.answering([], [], lost)))
      assert.strictEqual(kindOf(never.error), "ConnectionFailed")
      assert.strictEqual(never.error, lost)
    }))

  it.effect("is whole after its finish: what breaks then breaks nothing", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collect(stream)
      assert.isUndefined(error)
      assert.strictEqual(parts.at(-1)?.type, "finish")
    }).pipe(
      Effect.provide(Fake.answering(
        [],
        [Fake.text("0", "Hi"), [Fake.finish()]],
        ProviderError.make(origin, "ConnectionFailed")
      ))
    ))

  it.effect("is whole after its finish: a server that does not close is not waited for", () =>
    Effect.gen(function*() {
      let closed = false
      const silent = Stream.fromArray<PartStream.Part>([...Fake.text("0", "Hi"), Fake.finish()]).pipe(
        Stream.concat(Stream.never),
        Stream.ensuring(Effect.sync(() => {
          closed = true
        }))
      )
      const running = yield* Effect.forkChild(
        Effect.provide(collect(stream), Fake.layer({ streamText: () => silent }))
      )
      yield* TestClock.adjust("1 second")
      const { error, parts } = yield* Fiber.join(running)
      assert.isUndefined(error)
      assert.strictEqual(parts.at(-1)?.type, "finish")
      assert.isTrue(closed)
    }))

  it.effect("can be read twice, each time from its beginning", () =>
    Effect.gen(function*() {
      const first = yield* collect(stream)
      assert.deepStrictEqual(yield* collect(stream), first)
    }).pipe(Effect.provide(Fake.answering([], [Fake.text("0", "Hi"), [Fake.finish()]]))))
})

const Weather = Tool.make("Weather", {
  parameters: Schema.Struct({
    city: Schema.String,
    on: Schema.optional(Schema.Date),
    tags: Schema.Record(Schema.String, Schema.Finite)
  }),
  success: Schema.String
})
const Other = Tool.make("Other", { parameters: Schema.Struct({}), success: Schema.String })
const tools = Toolkit.make(Weather, Other)

/** Keeps what the handler was given. */
const withHandlers = Effect.fnUntraced(function*() {
  const seen = yield* Ref.make<ReadonlyArray<unknown>>([])
  const keep = (params: unknown) => Effect.as(Ref.update(seen, (all) => [...all, params]), "done")
  return { seen, layer: tools.toLayer({ Weather: keep, Other: keep }) }
})

const call = (name: string, params: unknown, more: Partial<Response.ToolCallPartEncoded> = {}) =>
  ({ type: "tool-call", id: "call_1", name, params, ...more }) as const

/** Both ways of asking, with the tools and whatever options; the answer is that of the parts. */
const bothWays = (
  parts: ReadonlyArray<Response.ToolCallPartEncoded | Response.ToolResultPartEncoded>,
  given: Partial<Driver.Driver> = {},
  toolChoice: LanguageModel.ToolChoice<"Weather" | "Other"> = "auto"
) =>
  Effect.gen(function*() {
    const whole = [...parts, Fake.finish("tool-calls")]
    const results = []
    const layer = Fake.layer({
      generateText: () => Effect.succeed([...whole]),
      streamText: () => Stream.fromArrays<ReadonlyArray<ReadonlyArray<PartStream.Part>>>([Fake.metadata], whole),
      ...given
    })
    for (const way of ["generateText", "streamText"] as const) {
      const { layer: handlers, seen } = yield* withHandlers()
      const options = { prompt: "?", toolkit: tools, toolChoice }
      const outcome = way === "generateText"
        ? yield* LanguageModel.generateText(options).pipe(
          Effect.match({
            onSuccess: (response) => ({ parts: response.content, error: undefined }),
            onFailure: (error) => ({ parts: [], error })
          }),
          Effect.provide([handlers, layer])
        )
        : yield* collect(LanguageModel.streamText(options)).pipe(Effect.provide([handlers, layer]))
      results.push({ ...outcome, way, seen: yield* Ref.get(seen) })
    }
    return results
  })

describe("tool calls", () => {
  it.effect("reach the handler decoded, whatever form the vendor's schema gives them", () =>
    Effect.gen(function*() {
      const strict = { codecTransformer: OpenAiStructuredOutput.toCodecOpenAI }
      const on = "2026-01-02T00:00:00.000Z"
      const cases = [
        [{}, { city: "Rome", on, tags: { a: 1 } }],
        [{}, { city: "Rome", on, tags: { a: 1 }, more: true }],
        // Strict schemas have null for what is optional, and pairs for records.
        [strict, { city: "Rome", on, tags: [{ 0: "a", 1: 1 }] }]
      ] as const
      for (const [given, params] of cases) {
        for (const { error, seen } of yield* bothWays([call("Weather", params)], given)) {
          assert.isUndefined(error)
          assert.deepStrictEqual(seen, [{ city: "Rome", on: new Date(on), tags: { a: 1 } }])
        }
      }
      for (const { error, seen } of yield* bothWays([call("Weather", { city: "Rome", on: null, tags: [] })], strict)) {
        assert.isUndefined(error)
        assert.deepStrictEqual(JSON.parse(JSON.stringify(seen)), [{ city: "Rome", tags: {} }])
      }
      for (const { error, seen } of yield* bothWays([call("Weather", { city: "Rome", on: null, tags: {} })])) {
        assert.isUndefined(error)
        assert.deepStrictEqual(JSON.parse(JSON.stringify(seen)), [{ city: "Rome", tags: {} }])
      }
    }))

  it.effect("that do not fit the schema are refused by the tool, and the handler is not run", () =>
    Effect.gen(function*() {
      for (const params of [{ city: 1 }, "{\"city\": Ro", null, []]) {
        for (const { error, seen } of yield* bothWays([call("Weather", params)])) {
          assert.strictEqual(aiError(error).reason._tag, "ToolParameterValidationError")
          assert.deepStrictEqual(seen, [])
        }
      }
    }))

  it.effect("that do not fit keep the answer of generateText in the error, with what it cost", () =>
    Effect.gen(function*() {
      const answer = [
        { type: "text", text: "Let me see." },
        call("Weather", { city: 1 }),
        Fake.finish("tool-calls")
      ] as const
      for (const options of [{}, { disableToolCallResolution: true }] as const) {
        const { layer: handlers } = yield* withHandlers()
        const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "?", toolkit: tools, ...options })).pipe(
          Effect.provide([handlers, Fake.answering(answer)])
        )
        assert.strictEqual(kindOf(error), "InvalidOutput")
        const partial = ProviderError.partial(aiError(error))
        assert.deepStrictEqual(partial?.parts.map((part) => part.type), ["text", "tool-call", "finish"])
        assert.deepStrictEqual(partial?.usage, Fake.usage)
      }
    }))

  it.effect("of a tool that does not exist fail with its name, and what came is kept", () =>
    Effect.gen(function*() {
      for (
        const { error, seen } of yield* bothWays([call("Weather", { city: "Rome", tags: {} }), call("Wether", {})])
      ) {
        const { reason } = aiError(error)
        assert.deepInclude(reason, {
          _tag: "ToolNotFoundError",
          toolName: "Wether",
          availableTools: ["Weather", "Other"]
        })
        assert.strictEqual(aiError(error).isRetryable, true)
        assert.strictEqual(kindOf(error), "InvalidOutput")
        const partial = ProviderError.partial(aiError(error))
        assert.isTrue(partial?.parts.some((part) => part.type === "tool-call"))
        assert.deepStrictEqual(partial?.usage, Fake.usage)
        assert.deepStrictEqual(seen, [])
      }
    }))

  it.effect("of a tool that oneOf left out fail, although the toolkit has it", () =>
    Effect.gen(function*() {
      for (const { error, seen } of yield* bothWays([call("Other", {})], {}, { oneOf: ["Weather"] })) {
        assert.deepInclude(aiError(error).reason, { _tag: "ToolNotFoundError", availableTools: ["Weather"] })
        assert.deepStrictEqual(seen, [])
      }
    }))

  it.effect("of an unknown tool pass where the caller defers validation", () =>
    Effect.gen(function*() {
      const { layer: handlers } = yield* withHandlers()
      const response = yield* LanguageModel.generateText({
        prompt: "?",
        toolkit: tools,
        disableToolCallResolution: true,
        toolCallValidation: "deferred"
      }).pipe(Effect.provide([handlers, Fake.answering([call("Wether", { a: 1 }), Fake.finish("tool-calls")])]))
      assert.deepStrictEqual(response.toolCalls.map((one) => [one.name, one.params]), [["Wether", { a: 1 }]])
    }))

  it.effect("that the vendor made itself with a tool nobody declared are kept with the finish", () =>
    Effect.gen(function*() {
      const made = call("web_search", { q: "effect" }, { providerExecuted: true })
      const found = {
        type: "tool-result",
        id: "call_1",
        name: "web_search",
        result: { hits: 1 },
        isFailure: false,
        providerExecuted: true
      } as const
      for (const { error, parts } of yield* bothWays([made, found])) {
        assert.isUndefined(error)
        assert.deepStrictEqual(parts.map((part) => part.type).filter((type) => type.startsWith("tool")), [])
        const finish = parts.find((part) => part.type === "finish")
        assert.deepStrictEqual(
          Metadata.get(finish?.metadata, Metadata.namespace, "undeclared"),
          // As JSON, which metadata is.
          JSON.parse(JSON.stringify([made, found]))
        )
      }
    }))

  it.effect("of two answers do not mix", () =>
    Effect.gen(function*() {
      const made = call("web_search", {}, { providerExecuted: true })
      const layer = Fake.answering([made, Fake.finish()], [[made], [Fake.finish()]])
      for (let i = 0; i < 2; i++) {
        const response = yield* Effect.provide(ask, layer)
        const whole = Metadata.get(response.content.at(-1)?.metadata, Metadata.namespace, "undeclared")
        const { parts } = yield* Effect.provide(collect(stream), layer)
        const streamed = Metadata.get(parts.at(-1)?.metadata, Metadata.namespace, "undeclared")
        assert.lengthOf(Array.isArray(whole) ? whole : [], 1)
        assert.lengthOf(Array.isArray(streamed) ? streamed : [], 1)
      }
    }))
})

describe("an object that does not come", () => {
  const object = LanguageModel.generateObject({ prompt: "?", schema: Schema.Struct({ a: Schema.String }) })
  const text = (text: string, metadata = {}) => ({ type: "text", text, metadata } as const)
  const failing = (parts: ReadonlyArray<Response.PartEncoded>) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(object)
      assert.strictEqual(ProviderError.partial(error)?.usage?.outputTokens.total, 7)
      assert.deepStrictEqual(ProviderError.partial(error)?.parts, [...parts])
      return error
    }).pipe(Effect.provide(Fake.answering(parts)))
  const tokens = { promptTokens: 10, completionTokens: 7, totalTokens: 17 }

  it.effect("because the model refused says so", () =>
    Effect.gen(function*() {
      for (const reason of ["content-filter", "length"] as const) {
        const refused = text("I won't.", { acme: { refusal: true } })
        const error = yield* failing([Fake.metadata, refused, Fake.finish(reason)])
        assert.strictEqual(error.reason._tag, "ContentPolicyError")
        assert.include(error.message, "I won't.")
      }
      const filtered = yield* failing([text(`{"a":`), Fake.finish("content-filter")])
      assert.strictEqual(ProviderError.kindOf(filtered), "ContentRefused")
      assert.notInclude(filtered.message, `{"a":`)
    }))

  it.effect("because it was cut says so, before and within the text", () =>
    Effect.gen(function*() {
      for (const written of ["", `{"a":"b`]) {
        const error = yield* failing([Fake.metadata, text(written), Fake.finish("length")])
        assert.strictEqual(ProviderError.kindOf(error), "OutputTruncated")
        assert.include(error.message, "maxOutputTokens")
        // The same request would be cut at the same place.
        assert.isFalse(error.isRetryable)
      }
    }))

  it.effect("because it does not fit keeps what it cost", () =>
    Effect.gen(function*() {
      for (const written of [`{"b":1}`, "Sure!", ""]) {
        const { reason } = yield* failing([Fake.metadata, text(written), Fake.finish()])
        assert.strictEqual(reason._tag, "StructuredOutputError")
        if (reason._tag !== "StructuredOutputError") return
        assert.strictEqual(reason.responseText, written)
        assert.deepStrictEqual(reason.usage, tokens)
      }
    }))

  it.effect("is another thing than one that was whole at the limit", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* object).value, { a: "b" })
    }).pipe(Effect.provide(Fake.answering([text(`{"a":"b"}   `), Fake.finish("length")]))))
})

describe("what the model cannot do", () => {
  it.effect("fails before the driver is asked, both ways", () =>
    Effect.gen(function*() {
      const layer = Fake.layer({ capabilities: { ...Capability.all, imageInput: false } })
      const prompt = [{
        role: "user",
        content: [{ type: "file", mediaType: "image/png", data: "aGk=" }]
      }] as const
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt })).pipe(Effect.provide(layer))
      const streamed = yield* collect(LanguageModel.streamText({ prompt })).pipe(Effect.provide(layer))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.strictEqual(kindOf(streamed.error), "Unsupported")
      assert.strictEqual(aiError(streamed.error).method, "streamText")
    }))
})

describe("layer", () => {
  it.effect("wraps the driver in the policy, once", () =>
    Effect.gen(function*() {
      const made = yield* Ref.make(0)
      const policy: Policy.Policy = (driver) =>
        Effect.as(Ref.update(made, (n) => n + 1), {
          ...driver,
          generateText: () => Effect.succeed([{ type: "text", text: "from the policy" }, Fake.finish()])
        })
      const texts = yield* Effect.all([ask, ask]).pipe(
        Effect.map((all) => all.map((response) => response.text)),
        Effect.provide(Driver.layer(Effect.succeed(Fake.make()), policy))
      )
      assert.deepStrictEqual(texts, ["from the policy", "from the policy"])
      assert.strictEqual(yield* Ref.get(made), 1)
    }))

  it.effect("asks the codec transformer once for each schema", () =>
    Effect.gen(function*() {
      let count = 0
      const codecTransformer: LanguageModel.CodecTransformer = (schema) => {
        count++
        return LanguageModel.defaultCodecTransformer(schema)
      }
      const schema = Schema.Struct({ a: Schema.String })
      const layer = Fake.layer({
        codecTransformer,
        generateText: () => Effect.succeed([{ type: "text", text: `{"a":"b"}` }, Fake.finish()])
      })
      const object = LanguageModel.generateObject({ prompt: "?", schema })
      yield* Effect.provide(Effect.all([object, object, object]), layer)
      assert.strictEqual(count, 1)
    }))
})
