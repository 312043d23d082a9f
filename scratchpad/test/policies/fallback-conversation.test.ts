/**
 * A conversation that goes from vendor to vendor: what one of them put into the metadata of its reasoning and its tool
 * calls is sent back to it, and to nobody else.
 */
import { assert, it } from "@effect/vitest"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { GoogleClient, GoogleLanguageModel } from "@llm-layers/google"
import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Fallback } from "@llm-layers/policies"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import { Chat, Tool, Toolkit } from "effect/ai"
import { anthropic } from "../../src/faults/wires/anthropic.ts"
import { google } from "../../src/faults/wires/google.ts"

const vendors = ["openai", "anthropic", "google"] as const
type Vendor = typeof vendors[number]

/** What an answer has that only its own vendor can read; the number of the turn follows. */
const secrets: { readonly [vendor in Vendor]: ReadonlyArray<string> } = {
  openai: ["rs_openai_", "sealed-by-openai-"],
  anthropic: ["signed-by-anthropic-"],
  google: ["signed-by-google-", "signed-call-by-google-"]
}

/** Each thinks, says something, and asks for the weather. */
const answers: { readonly [vendor in Vendor]: (turn: number) => object } = {
  openai: (turn) => ({
    id: `resp_openai_${turn}`,
    object: "response",
    created_at: 1_790_000_000,
    status: "completed",
    error: null,
    incomplete_details: null,
    model: "gpt-5.1",
    output: [
      {
        id: `rs_openai_${turn}`,
        type: "reasoning",
        summary: [{ type: "summary_text", text: "openai thinks" }],
        encrypted_content: `sealed-by-openai-${turn}`
      },
      {
        id: `msg_openai_${turn}`,
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "openai looks", annotations: [] }]
      },
      {
        id: `fc_openai_${turn}`,
        type: "function_call",
        call_id: `call_openai_${turn}`,
        status: "completed",
        name: "get_weather",
        arguments: JSON.stringify({ city: "Lisbon" })
      }
    ],
    usage: {
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 12
    }
  }),
  anthropic: (turn) => ({
    id: `msg_anthropic_${turn}`,
    type: "message",
    role: "assistant",
    model: "claude-sonnet-5-5",
    stop_sequence: null,
    stop_reason: "tool_use",
    content: [
      { type: "thinking", thinking: "anthropic thinks", signature: `signed-by-anthropic-${turn}` },
      { type: "text", text: "anthropic looks" },
      { type: "tool_use", id: `toolu_anthropic_${turn}`, name: "get_weather", input: { city: "Paris" } }
    ],
    usage: { input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 7 }
  }),
  google: (turn) => ({
    candidates: [{
      index: 0,
      finishReason: "STOP",
      content: {
        role: "model",
        parts: [
          { text: "google thinks", thought: true },
          { text: "google looks", thoughtSignature: `signed-by-google-${turn}` },
          {
            functionCall: { id: `call_google_${turn}`, name: "get_weather", args: { city: "Rome" } },
            thoughtSignature: `signed-call-by-google-${turn}`
          }
        ]
      }
    }],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 },
    modelVersion: "gemini-3.5-flash",
    responseId: `resp_google_${turn}`
  })
}

const vendorOf = (path: string): Vendor =>
  path.includes("/responses") ? "openai" : path.includes("/messages") ? "anthropic" : "google"

const apiKey = Redacted.make("key")

const models = (url: string) =>
  Fallback.layer([
    OpenAiLanguageModel.model("gpt-5.1", { store: false }).pipe(
      Layer.provide(OpenAiClient.layer({ apiKey, baseUrl: `${url}/v1` }))
    ),
    AnthropicLanguageModel.model("claude-sonnet-5-5").pipe(
      Layer.provide(AnthropicClient.layer({ apiKey, baseUrl: url }))
    ),
    GoogleLanguageModel.model("gemini-3.5-flash").pipe(Layer.provide(GoogleClient.layer({ apiKey, baseUrl: url })))
  ])

const Weather = Toolkit.make(Tool.make("get_weather", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String
}))
const handlers = Weather.toLayer({ get_weather: ({ city }) => Effect.succeed(`18 degrees in ${city}`) })

const down = { status: 503, body: JSON.stringify({ error: { message: "Not now" } }) }
const events = (body: ReadonlyArray<string>) => ({ headers: { "content-type": "text/event-stream" }, body })

/** Who answers, turn by turn: each after the others, and each a second time. */
const turns: ReadonlyArray<Vendor> = [...vendors, ...vendors]

it.effect("goes from vendor to vendor and back, and each has its own metadata alone", () =>
  Effect.gen(function*() {
    let turn = 0
    const server = yield* LoopbackServer.make(({ path }) => {
      const vendor = vendorOf(path)
      if (turn < turns.length) return vendor === turns[turn] ? { body: JSON.stringify(answers[vendor](turn)) } : down
      // The last turn is streamed: one is down, one breaks before it says anything.
      if (vendor === "openai") return down
      if (vendor === "anthropic") {
        return events([anthropic.errorEvent({ type: "overloaded_error", message: "Not now" })])
      }
      const { before, terminal } = google.stream({ deltas: ["All ", "the same."] })
      return events([...before, ...terminal])
    })
    yield* Effect.gen(function*() {
      const chat = yield* Chat.empty
      for (; turn < turns.length; turn++) {
        const vendor = turns[turn]
        const response = yield* chat.generateText({ prompt: `Question ${turn}`, toolkit: Weather })
        assert.strictEqual(Fallback.answeredBy(response)?.member, vendors.findIndex((one) => one === vendor))
        assert.deepStrictEqual([response.text, response.reasoningText], [`${vendor} looks`, `${vendor} thinks`])
        assert.strictEqual(response.toolResults.length, 1)
        const sent = (yield* server.requests).at(-1)?.body ?? ""
        assert.strictEqual(sent.split("degrees in").length - 1, turn, "every result goes to every vendor")
        for (const other of vendors) {
          for (const secret of secrets[other]) {
            assert.strictEqual(
              sent.includes(secret),
              other === vendor && turn >= vendors.length,
              `${secret} to ${vendor}`
            )
          }
        }
      }
      let text = ""
      yield* chat.streamText({ prompt: "And now?", toolkit: Weather }).pipe(
        Stream.runForEach((part) =>
          Effect.sync(() => {
            if (part.type === "text-delta") text += part.delta
          })
        )
      )
      assert.strictEqual(text, "All the same.")
    }).pipe(Effect.provide(Layer.merge(models(server.url), handlers)))
    yield* server.closed
  }))
