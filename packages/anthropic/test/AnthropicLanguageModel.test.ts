import { assert, describe, it } from "@effect/vitest"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Fiber, Layer, Redacted, Schema, Stream } from "effect"
import { LanguageModel, Model, Prompt, Tool, Toolkit } from "effect/ai"
import * as AnthropicClient from "../src/AnthropicClient.ts"
import * as AnthropicLanguageModel from "../src/AnthropicLanguageModel.ts"
import * as AnthropicTool from "../src/AnthropicTool.ts"
import {
  blockDelta,
  blockStart,
  blockStop,
  message,
  messageDelta,
  messageStart,
  messageStop
} from "./fixtures/events.ts"
import { json, layer, sse, stub } from "./fixtures/stub.ts"

const hello = message([{ type: "text", text: "Hello" }])

const helloEvents = [
  messageStart(),
  blockStart(0, { type: "text", text: "" }),
  blockDelta(0, { type: "text_delta", text: "Hel" }),
  blockDelta(0, { type: "text_delta", text: "lo" }),
  blockStop(0),
  messageDelta(),
  messageStop
]

const Weather = Tool.make("weather", {
  parameters: Schema.Struct({ city: Schema.String, days: Schema.optionalKey(Schema.Int) }),
  success: Schema.String
})
const toolkit = Toolkit.make(Weather)
const toolLayer = toolkit.toLayer({ weather: ({ city, days }) => Effect.succeed(`${city} ${days ?? "now"}`) })

describe("generateText", () => {
  it.effect("sends one plain request and gives the answer", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello, { headers: { "request-id": "req_7" } }))
      const response = yield* Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), layer(fetch))
      assert.strictEqual(response.text, "Hello")
      assert.strictEqual(response.usage.inputTokens.total, 10)
      assert.deepStrictEqual<unknown>(response.content[0]?.metadata.anthropic, { requestId: "req_7" })
      const [request] = sent
      assert.strictEqual(request?.url, "https://api.anthropic.com/v1/messages")
      assert.strictEqual(request?.headers.get("authorization"), "Bearer sk-ant-test-key")
      assert.strictEqual(request?.headers.get("anthropic-version"), "2026-10-21")
      assert.isNull(request?.headers.get("anthropic-beta"))
      assert.deepStrictEqual(request?.body, {
        model: "claude-sonnet-5-5",
        max_tokens: 21_333,
        messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }]
      })
    }))

  it.effect("goes over a stream where more is asked for than a plain answer may have", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(sse(helloEvents))
      const response = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Hi" }),
        layer(fetch, "claude-opus-5-5", { maxOutputTokens: 21_334 })
      )
      assert.strictEqual(response.text, "Hello")
      assert.strictEqual(response.finishReason, "stop")
      assert.strictEqual(sent[0]?.body["stream"], true)
    }))

  it.effect("reads plain JSON where a stream was asked for", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json(hello))
      const response = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Hi" }),
        layer(fetch, "claude-opus-5-5", { maxOutputTokens: 100_000 })
      )
      assert.strictEqual(response.text, "Hello")
    }))

  it.effect("runs tools with arguments brought back from the vendor's form, and continues", () =>
    Effect.gen(function*() {
      const call = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Lima", days: null } }
      const { fetch, sent } = stub(
        json(message([{ type: "thinking", thinking: "", signature: "s" }, call], { stop_reason: "tool_use" })),
        json(hello)
      )
      const program = Effect.gen(function*() {
        const first = yield* LanguageModel.generateText({ prompt: "Weather?", toolkit })
        assert.deepStrictEqual(first.toolResults.map((result) => result.result), ["Lima now"])
        const history = Prompt.concat(Prompt.make("Weather?"), Prompt.fromResponseParts(first.content))
        return yield* LanguageModel.generateText({ prompt: history, toolkit })
      })
      const response = yield* Effect.provide(program, [layer(fetch), toolLayer])
      assert.strictEqual(response.text, "Hello")
      assert.deepStrictEqual(sent[1]?.body["messages"], [
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "", signature: "s" },
            { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Lima" } }
          ]
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Lima now" }] }
      ])
    }))

  it.effect("runs handlers of Anthropic's own tools", () =>
    Effect.gen(function*() {
      const call = { type: "tool_use", id: "toolu_1", name: "bash", input: { command: "ls" } }
      const { fetch } = stub(json(message([call], { stop_reason: "tool_use" })))
      const bash = Toolkit.make(AnthropicTool.Bash({}))
      const response = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "List", toolkit: bash }),
        [layer(fetch), bash.toLayer({ AnthropicBash: ({ command }) => Effect.succeed(`ran ${command}`) })]
      )
      assert.deepStrictEqual(response.toolResults.map((result) => result.result), ["ran ls"])
    }))

  it.effect("gives results of tools that ran at Anthropic", () =>
    Effect.gen(function*() {
      const found = [{
        type: "web_search_result",
        url: "https://a.example",
        title: "A",
        encrypted_content: "e",
        page_age: null,
        mood: 1
      }]
      const { fetch } = stub(json(message([
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
        { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: found },
        { type: "text", text: "Found" }
      ])))
      const hosted = Toolkit.make(AnthropicTool.WebSearch({ max_uses: 1 }))
      const response = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Search", toolkit: hosted }),
        [layer(fetch), hosted.toLayer({})]
      )
      assert.deepStrictEqual<unknown>(response.toolResults[0]?.result, found)
      assert.strictEqual(response.text, "Found")
    }))

  it.effect("a typed object, through the format of the vendor", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json(message([{ type: "text", text: "{\"city\":\"Lima\",\"zip\":null}" }])))
      const schema = Schema.Struct({ city: Schema.String, zip: Schema.optionalKey(Schema.String) })
      const { value } = yield* Effect.provide(
        LanguageModel.generateObject({ prompt: "Where?", schema }),
        layer(fetch, "claude-opus-5-5")
      )
      assert.deepStrictEqual(value, { city: "Lima" })
    }))

  for (
    const [reason, kind, words] of [
      ["refusal", "ContentRefused", "refused"],
      ["max_tokens", "OutputTruncated", "maxOutputTokens"],
      ["model_context_window_exceeded", "OutputTruncated", "context window"]
    ] as const
  ) {
    it.effect(`an object that ended with ${reason} is an error with what it cost`, () =>
      Effect.gen(function*() {
        const { fetch } = stub(json(message([{ type: "text", text: `{"city":"Li` }], { stop_reason: reason })))
        const schema = Schema.Struct({ city: Schema.String })
        const error = yield* LanguageModel.generateObject({ prompt: "Where?", schema }).pipe(
          Effect.provide(layer(fetch, "claude-opus-5-5")),
          Effect.flip
        )
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.include(error.message, words)
        const partial = ProviderError.partial(error)
        assert.deepStrictEqual(partial?.parts.map((part) => part.type), ["response-metadata", "text", "finish"])
        assert.strictEqual(partial?.usage?.outputTokens.total, 5)
      }))
  }
})

describe("streamText", () => {
  it.effect("gives parts as they come", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(sse(helloEvents))
      const parts = yield* Effect.provide(Stream.runCollect(LanguageModel.streamText({ prompt: "Hi" })), layer(fetch))
      assert.deepStrictEqual(parts.map((part) => part.type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-delta",
        "text-end",
        "finish"
      ])
      assert.strictEqual(sent[0]?.body["stream"], true)
      assert.strictEqual(sent[0]?.body["max_tokens"], 128_000)
    }))

  it.effect("a cut stream is an error that keeps text and token counts", () =>
    Effect.gen(function*() {
      const { fetch } = stub(sse(helloEvents.slice(0, 4)))
      const error = yield* Effect.provide(
        Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" }))),
        layer(fetch)
      )
      assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
      const partial = ProviderError.partial(error)
      assert.deepStrictEqual(partial?.parts.map((part) => part.type === "text" ? part.text : part.type), [
        "response-metadata",
        "Hello"
      ])
      assert.strictEqual(partial?.usage?.inputTokens.total, 10)
    }))

  it.effect("an error event is the vendor's error", () =>
    Effect.gen(function*() {
      const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }
      const { fetch } = stub(sse([...helloEvents.slice(0, 3), overloaded]))
      const error = yield* Effect.provide(
        Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" }))),
        layer(fetch)
      )
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.isTrue(error.isRetryable)
    }))

  it.effect("what it gave goes back as it was", () =>
    Effect.gen(function*() {
      const citation = { type: "char_location", document_index: 0, cited_text: "x", document_title: "D" }
      const events = [
        messageStart(),
        blockStart(0, { type: "thinking", thinking: "", signature: "" }),
        blockDelta(0, { type: "thinking_delta", thinking: "Hm" }),
        blockDelta(0, { type: "signature_delta", signature: "s" }),
        blockStop(0),
        blockStart(1, { type: "redacted_thinking", data: "enc" }),
        blockStop(1),
        blockStart(2, { type: "text", text: "" }),
        blockDelta(2, { type: "citations_delta", citation }),
        blockDelta(2, { type: "text_delta", text: "Yes." }),
        blockStop(2),
        blockStart(3, { type: "server_tool_use", id: "srvtoolu_1", name: "code_execution", input: {} }),
        blockDelta(3, { type: "input_json_delta", partial_json: "{\"code\":\"1\"}" }),
        blockStop(3),
        messageDelta({ stop_reason: "pause_turn" }),
        messageStop
      ]
      const { fetch, sent } = stub(sse(events), json(hello))
      const program = Effect.gen(function*() {
        const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "Go" }))
        const prompt = Prompt.concat(Prompt.make("Go"), Prompt.fromResponseParts(parts))
        yield* LanguageModel.generateText({ prompt })
      })
      yield* Effect.provide(program, layer(fetch, "claude-opus-5-5"))
      assert.deepStrictEqual(sent[1]?.body["messages"], [
        { role: "user", content: [{ type: "text", text: "Go" }] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm", signature: "s" },
            { type: "redacted_thinking", data: "enc" },
            { type: "text", text: "Yes.", citations: [citation] },
            { type: "server_tool_use", id: "srvtoolu_1", name: "code_execution", input: { code: "1" } }
          ]
        }
      ])
    }))

  it.live("an interruption closes the socket", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{
        headers: { "content-type": "text/event-stream" },
        body: [`event: message_start\ndata: ${JSON.stringify(messageStart())}\n\n`, "wait"]
      }])
      const model = Layer.provide(
        AnthropicLanguageModel.layer("claude-sonnet-5-5"),
        AnthropicClient.layer({ apiKey: Redacted.make("k"), baseUrl: server.url })
      )
      const fiber = yield* Effect.forkChild(
        Effect.provide(Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" })), model)
      )
      yield* server.received(1)
      yield* Fiber.interrupt(fiber)
      yield* server.closed
    }).pipe(Effect.scoped))
})

describe("settings", () => {
  it.effect("around a call win over those of the model; the innermost wins", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello), json(hello), json(hello))
      const ask = LanguageModel.generateText({ prompt: "Hi" })
      yield* Effect.gen(function*() {
        yield* ask
        yield* ask.pipe(AnthropicLanguageModel.withConfigOverride({ effort: "high" }))
        yield* ask.pipe(
          AnthropicLanguageModel.withConfigOverride({ effort: "max" }),
          AnthropicLanguageModel.withConfigOverride({ effort: "high", maxOutputTokens: 9 })
        )
      }).pipe(Effect.provide(layer(fetch, "claude-opus-5-5", { effort: "low" })))
      assert.deepStrictEqual(sent.map(({ body }) => [body["output_config"], body["max_tokens"]]), [
        [{ effort: "low" }, 21_333],
        [{ effort: "high" }, 21_333],
        [{ effort: "max" }, 9]
      ])
    }))

  // platform.claude.com/docs/en/api/migration-2026-10-21
  it.effect("sampling is refused before the network, or left out with a warning", () =>
    Effect.gen(function*() {
      const ask = LanguageModel.generateText({ prompt: "Hi" })
      const refused = stub()
      const error = yield* Effect.provide(
        Effect.flip(ask),
        layer(refused.fetch, "claude-sonnet-4-6", { temperature: 0 })
      )
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(refused.sent, 0)
      const lenient = stub(json(hello))
      const response = yield* Effect.provide(
        ask,
        layer(lenient.fetch, "claude-sonnet-4-6", { temperature: 0, unsupported: "warn" })
      )
      assert.isFalse("temperature" in (lenient.sent[0]?.body ?? {}))
      assert.deepStrictEqual(Warning.of(response.content).map((warning) => warning.about), ["temperature"])
    }))

  it.effect("sampling is sent under the version of the API that has it, to models that take it", () =>
    Effect.gen(function*() {
      const ask = LanguageModel.generateText({ prompt: "Hi" })
      const { fetch, sent } = stub(json(hello))
      const client = { apiVersion: "2023-06-01" }
      yield* Effect.provide(ask, layer(fetch, "claude-sonnet-4-6", { temperature: 0 }, client))
      assert.strictEqual(sent[0]?.headers.get("anthropic-version"), "2023-06-01")
      assert.strictEqual(sent[0]?.body["temperature"], 0)
      const error = yield* Effect.provide(Effect.flip(ask), layer(fetch, "claude-opus-4-7", { temperature: 0 }, client))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("forcing a tool is refused for models that cannot", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub()
      const error = yield* Effect.provide(
        Effect.flip(LanguageModel.generateText({ prompt: "Hi", toolkit, toolChoice: "required" })),
        [layer(fetch, "claude-opus-5-5"), toolLayer]
      )
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(sent, 0)
    }))

  it.effect("headers of the client and of the request are one list", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello))
      yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Hi" }),
        layer(fetch, "claude-opus-5-5", { betas: ["b", "c"] }, { headers: { "Anthropic-Beta": "a, b" } })
      )
      assert.strictEqual(sent[0]?.headers.get("anthropic-beta"), "a,b,c")
    }))
})

describe("model", () => {
  it.effect("has the names of provider and model, and takes a policy", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json(hello))
      const seen: Array<string> = []
      const watch: Policy.Policy = (driver) =>
        Effect.succeed({
          ...driver,
          generateText: (options) =>
            Effect.andThen(Effect.sync(() => seen.push(driver.model)), driver.generateText(options))
        })
      const program = Effect.gen(function*() {
        yield* LanguageModel.generateText({ prompt: "Hi" })
        return [yield* Model.ProviderName, yield* Model.ModelName]
      })
      const names = yield* program.pipe(
        Effect.provide(AnthropicLanguageModel.model("claude-sonnet-5-5", { policy: watch })),
        Effect.provide(AnthropicClient.layer({ apiKey: Redacted.make("k"), fetch }))
      )
      assert.deepStrictEqual(names, ["anthropic", "claude-sonnet-5-5"])
      assert.deepStrictEqual(seen, ["claude-sonnet-5-5"])
    }))
})

describe("countTokens", () => {
  const client = (fetch: typeof globalThis.fetch, options: Partial<AnthropicClient.Options> = {}) =>
    AnthropicClient.layer({ apiKey: Redacted.make("k"), fetch, ...options })

  it.effect("sends what has tokens of a request, and nothing else", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json({ input_tokens: 20, new_member: 1 }))
      const count = AnthropicLanguageModel.countTokens("claude-sonnet-4-5", {
        prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi" }],
        tools: [Tool.make("now")],
        toolChoice: "required",
        settings: {
          maxOutputTokens: 100,
          temperature: 0.5,
          stopSequences: ["END"],
          metadata: { userId: "u" },
          serviceTier: "auto",
          betas: ["b"],
          extraBody: { of_a_beta: true }
        }
      })
      const old = client(fetch, { apiVersion: "2023-06-01", headers: { "anthropic-beta": "a" } })
      assert.strictEqual(yield* Effect.provide(count, old), 20)
      const [request] = sent
      assert.strictEqual(request?.url, "https://api.anthropic.com/v1/messages/count_tokens")
      assert.strictEqual(request?.headers.get("anthropic-beta"), "a,b")
      const { tools, ...body } = request?.body ?? {}
      assert.deepStrictEqual<unknown>(body, {
        model: "claude-sonnet-4-5",
        system: [{ type: "text", text: "Be brief." }],
        messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
        tool_choice: { type: "any" },
        of_a_beta: true
      })
      assert.deepInclude(Array.isArray(tools) ? tools[0] : undefined, { name: "now" })
    }))

  it.effect("takes the settings around it, and refuses what the model cannot do before the network", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json({ input_tokens: 20 }))
      yield* AnthropicLanguageModel.countTokens("claude-sonnet-4-5", { prompt: "Hi" }).pipe(
        AnthropicLanguageModel.withConfigOverride({ cacheControl: { type: "ephemeral" } }),
        Effect.provide(client(fetch))
      )
      assert.deepStrictEqual<unknown>(sent[0]?.body["cache_control"], { type: "ephemeral" })
      const prompt = Prompt.make([{
        role: "user",
        content: [{ type: "file", mediaType: "audio/wav", data: "aGk=" }]
      }])
      const refused = AnthropicLanguageModel.countTokens("claude-sonnet-5-5", { prompt })
      const error = yield* Effect.flip(Effect.provide(refused, client(fetch)))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(sent, 1)
    }))

  it.effect("an error, and an answer without a count", () =>
    Effect.gen(function*() {
      const { fetch } = stub(
        json({ type: "error", error: { type: "overloaded_error", message: "Busy" } }, { status: 529 }),
        json({ tokens: 1 })
      )
      const count = Effect.provide(
        AnthropicLanguageModel.countTokens("claude-sonnet-5-5", { prompt: "Hi" }),
        client(fetch)
      )
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(count)), "Overloaded")
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(count)), "InvalidResponse")
    }))
})
