import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Layer, Schema } from "effect"
import { LanguageModel, Model, Prompt, Tool } from "effect/ai"
import * as OpenRouterLanguageModel from "../src/OpenRouterLanguageModel.ts"
import * as OpenRouterTool from "../src/OpenRouterTool.ts"
import { answering, chunk, completion, event, generated, sentBody, streamed } from "./fixtures/stub.ts"

const messages = [{ role: "user", content: "Hi" }]

describe("a request", () => {
  it.effect("has the model under any name, and nothing that was not asked for", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sentBody({}), { model: "acme/large", messages })
    }))

  it.effect("has routing, plugins and reasoning under the names of the wire", () =>
    Effect.gen(function*() {
      const body = yield* sentBody({}, {
        models: ["acme/small"],
        route: "fallback",
        provider: {
          order: ["a"],
          allowFallbacks: false,
          requireParameters: true,
          dataCollection: "deny",
          maxPrice: { prompt: 1 },
          sort: { by: "price", partition: "none" },
          preferredMaxLatency: { p90: 3 }
        },
        plugins: [{ id: "web", maxResults: 3 }, { id: "file-parser", pdf: { engine: "native" } }],
        transforms: [],
        reasoning: { maxTokens: 2_000, exclude: true },
        usageAccounting: true,
        cacheControl: { type: "ephemeral" },
        sessionId: "s-1",
        imageConfig: { aspect_ratio: "1:1", ownName: 1 },
        minP: 0.1,
        topA: 0.2,
        repetitionPenalty: 1.1
      })
      assert.deepStrictEqual(body, {
        model: "acme/large",
        messages,
        models: ["acme/small"],
        route: "fallback",
        provider: {
          order: ["a"],
          allow_fallbacks: false,
          require_parameters: true,
          data_collection: "deny",
          max_price: { prompt: 1 },
          sort: { by: "price", partition: "none" },
          preferred_max_latency: { p90: 3 }
        },
        plugins: [{ id: "web", max_results: 3 }, { id: "file-parser", pdf: { engine: "native" } }],
        transforms: [],
        reasoning: { max_tokens: 2_000, exclude: true },
        usage: { include: true },
        cache_control: { type: "ephemeral" },
        session_id: "s-1",
        // The caller's own names stay as they are.
        image_config: { aspect_ratio: "1:1", ownName: 1 },
        min_p: 0.1,
        top_a: 0.2,
        repetition_penalty: 1.1
      })
    }))

  it.effect("has the tools that run at OpenRouter, and marks of a cache on the program's own", () =>
    Effect.gen(function*() {
      const add = Tool.make("add").annotate(OpenRouterTool.Options, { cacheControl: { type: "ephemeral" } })
      const { tools } = yield* sentBody({
        tools: [OpenRouterTool.WebSearch({ max_uses: 2 }), OpenRouterTool.Datetime({}), add]
      })
      const [search, date, own] = Object(tools)
      assert.deepStrictEqual([search, date], [
        { type: "openrouter:web_search", parameters: { max_uses: 2 } },
        { type: "openrouter:datetime" }
      ])
      assert.deepStrictEqual([own.function.name, own.cache_control], ["add", { type: "ephemeral" }])
    }))

  it.effect("another vendor's tool is refused before the network", () =>
    Effect.gen(function*() {
      const foreign = Tool.providerDefined({
        id: "acme.search",
        customName: "AcmeSearch",
        providerName: "search",
        args: Schema.Struct({}),
        parameters: Schema.Struct({}),
        success: Schema.String
      })({})
      const error = yield* Effect.flip(sentBody({ tools: [foreign] }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("settings around a call win", () =>
    Effect.gen(function*() {
      const { client, sent } = answering([{ json: completion({ content: "ok" }) }])
      yield* LanguageModel.generateText({ prompt: "Hi" }).pipe(
        OpenRouterLanguageModel.withConfigOverride({ reasoning: { effort: "high" } }),
        Effect.provide(
          Layer.provide(
            OpenRouterLanguageModel.model("acme/large", { reasoning: { effort: "low" }, minP: 0.1 }),
            client
          )
        )
      )
      assert.deepInclude(sent[0]?.body, { reasoning: { effort: "high" }, min_p: 0.1 })
    }))
})

describe("an answer", () => {
  it.effect("says who answered and what it cost", () =>
    Effect.gen(function*() {
      const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, cost: 0.00014, is_byok: false }
      const parts = yield* generated({ json: completion({ content: "Hi." }, { usage }) })
      const finish = parts.find((part) => part.type === "finish")
      assert.deepInclude(finish?.metadata?.openrouter, { upstream: "Acme", usage })
      assert.strictEqual(finish?.usage.inputTokens.total, 7)
    }))

  it.effect("has its cost where prices are looked for, with what the upstream charged for a key of one's own", () =>
    Effect.gen(function*() {
      const costs = [
        { cost: 0.25, is_byok: false, cost_details: { upstream_inference_cost: 0.2 } },
        { cost: 0.25, is_byok: true, cost_details: { upstream_inference_cost: 5 } },
        { cost: 0.25, is_byok: true },
        {}
      ]
      const found: Array<string | undefined> = []
      for (const usage of costs) {
        const parts = yield* generated({ json: completion({ content: "Hi." }, { usage }) })
        const finish = parts.find((part) => part.type === "finish")
        const cost = Metadata.get(finish?.metadata, Metadata.namespace, "costUsd")
        found.push(cost === undefined ? undefined : JSON.stringify(cost))
      }
      assert.deepStrictEqual(found, ["0.25", "5.25", undefined, undefined])
    }))

  it.effect("has images as files and pages as sources", () =>
    Effect.gen(function*() {
      const parts = yield* generated({
        json: completion({
          content: "Here.",
          images: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
          annotations: [{ type: "url_citation", url_citation: { url: "https://example.com/", title: "Example" } }]
        })
      })
      const file = parts.find((part) => part.type === "file")
      assert.strictEqual(file?.mediaType, "image/png")
      const source = parts.find((part) => part.type === "source")
      assert.strictEqual(source?.sourceType === "url" && source.url.href, "https://example.com/")
    }))

  it.effect("names provider and model", () =>
    Effect.gen(function*() {
      const names = Effect.all([Model.ProviderName, Model.ModelName])
      const { client } = answering([{ json: {} }])
      const layer = Layer.provide(OpenRouterLanguageModel.model("acme/large"), client)
      assert.deepStrictEqual(yield* Effect.provide(names, layer), ["openrouter", "acme/large"])
    }))
})

const details = [
  { type: "reasoning.summary", summary: "Hm, well.", format: "x", index: 0 },
  { type: "reasoning.encrypted", data: "AA==", id: "rs_1", format: "x", index: 1 }
]

describe("reasoning", () => {
  const streamedDetails = [
    ": OPENROUTER PROCESSING\n\n",
    chunk({ content: "", reasoning: "Hm,", reasoning_details: [{ ...details[0], summary: "Hm," }] }),
    ": OPENROUTER PROCESSING\n\n",
    chunk({ content: "", reasoning: " well.", reasoning_details: [{ ...details[0], summary: " well." }] }),
    chunk({ content: "", reasoning_details: [details[1]] }),
    chunk({ content: "Yes." }),
    chunk({ content: "" }, "stop"),
    "data: [DONE]\n\n"
  ].join("")

  it.effect("goes back as it came, from a whole answer and from a stream", () =>
    Effect.gen(function*() {
      const whole = yield* generated({
        json: completion({ content: "Yes.", reasoning: "Hm, well.", reasoning_details: details })
      })
      const { error, parts } = yield* streamed(streamedDetails)
      assert.isUndefined(error)
      for (const answer of [whole, parts]) {
        const body = yield* sentBody({
          prompt: Prompt.concat(
            Prompt.make("Hi"),
            Prompt.concat(Prompt.fromResponseParts(answer), Prompt.make("Sure?"))
          )
        })
        assert.deepStrictEqual(Object(body["messages"])[1], {
          role: "assistant",
          content: "Yes.",
          reasoning_details: details
        })
      }
    }))
})

describe("a stream that switches to an error", () => {
  const begun = chunk({ content: "Hel" }) + chunk({ content: "lo" })

  it.effect("fails with what had arrived, though its status was good", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* streamed(
        begun + chunk({ content: "" }, "error", { error: { code: 503, message: "Provider disconnected" } })
      )
      if (error === undefined) return assert.fail("the stream did not fail")
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.include(error.message, "Provider disconnected")
      assert.strictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []).join(""), "Hello")
      const arrived = ProviderError.partial(error)?.parts.flatMap((part) => part.type === "text" ? [part.text] : [])
      assert.deepStrictEqual(arrived, ["Hello"])
    }))

  it.effect("fails, too, where only the finish reason says so, or an event alone", () =>
    Effect.gen(function*() {
      for (const end of [chunk({}, "error"), event({ error: { code: 502, message: "Bad gateway" } })]) {
        const { error, parts } = yield* streamed(begun + end)
        assert.strictEqual(error && ProviderError.kindOf(error), "ProviderFailed")
        assert.isUndefined(parts.find((part) => part.type === "finish"))
      }
    }))

  it.effect("an error in a whole answer with a good status is an error", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(generated({ json: { error: { code: 402, message: "Insufficient credits" } } }))
      assert.strictEqual(ProviderError.kindOf(error), "QuotaExhausted")
    }))
})
