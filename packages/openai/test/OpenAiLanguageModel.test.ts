import { assert, describe, it } from "@effect/vitest"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Layer, Schema, Stream } from "effect"
import { Chat, LanguageModel, Model, ResponseIdTracker, Tool, Toolkit } from "effect/ai"
import { type Answer, answering, message, response } from "./fixtures/stub.ts"

const use = (config: OpenAiLanguageModel.Config, ...answers: readonly [Answer, ...ReadonlyArray<Answer>]) => {
  const { bodies, client } = answering(...answers)
  return { bodies, layer: Layer.provide(OpenAiLanguageModel.model("gpt-5.1", config), client) }
}

const inputOf = (body: Record<string, unknown> | undefined) => Json.list(body?.["input"])

const inputs = (bodies: ReadonlyArray<Record<string, unknown>>) =>
  bodies.map((body) => inputOf(body).map((item) => Json.record(item)["role"] ?? Json.record(item)["type"]))

const call = {
  type: "function_call",
  id: "fc_1",
  call_id: "call_1",
  name: "add",
  arguments: `{"a":1,"b":null}`,
  status: "completed"
}

const add = Tool.make("add", {
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.optionalKey(Schema.Finite) }),
  success: Schema.Finite
})
const toolkit = Toolkit.make(add)
const handlers = toolkit.toLayer({ add: ({ a, b }) => Effect.succeed(a + (b ?? 10)) })

describe("a program", () => {
  it.effect("has the names of provider and model", () =>
    Effect.gen(function*() {
      const { layer } = use({}, { json: response([message("Hi.")]) })
      const names = yield* Effect.all([Model.ProviderName, Model.ModelName]).pipe(Effect.provide(layer))
      assert.deepStrictEqual(names, ["openai", "gpt-5.1"])
    }))

  it.effect("calls a tool and goes on with its result", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({}, { json: response([call]) }, { json: response([message("11.")]) })
      yield* Effect.gen(function*() {
        const chat = yield* Chat.empty
        const first = yield* chat.generateText({ prompt: "1 + ?", toolkit })
        assert.deepStrictEqual(first.toolResults.map((result) => result.result), [11])
        const second = yield* chat.generateText({ prompt: [], toolkit })
        assert.strictEqual(second.text, "11.")
      }).pipe(Effect.provide(handlers), Effect.provide(layer))
      assert.deepStrictEqual(inputOf(bodies[1]).slice(1), [
        { type: "function_call", call_id: "call_1", name: "add", arguments: `{"a":1}` },
        { type: "function_call_output", call_id: "call_1", output: "11" }
      ])
    }))

  it.effect("runs a free-form tool", () =>
    Effect.gen(function*() {
      const sql = OpenAiTool.Custom("sql")
      const item = { type: "custom_tool_call", id: "ctc_1", call_id: "call_1", name: "sql", input: "select 1" }
      const { layer } = use({}, { json: response([item]) })
      const tools = Toolkit.make(sql)
      const { toolResults } = yield* LanguageModel.generateText({ prompt: "Count.", toolkit: tools }).pipe(
        Effect.provide(tools.toLayer({ sql: (text) => Effect.succeed(text.toUpperCase()) })),
        Effect.provide(layer)
      )
      assert.deepStrictEqual(toolResults.map((result) => result.result), ["SELECT 1"])
    }))
})

it.effect("a search for tools by the program goes back as its output", () =>
  Effect.gen(function*() {
    const item = {
      type: "tool_search_call",
      id: "tsc_1",
      call_id: "call_1",
      execution: "client",
      arguments: { q: "x" }
    }
    const { bodies, layer } = use({}, { json: response([item]) }, { json: response([message("ok")]) })
    const tools = Toolkit.make(OpenAiTool.ClientToolSearch({ execution: "client" }))
    const found = { type: "function" as const, name: "rate", parameters: {}, strict: false }
    yield* Effect.gen(function*() {
      const chat = yield* Chat.empty
      yield* chat.generateText({ prompt: "Find.", toolkit: tools })
      yield* chat.generateText({ prompt: [], toolkit: tools })
    }).pipe(
      Effect.provide(tools.toLayer({ OpenAiClientToolSearch: () => Effect.succeed({ tools: [found] }) })),
      Effect.provide(layer)
    )
    assert.deepStrictEqual(bodies[0]?.["tools"], [{ type: "tool_search", execution: "client" }])
    assert.deepStrictEqual(inputOf(bodies[1]).slice(1), [
      item,
      { type: "tool_search_output", call_id: "call_1", execution: "client", status: "completed", tools: [found] }
    ])
  }))

describe("settings around a call", () => {
  it.effect("win over those of the model, the innermost first", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({ maxOutputTokens: 1, serviceTier: "flex" }, { json: response([message("Hi.")]) })
      yield* LanguageModel.generateText({ prompt: "Hi" }).pipe(
        OpenAiLanguageModel.withConfigOverride({ maxOutputTokens: 3 }),
        OpenAiLanguageModel.withConfigOverride({ maxOutputTokens: 2, store: true }),
        Effect.provide(layer)
      )
      const [body] = bodies
      assert.deepStrictEqual([body?.["max_output_tokens"], body?.["service_tier"], body?.["store"]], [3, "flex", true])
    }))

  it.effect("reach a stream", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({}, { events: [{ type: "response.completed", response: response([]) }] })
      yield* LanguageModel.streamText({ prompt: "Hi" }).pipe(
        OpenAiLanguageModel.withConfigOverride({ maxOutputTokens: 3 }),
        Stream.runDrain,
        Effect.provide(layer)
      )
      assert.strictEqual(bodies[0]?.["max_output_tokens"], 3)
    }))
})

describe("a conversation with a ResponseIdTracker", () => {
  const tracked = Layer.effect(ResponseIdTracker.ResponseIdTracker, ResponseIdTracker.make)
  const answer = (id: string): Answer => ({ json: response([message("Hi.")], { id }) })
  const talk = Effect.gen(function*() {
    const chat = yield* Chat.fromPrompt([{ role: "system", content: "Be brief." }])
    yield* chat.generateText({ prompt: "One" })
    yield* chat.generateText({ prompt: "Two" })
  })

  it.effect("goes on from the response at OpenAI", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({}, answer("resp_1"), answer("resp_2"))
      yield* talk.pipe(Effect.provide(layer), Effect.provide(tracked))
      assert.deepStrictEqual(inputs(bodies), [["system", "user"], ["user"]])
      assert.deepStrictEqual(bodies.map((body) => body["previous_response_id"]), [undefined, "resp_1"])
    }))

  it.effect("sends everything where OpenAI does not know the response any more", () =>
    Effect.gen(function*() {
      // developers.openai.com/api/docs/guides/conversation-state: a response is kept for 30 days.
      const gone = {
        status: 400,
        json: { error: { code: "previous_response_not_found", message: "gone", type: "invalid_request_error" } }
      }
      const { bodies, layer } = use({}, answer("resp_1"), gone, answer("resp_2"))
      yield* talk.pipe(Effect.provide(layer), Effect.provide(tracked))
      assert.deepStrictEqual(inputs(bodies), [["system", "user"], ["user"], ["system", "user", "assistant", "user"]])
      assert.deepStrictEqual(bodies.map((body) => body["previous_response_id"]), [undefined, "resp_1", undefined])
    }))

  it.effect("sends everything where nothing is stored", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({ store: false }, answer("resp_1"), answer("resp_2"))
      yield* talk.pipe(Effect.provide(layer), Effect.provide(tracked))
      assert.deepStrictEqual(inputs(bodies), [["system", "user"], ["system", "user", "assistant", "user"]])
      assert.notProperty(bodies[1] ?? {}, "previous_response_id")
    }))

  it.effect("sends the new messages to a conversation at OpenAI", () =>
    Effect.gen(function*() {
      const { bodies, layer } = use({ conversation: "conv_1" }, answer("resp_1"), answer("resp_2"))
      yield* talk.pipe(Effect.provide(layer), Effect.provide(tracked))
      assert.deepStrictEqual(inputs(bodies), [["system", "user"], ["user"]])
      // The API takes one of the two.
      assert.deepStrictEqual(bodies.map((body) => [body["conversation"], body["previous_response_id"]]), [
        ["conv_1", undefined],
        ["conv_1", undefined]
      ])
    }))
})

describe("errors of the API", () => {
  const kindOf = (answer: Answer) =>
    Effect.gen(function*() {
      const { layer } = use({}, answer)
      const plain = yield* LanguageModel.generateText({ prompt: "Hi" }).pipe(Effect.provide(layer), Effect.flip)
      const stream = yield* Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" })).pipe(
        Effect.provide(use({}, answer).layer),
        Effect.flip
      )
      assert.strictEqual(ProviderError.kindOf(stream), ProviderError.kindOf(plain))
      assert.strictEqual(plain.module, "OpenAiLanguageModel")
      return ProviderError.kindOf(plain)
    })

  it.effect("have their kind, plain and streamed", () =>
    Effect.gen(function*() {
      const error = (status: number, code: string | null) => ({
        status,
        json: { error: { message: "no", type: "invalid_request_error", param: null, code } }
      })
      assert.strictEqual(yield* kindOf(error(401, "invalid_api_key")), "AuthenticationFailed")
      assert.strictEqual(yield* kindOf(error(400, "context_length_exceeded")), "ContextOverflow")
      assert.strictEqual(yield* kindOf(error(404, "model_not_found")), "ModelNotFound")
      assert.strictEqual(yield* kindOf(error(429, "insufficient_quota")), "QuotaExhausted")
      assert.strictEqual(yield* kindOf(error(429, null)), "RateLimited")
      assert.strictEqual(yield* kindOf(error(500, null)), "ProviderFailed")
    }))
})

describe("countTokens", () => {
  /** Source: https://developers.openai.com/api/reference/resources/responses/subresources/input_tokens/methods/count */
  const counted: Answer = { json: { object: "response.input_tokens", input_tokens: 51 } }

  it.effect("sends what has tokens of a request, and nothing else", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering(counted)
      const count = OpenAiLanguageModel.countTokens("gpt-5.1", {
        prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Add 1." }],
        tools: [add],
        toolChoice: "required",
        settings: {
          instructions: "Count.",
          reasoning: { effort: "low" },
          textVerbosity: "low",
          parallelToolCalls: false,
          store: false,
          maxOutputTokens: 100,
          metadata: { a: "b" },
          promptCacheKey: "k",
          extraBody: { personality: "friendly" }
        }
      })
      assert.strictEqual(yield* Effect.provide(count, client), 51)
      const [{ tools, ...body } = {}] = bodies
      assert.deepStrictEqual(body, {
        model: "gpt-5.1",
        input: [{ role: "system", content: "Be brief." }, {
          role: "user",
          content: [{ type: "input_text", text: "Add 1." }]
        }],
        instructions: "Count.",
        reasoning: { effort: "low" },
        text: { verbosity: "low" },
        parallel_tool_calls: false,
        tool_choice: "required",
        personality: "friendly"
      })
      assert.lengthOf(Json.list(tools), 1)
    }))

  it.effect("takes the settings around it", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering(counted)
      yield* OpenAiLanguageModel.countTokens("gpt-5.1", { prompt: "Hi" }).pipe(
        OpenAiLanguageModel.withConfigOverride({ instructions: "Around." }),
        Effect.provide(client)
      )
      assert.strictEqual(bodies[0]?.["instructions"], "Around.")
    }))

  it.effect("refuses what it cannot count, before the network", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering(counted)
      const video = [{
        role: "user" as const,
        content: [{ type: "file" as const, mediaType: "video/mp4", data: "aGk=" }]
      }]
      const counts = [
        OpenAiLanguageModel.countTokens("gpt-5.1", { prompt: "Hi", settings: { prompt: { id: "pmpt_1" } } }),
        OpenAiLanguageModel.countTokens("gpt-5.1", { prompt: video })
      ]
      for (const count of counts) {
        const error = yield* Effect.flip(Effect.provide(count, client))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual(error.method, "countTokens")
      }
      assert.lengthOf(bodies, 0)
    }))

  it.effect("an answer without a count is none", () =>
    Effect.gen(function*() {
      const { client } = answering({ json: { object: "response.input_tokens" } })
      const error = yield* Effect.flip(
        Effect.provide(OpenAiLanguageModel.countTokens("gpt-5.1", { prompt: "Hi" }), client)
      )
      assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
    }))
})
