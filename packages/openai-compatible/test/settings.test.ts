import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Asked, encode, override, refusal } from "./fixtures/dialect.ts"

/** The body without model and messages. */
const body = (asked: Asked) =>
  Effect.map(encode(asked), ({ body: { messages: _messages, model: _model, ...rest } }) => rest)

describe("settings", () => {
  it.effect("those of all providers", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* body({
          settings: {
            maxOutputTokens: 10,
            temperature: 0,
            topP: 0.5,
            topK: 3,
            stopSequences: ["END"],
            seed: 7,
            presencePenalty: 0.1,
            frequencyPenalty: -0.1
          }
        }),
        {
          max_tokens: 10,
          temperature: 0,
          top_p: 0.5,
          top_k: 3,
          stop: ["END"],
          seed: 7,
          presence_penalty: 0.1,
          frequency_penalty: -0.1
        }
      )
      const quirks = { maxTokensField: "max_completion_tokens" } as const
      assert.deepStrictEqual(yield* body({ settings: { maxOutputTokens: 10 }, quirks }), { max_completion_tokens: 10 })
    }))

  it.effect("those of the dialect", () =>
    Effect.gen(function*() {
      const same = {
        verbosity: "low",
        store: false,
        metadata: { team: "search" },
        user: "u1",
        audio: { voice: "alloy", format: "mp3" },
        modalities: ["text", "audio"],
        n: 2,
        moderation: { model: "omni-moderation-latest" }
      } as const
      assert.deepStrictEqual(
        yield* body({
          settings: {
            ...same,
            reasoningEffort: "high",
            serviceTier: "flex",
            safetyIdentifier: "s1",
            promptCacheKey: "k1",
            promptCacheRetention: "24h",
            promptCacheOptions: { mode: "explicit", ttl: undefined },
            topLogprobs: 2,
            logitBias: { 50256: -100 },
            prediction: "const a = 1",
            webSearchOptions: { searchContextSize: "low", userLocation: { city: "Utrecht", country: "NL" } }
          }
        }),
        {
          ...same,
          reasoning_effort: "high",
          service_tier: "flex",
          safety_identifier: "s1",
          prompt_cache_key: "k1",
          prompt_cache_retention: "24h",
          prompt_cache_options: { mode: "explicit" },
          logprobs: true,
          top_logprobs: 2,
          logit_bias: { 50256: -100 },
          prediction: { type: "content", content: "const a = 1" },
          web_search_options: {
            search_context_size: "low",
            user_location: { type: "approximate", approximate: { city: "Utrecht", country: "NL" } }
          }
        }
      )
    }))

  it.effect("nothing that is undefined reaches the body, and what has no name here wins over the rest", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* body({ settings: { temperature: undefined, verbosity: undefined } }), {})
      assert.deepStrictEqual(yield* body({ settings: { temperature: 1, extraBody: { temperature: 2, min_p: 0.1 } } }), {
        temperature: 2,
        min_p: 0.1
      })
    }))

  it.effect("a stream asks for token counts, where the server knows how", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* body({ streaming: true }), {
        stream: true,
        stream_options: { include_usage: true }
      })
      assert.deepStrictEqual(yield* body({ streaming: true, quirks: { streamUsage: false } }), { stream: true })
      assert.deepStrictEqual(yield* body({ streaming: true, settings: { includeObfuscation: false } }), {
        stream: true,
        stream_options: { include_usage: true, include_obfuscation: false }
      })
    }))

  it.effect("around a call they win over the model's own", () =>
    Effect.gen(function*() {
      const encoded = yield* body({ settings: { temperature: 1, seed: 1 } }).pipe(
        override.withConfigOverride({ temperature: 0.5 })
      )
      assert.deepStrictEqual(encoded, { temperature: 0.5, seed: 1 })
    }))
})

describe("settings a model refuses", () => {
  it.effect("are an error before the network", () =>
    Effect.gen(function*() {
      const asked: ReadonlyArray<Asked> = [
        { settings: { temperature: 1 }, capabilities: { temperature: false } },
        { settings: { reasoningEffort: "low" }, capabilities: { reasoning: false } },
        { settings: { reasoningEffort: "none" }, capabilities: { reasoningOff: false } }
      ]
      for (const one of asked) assert.strictEqual((yield* refusal(encode(one))).kind, "Unsupported")
      const settings = { reasoningEffort: "low" }
      assert.deepStrictEqual(yield* body({ settings, capabilities: { reasoningOff: false } }), {
        reasoning_effort: "low"
      })
    }))

  it.effect("or are left out with a warning, where the caller chose that", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({
        settings: { unsupported: "warn", temperature: 1, reasoningEffort: "none" },
        capabilities: { temperature: false, reasoning: false }
      })
      assert.deepStrictEqual(Object.keys(body), ["model", "messages"])
      assert.deepStrictEqual(warnings, [
        { about: "temperature", message: "acme-1 does not support temperature; it was left out" },
        { about: "reasoningEffort", message: "acme-1 does not support reasoningEffort; it was left out" }
      ])
    }))
})
