import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import { AiError, LanguageModel, Model, Prompt, Tool, Toolkit } from "effect/ai"

type Json = { readonly [key: string]: unknown }

const completion = (message: Json, choice: Json = {}): Json => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4.1-2025-04-14",
  choices: [{
    index: 0,
    message: { role: "assistant", content: null, refusal: null, ...message },
    finish_reason: "stop",
    ...choice
  }],
  usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 }
})

const chunk = (delta: Json, finish_reason: string | null = null): Json => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "gpt-4.1-2025-04-14",
  choices: [{ index: 0, delta, finish_reason }]
})

/** A model that gives one answer, a body or the chunks of a stream, and the bodies it was sent. */
const openai = (
  answer: Json | ReadonlyArray<Json>,
  options: OpenAiChatLanguageModel.Config = {},
  name: OpenAiChatLanguageModel.ModelId = "gpt-4.1"
) => {
  const sent: Array<Json> = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push(JSON.parse(await new globalThis.Response(init?.body ?? null).text()))
    const chunks = Array.isArray(answer) ? answer.map((one) => `data: ${JSON.stringify(one)}\n\n`) : undefined
    return chunks === undefined
      ? new globalThis.Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } })
      : new globalThis.Response(`${chunks.join("")}data: [DONE]\n\n`, {
        headers: { "content-type": "text/event-stream" }
      })
  }
  const client = OpenAiClient.layer({ apiKey: Redacted.make("test"), fetch })
  return { layer: Layer.provide(OpenAiChatLanguageModel.model(name, options), client), sent }
}

/** The body for a call with these settings. */
const body = (
  options: OpenAiChatLanguageModel.Config,
  name: OpenAiChatLanguageModel.ModelId = "gpt-4.1",
  prompt: Prompt.RawInput = "Hi"
) => {
  const { layer, sent } = openai(completion({ content: "Hi." }), options, name)
  return Effect.map(Effect.provide(LanguageModel.generateText({ prompt }), layer), () => sent[0] ?? {})
}

describe("requests to OpenAI", () => {
  it.effect("limit the answer in the member reasoning models take, and name system messages as asked", () =>
    Effect.gen(function*() {
      const prompt = Prompt.make([{ role: "system", content: "Be brief." }, { role: "user", content: "Hi" }])
      assert.deepStrictEqual(yield* body({ maxOutputTokens: 5, systemRole: "developer" }, "o3", prompt), {
        model: "o3",
        messages: [{ role: "developer", content: "Be brief." }, { role: "user", content: "Hi" }],
        max_completion_tokens: 5
      })
    }))

  it.effect("have what the Responses API has not: stop sequences, seed, penalties, several answers", () =>
    Effect.gen(function*() {
      const { messages: _, ...settings } = yield* body({
        stopSequences: ["\n"],
        seed: 7,
        presencePenalty: 0.5,
        frequencyPenalty: 0.25,
        n: 2
      })
      assert.deepStrictEqual(settings, {
        model: "gpt-4.1",
        stop: ["\n"],
        seed: 7,
        presence_penalty: 0.5,
        frequency_penalty: 0.25,
        n: 2
      })
    }))

  it.effect("send null for no text beside calls, and short ids in place of long ones", () =>
    Effect.gen(function*() {
      const id = "ws_".padEnd(51, "6")
      const call = Prompt.makePart("tool-call", { id, name: "add", params: {}, providerExecuted: false })
      const result = Prompt.makePart("tool-result", {
        id,
        name: "add",
        isFailure: false,
        result: 1,
        providerExecuted: false
      })
      const prompt = Prompt.fromMessages([
        Prompt.makeMessage("assistant", { content: [call] }),
        Prompt.makeMessage("tool", { content: [result] })
      ])
      const [first, second] = (yield* body({}, "gpt-4.1", prompt))["messages"] as [
        { content: unknown; tool_calls: [{ id: string }] },
        { tool_call_id: string }
      ]
      assert.isNull(first.content)
      assert.isAtMost(first.tool_calls[0].id.length, 40)
      assert.strictEqual(second.tool_call_id, first.tool_calls[0].id)
    }))

  it.effect("make tools strict whose schema allows it, and free-form tools have their own form", () => {
    const { layer, sent } = openai(completion({
      tool_calls: [{ id: "call_1", type: "custom", custom: { name: "run", input: "1 + 1" } }]
    }, { finish_reason: "tool_calls" }))
    return Effect.gen(function*() {
      const toolkit = Toolkit.make(
        Tool.make("add", { parameters: Schema.Struct({ a: Schema.Finite }) }),
        Tool.make("any", { parameters: Schema.Struct({ a: Schema.Unknown }) }),
        OpenAiTool.Custom("run", {
          description: "Runs",
          format: { type: "grammar", syntax: "regex", definition: "[0-9]+" }
        })
      )
      const handlers = toolkit.toLayer({
        add: () => Effect.void,
        any: () => Effect.void,
        run: (input) => Effect.succeed(`= ${input}`)
      })
      const { toolCalls, toolResults } = yield* LanguageModel.generateText({
        prompt: "Run",
        toolkit,
        toolChoice: { tool: "run" }
      }).pipe(
        Effect.provide(handlers)
      )
      const tools = sent[0]?.["tools"] as [{ function: Json }, { function: Json }, Json]
      assert.deepStrictEqual([tools[0].function["strict"], tools[1].function["strict"]], [true, undefined])
      // Source: API reference, custom tools: the grammar is nested, in the Responses API it is not.
      assert.deepStrictEqual(tools[2], {
        type: "custom",
        custom: {
          name: "run",
          description: "Runs",
          format: { type: "grammar", grammar: { syntax: "regex", definition: "[0-9]+" } }
        }
      })
      assert.deepStrictEqual(sent[0]?.["tool_choice"], { type: "custom", custom: { name: "run" } })
      assert.deepStrictEqual(toolCalls.map((call) => call.params), ["1 + 1"])
      assert.deepStrictEqual(toolResults.map((result) => result.result), ["= 1 + 1"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("with a hosted tool are refused: Chat Completions has none", () => {
    const { layer, sent } = openai(completion({ content: "Hi." }))
    return Effect.gen(function*() {
      const toolkit = Toolkit.make(OpenAiTool.WebSearch({}))
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "Search", toolkit }))
      assert.strictEqual(AiError.isAiError(error) ? ProviderError.kindOf(error) : undefined, "Unsupported")
      assert.include(error.message, "openai.web_search")
      assert.deepStrictEqual(sent, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("take PDF by id and as bytes, and no other file", () =>
    Effect.gen(function*() {
      const file = (mediaType: string, data: string) =>
        Prompt.make([{ role: "user", content: [{ type: "file", mediaType, data }] }])
      const [message] = (yield* body({}, "gpt-4.1", file("application/pdf", "file-abc123")))["messages"] as [
        { content: unknown }
      ]
      assert.deepStrictEqual(message.content, [{ type: "file", file: { file_id: "file-abc123" } }])
      // Source: OpenAI, guide "File inputs", Chat Completions.
      for (
        const [type, data] of [["application/zip", "UEsDBA=="], [
          "application/pdf",
          "https://example.com/a.pdf"
        ]] as const
      ) {
        const error = yield* Effect.flip(body({}, "gpt-4.1", file(type, data)))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      }
    }))
})

describe("what models refuse", () => {
  const refused = (options: OpenAiChatLanguageModel.Config, name: string) =>
    Effect.map(Effect.flip(body(options, name)), ProviderError.kindOf)

  it.effect("is an error before the network", () =>
    Effect.gen(function*() {
      const asked: ReadonlyArray<readonly [string, OpenAiChatLanguageModel.Config]> = [
        ["gpt-4.1", { topK: 4 }],
        ["gpt-4.1", { reasoningEffort: "low" }],
        ["gpt-5-mini", { temperature: 0 }],
        ["gpt-5-mini", { presencePenalty: 1 }],
        ["gpt-5", { reasoningEffort: "none" }],
        // Source: API reference, `stop`.
        ["o4-mini", { stopSequences: ["\n"] }],
        ["o3-2025-04-16", { stopSequences: ["\n"] }],
        ["gpt-4o-search-preview", { temperature: 0 }]
      ]
      for (const [name, options] of asked) assert.strictEqual(yield* refused(options, name), "Unsupported", name)
    }))

  it.effect("and only that: models that were not there yet do all", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* body({ temperature: 0, seed: 1 }, "gpt-9"))["temperature"], 0)
      assert.strictEqual((yield* body({ temperature: 0 }, "gpt-4.1"))["temperature"], 0)
      assert.deepStrictEqual((yield* body({ stopSequences: ["\n"] }, "gpt-5.1"))["stop"], ["\n"])
      assert.strictEqual(
        (yield* body({ reasoningEffort: "none", temperature: 0 }, "gpt-5.2"))["reasoning_effort"],
        "none"
      )
    }))

  it.effect("audio goes to the models that hear", () =>
    Effect.gen(function*() {
      const prompt = Prompt.make([{ role: "user", content: [{ type: "file", mediaType: "audio/wav", data: "UklG" }] }])
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(body({}, "gpt-4o", prompt))), "Unsupported")
      for (const name of ["gpt-audio-mini", "gpt-4o-audio-preview"] as const) {
        const [message] = (yield* body({}, name, prompt))["messages"] as [{ content: unknown }]
        assert.deepStrictEqual(message.content, [{ type: "input_audio", input_audio: { data: "UklG", format: "wav" } }])
      }
    }))

  it.effect("is left out with a warning where the caller chose that", () => {
    const { layer, sent } = openai(completion({ content: "Hi." }), { temperature: 0, unsupported: "warn" }, "o3")
    return Effect.gen(function*() {
      const { content } = yield* LanguageModel.generateText({ prompt: "Hi" })
      assert.isFalse("temperature" in (sent[0] ?? {}))
      assert.deepStrictEqual(Warning.of(content).map((one) => one.about), ["temperature"])
    }).pipe(Effect.provide(layer))
  })
})

describe("answers of OpenAI", () => {
  it.effect("name the provider, and have its facts under its name", () => {
    const { layer } = openai({ ...completion({ content: "Hi." }), service_tier: "default", system_fingerprint: "fp_1" })
    return Effect.gen(function*() {
      const { content } = yield* LanguageModel.generateText({ prompt: "Hi" })
      assert.strictEqual(yield* Model.ProviderName, "openai")
      const finish = content.find((part) => part.type === "finish")
      const fact = (key: string) => Metadata.get(finish?.metadata, "openai", key)
      assert.deepStrictEqual([fact("finishReason"), fact("serviceTier"), fact("systemFingerprint")], [
        "stop",
        "default",
        "fp_1"
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("spoken ones are files, and a later turn refers to them", () => {
    const audio = { id: "audio_1", data: "SUQz", transcript: "Hello!", expires_at: 1_700_003_600 }
    const { layer, sent } = openai(completion({ audio }), {
      modalities: ["text", "audio"],
      audio: { voice: "alloy", format: "mp3" }
    }, "gpt-audio")
    return Effect.gen(function*() {
      const { content } = yield* LanguageModel.generateText({ prompt: "Say hello." })
      const file = content.find((part) => part.type === "file")
      assert.strictEqual(file?.mediaType, "audio/mpeg")
      assert.strictEqual(Metadata.get(file?.metadata, "openai", "transcript"), "Hello!")
      const history = Prompt.concat(Prompt.fromResponseParts(content), "Again?")
      yield* LanguageModel.generateText({ prompt: history })
      assert.deepStrictEqual(sent[1]?.["messages"], [
        { role: "assistant", content: null, audio: { id: "audio_1" } },
        { role: "user", content: "Again?" }
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("a refusal goes back as one", () => {
    const { layer, sent } = openai([
      chunk({ role: "assistant", content: null, refusal: "" }),
      chunk({ refusal: "No." }),
      chunk({}, "stop")
    ])
    return Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "Harm" }))
      const finish = parts.at(-1)
      assert.strictEqual(finish?.type === "finish" ? finish.reason : undefined, "content-filter")
      yield* Stream.runDrain(LanguageModel.streamText({ prompt: Prompt.fromResponseParts(parts) }))
      assert.deepStrictEqual(sent[1]?.["messages"], [
        { role: "assistant", content: [{ type: "refusal", refusal: "No." }] }
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("a forced call ends with `stop` at OpenAI, and runs all the same", () => {
    const tool_calls = [{ id: "call_1", type: "function", function: { name: "add", arguments: `{"a":1}` } }]
    const { layer } = openai(completion({ tool_calls }))
    return Effect.gen(function*() {
      const toolkit = Toolkit.make(
        Tool.make("add", { parameters: Schema.Struct({ a: Schema.Finite }), success: Schema.Finite })
      )
      const response = yield* LanguageModel.generateText({ prompt: "Add", toolkit, toolChoice: { tool: "add" } }).pipe(
        Effect.provide(toolkit.toLayer({ add: ({ a }) => Effect.succeed(a + 1) }))
      )
      assert.strictEqual(response.finishReason, "tool-calls")
      assert.deepStrictEqual(response.toolResults.map((result) => result.result), [2])
    }).pipe(Effect.provide(layer))
  })

  it.effect("settings around a stream win over the model's", () => {
    const { layer, sent } = openai([chunk({ content: "Hi." }), chunk({}, "stop")], { temperature: 1 })
    return Effect.gen(function*() {
      yield* Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" })).pipe(
        OpenAiChatLanguageModel.withConfigOverride({ temperature: 0 })
      )
      assert.strictEqual(sent[0]?.["temperature"], 0)
    }).pipe(Effect.provide(layer))
  })
})

describe("types", () => {
  it("a model is OpenAI's and needs its client; settings are closed", () => {
    const model: Model.Model<"openai", LanguageModel.LanguageModel, OpenAiClient.OpenAiClient> = OpenAiChatLanguageModel
      .model("gpt-4.1")
    // @ts-expect-error no such setting
    OpenAiChatLanguageModel.model("gpt-4.1", { stop: ["\n"] })
    assert.strictEqual(model.provider, "openai")
  })
})
