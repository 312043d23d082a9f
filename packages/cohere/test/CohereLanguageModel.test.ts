import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import { Effect, Redacted, Schema, Stream } from "effect"
import { LanguageModel, Model, Prompt, Tool, Toolkit } from "effect/ai"
import * as CohereClient from "../src/CohereClient.ts"
import * as CohereLanguageModel from "../src/CohereLanguageModel.ts"
import {
  answer,
  callDelta,
  callEnd,
  callStart,
  hello,
  messageEnd,
  messageStart,
  planDelta,
  text
} from "./fixtures/events.ts"
import { json, layer, sse, stub } from "./fixtures/stub.ts"

const Weather = Tool.make("weather", {
  parameters: Schema.Struct({ city: Schema.String, days: Schema.optionalKey(Schema.Int) }),
  success: Schema.String
})
const toolkit = Toolkit.make(Weather)
const toolLayer = toolkit.toLayer({ weather: ({ city, days }) => Effect.succeed(`${city} ${days ?? "now"}`) })

describe("generateText", () => {
  it.effect("sends one plain request and gives the answer", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(answer(text("Hello")), { headers: { "x-debug-trace-id": "t7" } }))
      const response = yield* Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), layer(fetch))
      assert.strictEqual(response.text, "Hello")
      assert.strictEqual(response.usage.inputTokens.total, 10)
      assert.deepStrictEqual<unknown>(response.content[0]?.metadata.cohere, { traceId: "t7" })
      const [request] = sent
      assert.strictEqual(request?.url, "https://api.cohere.com/v2/chat")
      assert.strictEqual(request?.headers.get("authorization"), "Bearer co-test-key")
      assert.deepStrictEqual(request?.body, {
        model: "command-a-03-2025",
        messages: [{ role: "user", content: "Hi" }],
        stream: false
      })
    }))

  it.effect("runs tools, and sends plan, calls and results back", () =>
    Effect.gen(function*() {
      const call = {
        id: "weather_1",
        type: "function",
        function: { name: "weather", arguments: `{"city":"Lima","days":null}` }
      }
      const { fetch, sent } = stub(
        json(answer({ tool_plan: "I look.", tool_calls: [call] }, { finish_reason: "TOOL_CALL" })),
        json(answer(text("Fine.")))
      )
      const program = Effect.gen(function*() {
        const first = yield* LanguageModel.generateText({ prompt: "Weather?", toolkit })
        assert.deepStrictEqual(first.toolResults.map((result) => result.result), ["Lima now"])
        const history = Prompt.concat(Prompt.make("Weather?"), Prompt.fromResponseParts(first.content))
        return yield* LanguageModel.generateText({ prompt: history, toolkit })
      })
      const response = yield* Effect.provide(program, [layer(fetch), toolLayer])
      assert.strictEqual(response.text, "Fine.")
      assert.deepStrictEqual(sent[1]?.body["messages"], [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          tool_plan: "I look.",
          tool_calls: [{ ...call, function: { name: "weather", arguments: `{"city":"Lima"}` } }]
        },
        { role: "tool", tool_call_id: "weather_1", content: "Lima now" }
      ])
    }))

  it.effect("says what it left out", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json(answer(text("Hello"))))
      const response = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Hi" }),
        layer(fetch, "command-a-03-2025", { thinking: { type: "enabled" }, unsupported: "warn" })
      )
      assert.deepStrictEqual(Warning.of(response.content).map((one) => one.about), ["thinking"])
    }))
})

it.effect("generateObject reads what Cohere's schema lets the model leave out", () =>
  Effect.gen(function*() {
    const { fetch } = stub(json(answer(text(`{"name":"Ada"}`))))
    const schema = Schema.Struct({ name: Schema.String, age: Schema.NullOr(Schema.Int) })
    const { value } = yield* Effect.provide(LanguageModel.generateObject({ prompt: "Who?", schema }), layer(fetch))
    assert.deepStrictEqual(value, { name: "Ada", age: null })
  }))

describe("streamText", () => {
  it.effect("gives text as it comes", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(sse(hello))
      const parts = yield* LanguageModel.streamText({ prompt: "Hi" }).pipe(
        Stream.runCollect,
        Effect.provide(layer(fetch))
      )
      assert.strictEqual(parts.map((part) => part.type === "text-delta" ? part.delta : "").join(""), "Hello")
      assert.strictEqual(sent[0]?.body["stream"], true)
    }))

  it.effect("an answer that ends with an error fails, and keeps what came", () =>
    Effect.gen(function*() {
      const failed = messageEnd({ finish_reason: "ERROR", error: "it broke", usage: {} })
      const { fetch } = stub(sse([...hello.slice(0, -1), failed]))
      const error = yield* LanguageModel.streamText({ prompt: "Hi" }).pipe(
        Stream.runDrain,
        Effect.provide(layer(fetch)),
        Effect.flip
      )
      assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
      const kept = ProviderError.partial(error)?.parts ?? []
      assert.isTrue(kept.some((part) => part.type === "text" && part.text === "Hello"))
    }))

  it.effect("runs tools whose calls were streamed", () =>
    Effect.gen(function*() {
      const { fetch } = stub(sse([
        messageStart,
        planDelta("I look."),
        callStart(0, "weather_1", "weather"),
        callDelta(0, `{"city":"Li`),
        callDelta(0, `ma"}`),
        callEnd(0),
        messageEnd({ finish_reason: "TOOL_CALL" })
      ]))
      const parts = yield* LanguageModel.streamText({ prompt: "Weather?", toolkit }).pipe(
        Stream.runCollect,
        Effect.provide([layer(fetch), toolLayer])
      )
      const results = parts.filter((part) => part.type === "tool-result")
      assert.deepStrictEqual(results.map((part) => part.result), ["Lima now"])
    }))
})

it.effect("the model's name and provider are there for telemetry", () =>
  Effect.gen(function*() {
    const { fetch } = stub()
    const program = Effect.all([Model.ProviderName, Model.ModelName])
    const names = yield* program.pipe(
      Effect.provide(CohereLanguageModel.model("command-a-03-2025")),
      Effect.provide(CohereClient.layer({ apiKey: Redacted.make("k"), fetch }))
    )
    assert.deepStrictEqual(names, ["cohere", "command-a-03-2025"])
  }))
