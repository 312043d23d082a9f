import { assert, describe, it } from "@effect/vitest"
import { Driver } from "@llm-layers/core"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import { Effect, Redacted, Schema, Stream } from "effect"
import { LanguageModel, Model, Prompt, Tool, Toolkit } from "effect/ai"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleLanguageModel from "../src/GoogleLanguageModel.ts"
import { chunk, end } from "./fixtures/decode.ts"
import { json, layer, sse, stub } from "./fixtures/stub.ts"

const Weather = Tool.make("weather", {
  description: "Tells it.",
  parameters: Schema.Struct({ city: Schema.String, days: Schema.optionalKey(Schema.Int) }),
  success: Schema.String
})
const toolkit = Toolkit.make(Weather)
const toolLayer = toolkit.toLayer({ weather: ({ city, days }) => Effect.succeed(`${city} ${days ?? "now"}`) })

const call = { functionCall: { name: "weather", args: { city: "Lima" } }, thoughtSignature: "c2ln" }
const hello = chunk([{ text: "Hello" }], end, { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3 } })
const ask = LanguageModel.generateText({ prompt: "Hi" })

describe("generateText", () => {
  it.effect("sends one plain request and gives the answer", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello))
      const response = yield* Effect.provide(ask, layer(fetch))
      assert.strictEqual(response.text, "Hello")
      assert.strictEqual(response.finishReason, "stop")
      assert.deepStrictEqual([response.usage.inputTokens.total, response.usage.outputTokens.total], [10, 3])
      assert.strictEqual(
        sent[0]?.url,
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent"
      )
      assert.deepStrictEqual<unknown>(sent[0]?.body, { contents: [{ role: "user", parts: [{ text: "Hi" }] }] })
    }))

  it.effect("runs tools, and sends calls with their signatures and results back", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(chunk([{ text: "I look." }, call, call], end)), json(hello))
      const program = Effect.gen(function*() {
        const first = yield* LanguageModel.generateText({ prompt: "Weather?", toolkit })
        assert.deepStrictEqual(first.toolResults.map(({ result }) => result), ["Lima now", "Lima now"])
        const history = Prompt.concat(Prompt.make("Weather?"), Prompt.fromResponseParts(first.content))
        yield* LanguageModel.generateText({ prompt: history, toolkit })
        return first.toolCalls.map(({ id }) => id)
      })
      const ids = yield* Effect.provide(program, [layer(fetch), toolLayer])
      // Google gave none.
      assert.strictEqual(new Set(ids).size, 2)
      assert.deepStrictEqual<unknown>(sent[1]?.body["contents"], [
        { role: "user", parts: [{ text: "Weather?" }] },
        {
          role: "model",
          parts: [
            { text: "I look." },
            ...ids.map((id) => ({ ...call, functionCall: { id, ...call.functionCall } }))
          ]
        },
        {
          role: "user",
          parts: ids.map((id) => ({ functionResponse: { id, name: "weather", response: { output: "Lima now" } } }))
        }
      ])
    }))

  it.effect("says what it left out", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello))
      const response = yield* Effect.provide(
        ask,
        layer(fetch, "gemini-2.0-flash", { thinking: { budgetTokens: 64 }, unsupported: "warn" })
      )
      assert.deepStrictEqual(Warning.of(response.content).map(({ about }) => about), ["thinking"])
      assert.isUndefined(sent[0]?.body["generationConfig"])
    }))

  it.effect("fails before the network where the model cannot", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub()
      const cannot = LanguageModel.generateText({ prompt: "Hi", toolkit }).pipe(
        Effect.provide([layer(fetch, "gemma-3-27b-it"), toolLayer]),
        Effect.flip
      )
      assert.strictEqual(ProviderError.kindOf(yield* cannot), "Unsupported")
      assert.lengthOf(sent, 0)
    }))

  it.effect("has an error inside an answer with a good status as what it is", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }))
      const error = yield* Effect.flip(Effect.provide(ask, layer(fetch)))
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.strictEqual(error.method, "generateText")
    }))
})

describe("generateObject", () => {
  it.effect("asks for JSON by a schema, and reads it", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(
        json(chunk([{ text: `{"name":"Ada",` }, { text: `"born":"1815-12-10T00:00:00.000Z"}` }], end))
      )
      const schema = Schema.Struct({ name: Schema.String, born: Schema.Date, died: Schema.optionalKey(Schema.Date) })
      const { value } = yield* Effect.provide(
        LanguageModel.generateObject({ prompt: "Who?", schema }),
        layer(fetch, "gemini-3.5-flash", { temperature: 0 })
      )
      assert.deepStrictEqual(value, { name: "Ada", born: new Date("1815-12-10T00:00:00.000Z") })
      const config = sent[0]?.body["generationConfig"] as {
        readonly responseJsonSchema: { readonly required: ReadonlyArray<string> }
      }
      assert.deepInclude<object>(config, { responseMimeType: "application/json", temperature: 0 })
      assert.deepStrictEqual(config.responseJsonSchema.required, ["name", "born"])
    }))

  it.effect("of a list needs no object around it", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(chunk([{ text: "[1,2]" }], end)))
      const { value } = yield* Effect.provide(
        LanguageModel.generateObject({ prompt: "Count", schema: Schema.Array(Schema.Int) }),
        layer(fetch)
      )
      assert.deepStrictEqual(value, [1, 2])
      assert.include(JSON.stringify(sent[0]?.body["generationConfig"]), `"responseJsonSchema":{"type":"array"`)
    }))
})

describe("streamText", () => {
  const stream = LanguageModel.streamText({ prompt: "Hi" })

  it.effect("asks for events, and gives text as it comes", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(sse([chunk([{ text: "Hel" }]), chunk([{ text: "lo" }], end)]))
      const parts = yield* Effect.provide(Stream.runCollect(stream), layer(fetch))
      assert.deepStrictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []), ["Hel", "lo"])
      assert.strictEqual(
        sent[0]?.url,
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse"
      )
    }))

  it.effect("that ends in an error fails, and keeps what came", () =>
    Effect.gen(function*() {
      const failed = { error: { code: 500, message: "An internal error has occurred.", status: "INTERNAL" } }
      for (const [chunks, kind] of [[[failed], "ProviderFailed"], [[], "StreamInterrupted"]] as const) {
        const { fetch } = stub(sse([chunk([{ text: "Hello" }]), ...chunks]))
        const error = yield* Effect.flip(Effect.provide(Stream.runDrain(stream), layer(fetch)))
        assert.strictEqual(ProviderError.kindOf(error), kind)
        const kept = ProviderError.partial(error)?.parts ?? []
        assert.isTrue(kept.some((part) => part.type === "text" && part.text === "Hello"))
      }
    }))

  it.effect("runs tools, once the call is whole", () =>
    Effect.gen(function*() {
      const { fetch } = stub(sse([
        chunk([{ functionCall: { name: "weather", willContinue: true } }]),
        chunk([{ functionCall: { partialArgs: [{ jsonPath: "$.city", stringValue: "Li" }], willContinue: true } }]),
        chunk([{ functionCall: { partialArgs: [{ jsonPath: "$.city", stringValue: "ma" }] } }]),
        chunk([], end)
      ]))
      const parts = yield* LanguageModel.streamText({ prompt: "Weather?", toolkit }).pipe(
        Stream.runCollect,
        Effect.provide([layer(fetch), toolLayer])
      )
      assert.deepStrictEqual(parts.flatMap((part) => part.type === "tool-result" ? [part.result] : []), ["Lima now"])
    }))
})

describe("settings", () => {
  it.effect("have the names of the wire", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello))
      yield* Effect.provide(
        ask,
        layer(fetch, "gemini-2.5-flash", {
          maxOutputTokens: 9,
          temperature: 0.5,
          topP: 0.9,
          topK: 4,
          stopSequences: ["x"],
          seed: 7,
          presencePenalty: 0.1,
          frequencyPenalty: 0.2,
          responseModalities: ["text", "image"],
          mediaResolution: "low",
          topLogprobs: 3,
          imageConfig: { aspectRatio: "16:9" },
          speechConfig: { languageCode: "pt-BR" },
          thinking: { budgetTokens: 128 },
          safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
          cachedContent: "cachedContents/a",
          serviceTier: "flex",
          labels: { team: "a" },
          retrievalConfig: { languageCode: "pt" }
        })
      )
      const { contents: _, ...body } = sent[0]?.body ?? {}
      assert.deepStrictEqual<unknown>(body, {
        generationConfig: {
          maxOutputTokens: 9,
          temperature: 0.5,
          topP: 0.9,
          topK: 4,
          stopSequences: ["x"],
          seed: 7,
          presencePenalty: 0.1,
          frequencyPenalty: 0.2,
          responseModalities: ["TEXT", "IMAGE"],
          mediaResolution: "MEDIA_RESOLUTION_LOW",
          responseLogprobs: true,
          logprobs: 3,
          imageConfig: { aspectRatio: "16:9" },
          speechConfig: { languageCode: "pt-BR" },
          thinkingConfig: { thinkingBudget: 128 }
        },
        safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
        cachedContent: "cachedContents/a",
        serviceTier: "flex",
        labels: { team: "a" },
        toolConfig: { retrievalConfig: { languageCode: "pt" } }
      })
    }))

  it.effect("around a call win, the innermost first", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(hello), json(hello))
      const inner = GoogleLanguageModel.withConfigOverride(ask, { temperature: 0.1 })
      yield* Effect.andThen(inner, ask).pipe(
        GoogleLanguageModel.withConfigOverride({ temperature: 0.5, seed: 2 }),
        Effect.provide(layer(fetch, "gemini-3.5-flash", { temperature: 1, topK: 3 }))
      )
      assert.deepStrictEqual<unknown>(sent.map(({ body }) => body["generationConfig"]), [
        { temperature: 0.1, topK: 3, seed: 2 },
        { temperature: 0.5, topK: 3, seed: 2 }
      ])
    }))

  it.effect("are known to policies by the names all providers share", () =>
    Effect.gen(function*() {
      const driver = yield* GoogleLanguageModel.driver("gemini-3.5-flash", { maxOutputTokens: 9, topK: 3 })
      const settings = yield* GoogleLanguageModel.withConfigOverride(driver.settings ?? Effect.succeed({}), { topK: 4 })
      assert.deepInclude<object>(settings, { maxTokens: 9, topK: 4 })
      const service = yield* Driver.toLanguageModel(driver)
      assert.isFunction(service.generateText)
    }).pipe(Effect.provide(GoogleClient.layer({ apiKey: Redacted.make("k"), fetch: stub().fetch }))))
})

describe("several candidates", () => {
  it.effect("are waited for: the first is the answer, the others are in its metadata", () =>
    Effect.gen(function*() {
      const other = { content: { parts: [{ text: "Bye" }], role: "model" }, finishReason: "STOP", index: 1 }
      const { fetch } = stub(sse([hello, { candidates: [other] }]))
      const parts = yield* LanguageModel.streamText({ prompt: "Hi" }).pipe(
        Stream.runCollect,
        Effect.provide(layer(fetch, "gemini-3.5-flash", { extraBody: { generationConfig: { candidateCount: 2 } } }))
      )
      const finish = parts.find((part) => part.type === "finish")
      assert.deepStrictEqual<unknown>(finish?.metadata.google?.candidates, [other])
      assert.strictEqual(parts.map((part) => part.type === "text-delta" ? part.delta : "").join(""), "Hello")
    }))
})

it.effect("the model's name and provider are there for telemetry", () =>
  Effect.gen(function*() {
    const names = yield* Effect.all([Model.ProviderName, Model.ModelName]).pipe(
      Effect.provide(GoogleLanguageModel.model("gemini-3.5-flash")),
      Effect.provide(GoogleClient.layer({ apiKey: Redacted.make("k"), fetch: stub().fetch }))
    )
    assert.deepStrictEqual(names, ["google", "gemini-3.5-flash"])
  }))
