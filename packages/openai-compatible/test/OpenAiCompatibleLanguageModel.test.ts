import { assert, describe, it } from "@effect/vitest"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import * as OpenAiCompatibleLanguageModel from "@llm-layers/openai-compatible/OpenAiCompatibleLanguageModel"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Fiber, Layer, Redacted, Ref, Schema, Stream } from "effect"
import { Chat, LanguageModel, Model, Prompt, Tool, Toolkit } from "effect/ai"
import { answer, events, type Scripted, scripted } from "./fixtures/dialect.ts"

type Options = OpenAiCompatibleLanguageModel.Options

const text = (content: string, more: object = {}) => ({ body: JSON.stringify(answer({ content }, {}, more)) })

/** A model that gives the answers in turn, and what it was sent. */
const acme = (answers: ReadonlyArray<Scripted>, options?: Options) => {
  const { client, sent } = scripted(...answers)
  return { layer: Layer.provide(OpenAiCompatibleLanguageModel.model("acme-1", options), client), sent }
}

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "c1",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "acme-1-2026",
  choices: [{ index: 0, delta, finish_reason }]
})

const toolkit = Toolkit.make(Tool.make("add", {
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.optional(Schema.Finite) }),
  success: Schema.Struct({ sum: Schema.Finite })
}))

const addCall = (id: string, args: string) => ({ id, type: "function", function: { name: "add", arguments: args } })

describe("generateText", () => {
  it.effect("sends the prompt and gives text, counts and names", () => {
    const { layer, sent } = acme([text("Hi.")], { temperature: 0, extraBody: { min_p: 0.1 } })
    return Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "Hello" })
      assert.strictEqual(response.text, "Hi.")
      assert.strictEqual(response.finishReason, "stop")
      assert.strictEqual(response.usage.inputTokens.total, 7)
      assert.deepStrictEqual(sent, [{
        model: "acme-1",
        messages: [{ role: "user", content: "Hello" }],
        temperature: 0,
        min_p: 0.1
      }])
      assert.strictEqual(yield* Model.ProviderName, "openai-compatible")
      assert.strictEqual(yield* Model.ModelName, "acme-1")
    }).pipe(Effect.provide(layer))
  })

  it.effect("runs tools, and an optional argument that came as null is absent", () => {
    const { layer, sent } = acme([
      {
        body: JSON.stringify(
          answer({ content: null, tool_calls: [addCall("a", `{"a":1,"b":2}`), addCall("b", `{"a":5,"b":null}`)] })
        )
      },
      text("3 and 5.")
    ])
    return Effect.gen(function*() {
      const chat = yield* Chat.empty
      const seen = yield* Ref.make<ReadonlyArray<unknown>>([])
      const handlers = toolkit.toLayer({
        add: (params) => Effect.as(Ref.update(seen, (all) => [...all, params]), { sum: params.a + (params.b ?? 0) })
      })
      const first = yield* Effect.provide(chat.generateText({ prompt: "Add", toolkit }), handlers)
      assert.strictEqual(first.finishReason, "tool-calls")
      assert.deepStrictEqual(yield* Ref.get(seen), [{ a: 1, b: 2 }, { a: 5 }])
      const second = yield* Effect.provide(chat.generateText({ prompt: [], toolkit }), handlers)
      assert.strictEqual(second.text, "3 and 5.")
      assert.deepStrictEqual(sent[1]?.["messages"], [
        { role: "user", content: "Add" },
        { role: "assistant", content: "", tool_calls: [addCall("a", `{"a":1,"b":2}`), addCall("b", `{"a":5}`)] },
        { role: "tool", tool_call_id: "a", content: `{"sum":3}` },
        { role: "tool", tool_call_id: "b", content: `{"sum":5}` }
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("gives objects, also where the root is a list", () => {
    const { layer } = acme([text(`{"value":["a","b"]}`)])
    return Effect.gen(function*() {
      const { value } = yield* LanguageModel.generateObject({ prompt: "List", schema: Schema.Array(Schema.String) })
      assert.deepStrictEqual(value, ["a", "b"])
    }).pipe(Effect.provide(layer))
  })

  for (
    const [name, message, reason, kind, words] of [
      ["refused", { content: null, refusal: "I won't." }, "stop", "ContentRefused", "I won't."],
      ["cut", { content: `{"a":"b` }, "length", "OutputTruncated", "maxOutputTokens"]
    ] as const
  ) {
    it.effect(`an object that was ${name} is an error with what it cost`, () => {
      const { layer } = acme([{ body: JSON.stringify(answer(message, { finish_reason: reason })) }])
      return Effect.gen(function*() {
        const schema = Schema.Struct({ a: Schema.String })
        const error = yield* Effect.flip(LanguageModel.generateObject({ prompt: "?", schema }))
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.include(error.message, words)
        const partial = ProviderError.partial(error)
        assert.deepStrictEqual(partial?.parts.map((part) => part.type), ["response-metadata", "text", "finish"])
        assert.strictEqual(partial?.usage?.outputTokens.total, 3)
      }).pipe(Effect.provide(layer))
    })
  }

  it.effect("what the model cannot do is an error, and nothing is sent", () => {
    const { layer, sent } = acme([text("Hi.")], { capabilities: { imageInput: false } })
    return Effect.gen(function*() {
      const prompt = Prompt.make([{
        role: "user",
        content: [{ type: "file", mediaType: "image/png", data: "iVBORw==" }]
      }])
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.deepStrictEqual(sent, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("what was left out is in the answer", () => {
    const { layer } = acme([text("Hi.")])
    return Effect.gen(function*() {
      const reasoning = Prompt.makePart("reasoning", { text: "Hm." })
      const prompt = Prompt.concat(
        Prompt.fromMessages([Prompt.makeMessage("assistant", { content: [reasoning] })]),
        "And?"
      )
      const { content } = yield* LanguageModel.generateText({ prompt })
      assert.deepStrictEqual(Warning.of(content), [{
        about: "prompt",
        message: "reasoning of another provider was left out"
      }])
    }).pipe(Effect.provide(layer))
  })

  it.effect("settings around a call win; a policy sees the request", () => {
    const seen: Array<string> = []
    const policy: Policy.Policy = (driver) =>
      Effect.succeed({
        ...driver,
        generateText: (options) =>
          Effect.suspend(() => {
            seen.push(driver.model)
            return driver.generateText(options)
          })
      })
    const { layer, sent } = acme([text("Hi.")], { temperature: 1, seed: 1, policy })
    return Effect.gen(function*() {
      yield* LanguageModel.generateText({ prompt: "Hello" }).pipe(
        OpenAiCompatibleLanguageModel.withConfigOverride({ temperature: 0 })
      )
      assert.deepStrictEqual([sent[0]?.["temperature"], sent[0]?.["seed"]], [0, 1])
      assert.deepStrictEqual(seen, ["acme-1"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("errors name this module and never the key", () => {
    const body = JSON.stringify({ error: { message: "Incorrect API key provided: test-key", code: "invalid_api_key" } })
    const { layer } = acme([{ body, status: 401 }])
    return Effect.gen(function*() {
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "Hello" }))
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.strictEqual(error.module, "OpenAiCompatibleLanguageModel")
      assert.notInclude(JSON.stringify(error), "test-key")
    }).pipe(Effect.provide(layer))
  })
})

describe("streamText", () => {
  it.effect("gives the parts as they come and asks for counts", () => {
    const { layer, sent } = acme([
      events(
        chunk({ role: "assistant", content: "" }),
        chunk({ content: "Hel" }),
        chunk({ content: "lo" }),
        chunk({}, "stop"),
        { id: "c1", choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } },
        "[DONE]"
      )
    ])
    return Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "Hello" }))
      assert.deepStrictEqual(parts.map((part) => part.type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-delta",
        "text-end",
        "finish"
      ])
      const last = parts.at(-1)
      assert.strictEqual(last?.type === "finish" ? last.usage.outputTokens.total : undefined, 2)
      assert.deepStrictEqual([sent[0]?.["stream"], sent[0]?.["stream_options"]], [true, { include_usage: true }])
    }).pipe(Effect.provide(layer))
  })

  it.effect("runs tools of a streamed answer and keeps it in the history", () => {
    const { layer, sent } = acme([
      events(
        chunk({ tool_calls: [{ index: 0, ...addCall("a", "") }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: `{"a":1,` } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: `"b":null}` } }] }),
        chunk({}, "tool_calls"),
        "[DONE]"
      ),
      events(chunk({ content: "1." }), chunk({}, "stop"), "[DONE]")
    ])
    return Effect.gen(function*() {
      const chat = yield* Chat.empty
      const handlers = toolkit.toLayer({ add: ({ a, b }) => Effect.succeed({ sum: a + (b ?? 0) }) })
      yield* Stream.runDrain(chat.streamText({ prompt: "Add", toolkit })).pipe(Effect.provide(handlers))
      yield* Stream.runDrain(chat.streamText({ prompt: [], toolkit })).pipe(Effect.provide(handlers))
      assert.deepStrictEqual(sent[1]?.["messages"], [
        { role: "user", content: "Add" },
        { role: "assistant", content: "", tool_calls: [addCall("a", `{"a":1}`)] },
        { role: "tool", tool_call_id: "a", content: `{"sum":1}` }
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("an error in the middle keeps what came", () => {
    const { layer } = acme([events(chunk({ content: "Hel" }), { error: { message: "Slow down.", code: 429 } })])
    return Effect.gen(function*() {
      const error = yield* Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" })))
      assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
      assert.deepStrictEqual(
        ProviderError.partial(error)?.parts.flatMap((part) => part.type === "text" ? [part.text] : []),
        ["Hel"]
      )
    }).pipe(Effect.provide(layer))
  })
})

describe("over HTTP", () => {
  const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
  const over = (server: LoopbackServer.LoopbackServer) =>
    Layer.provide(
      OpenAiCompatibleLanguageModel.model("acme-1"),
      OpenAiCompatibleClient.layer({
        baseUrl: `${server.url}/v1`,
        apiKey: Redacted.make("test-key"),
        headers: { "x-team": "search" }
      })
    )

  it.live("one request to /chat/completions with key and headers", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([text("Hi.")])
      const { text: said } = yield* Effect.provide(LanguageModel.generateText({ prompt: "Hello" }), over(server))
      assert.strictEqual(said, "Hi.")
      const [request] = yield* server.requests
      assert.strictEqual(request?.path, "/v1/chat/completions")
      assert.strictEqual(request?.headers["authorization"], "Bearer test-key")
      assert.strictEqual(request?.headers["x-team"], "search")
    }).pipe(Effect.scoped))

  it.live("a stream that is cut is interrupted, with what came", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{
        headers: { "content-type": "text/event-stream" },
        body: [data(chunk({ content: "Hel" })), data(chunk({ content: "lo" }))],
        end: "complete"
      }])
      const error = yield* Effect.flip(
        Effect.provide(Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" })), over(server))
      )
      assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
      assert.strictEqual(ProviderError.partial(error)?.parts.filter((part) => part.type === "text").length, 1)
      yield* server.closed
    }).pipe(Effect.scoped))

  it.live("interruption closes the socket", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{
        headers: { "content-type": "text/event-stream" },
        body: [data(chunk({ content: "Hel" }))],
        end: "silence"
      }])
      const fiber = yield* Effect.forkChild(
        Effect.provide(Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" })), over(server))
      )
      yield* server.received(1)
      yield* Fiber.interrupt(fiber)
      yield* server.closed
    }).pipe(Effect.scoped))
})
