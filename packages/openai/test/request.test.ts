import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import { Effect, Layer, Schema, Stream } from "effect"
import { LanguageModel, Tool } from "effect/ai"
import { answering, message, response, sent } from "./fixtures/stub.ts"

const bare = { model: "gpt-5.1", input: [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }] }

describe("settings", () => {
  it.effect("a request without settings has none", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sent({}), bare)
    }))

  it.effect("every setting has its member", () =>
    Effect.gen(function*() {
      const body = yield* sent({}, {
        maxOutputTokens: 100,
        temperature: 0.5,
        topP: 0.9,
        reasoning: { effort: "none", summary: "auto" },
        textVerbosity: "low",
        store: true,
        include: ["file_search_call.results"],
        instructions: "Be brief.",
        prompt: { id: "pmpt_1", variables: { a: "b" } },
        previousResponseId: "resp_0",
        maxToolCalls: 3,
        topLogprobs: 2,
        background: true,
        truncation: "auto",
        contextManagement: [{ type: "compaction", compact_threshold: 1000 }],
        promptCacheKey: "key",
        promptCacheOptions: { mode: "explicit", ttl: "12h" },
        promptCacheRetention: "24h",
        serviceTier: "flex",
        safetyIdentifier: "user-hash",
        moderation: { model: "omni-moderation-latest" },
        metadata: { team: "search" }
      })
      assert.deepStrictEqual(body, {
        ...bare,
        max_output_tokens: 100,
        temperature: 0.5,
        top_p: 0.9,
        reasoning: { effort: "none", summary: "auto" },
        text: { verbosity: "low" },
        store: true,
        include: ["file_search_call.results", "message.output_text.logprobs"],
        instructions: "Be brief.",
        prompt: { id: "pmpt_1", variables: { a: "b" } },
        previous_response_id: "resp_0",
        max_tool_calls: 3,
        top_logprobs: 2,
        background: true,
        truncation: "auto",
        context_management: [{ type: "compaction", compact_threshold: 1000 }],
        prompt_cache_key: "key",
        prompt_cache_options: { mode: "explicit", ttl: "12h" },
        prompt_cache_retention: "24h",
        service_tier: "flex",
        safety_identifier: "user-hash",
        moderation: { model: "omni-moderation-latest" },
        metadata: { team: "search" }
      })
    }))

  it.effect("parallel calls are a member where there are tools", () =>
    Effect.gen(function*() {
      const tools = [Tool.make("clock")]
      assert.strictEqual((yield* sent({ tools }, { parallelToolCalls: false }))["parallel_tool_calls"], false)
      assert.notProperty(yield* sent({}, { parallelToolCalls: false }), "parallel_tool_calls")
    }))

  it.effect("reasoning that is not stored is asked for, of models that reason", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* sent({}, { store: false }))["include"], ["reasoning.encrypted_content"])
      assert.notProperty(yield* sent({}, { store: false }, "gpt-4.1"), "include")
    }))

  it.effect("extraBody wins", () =>
    Effect.gen(function*() {
      const body = yield* sent({}, { maxOutputTokens: 5, extraBody: { max_output_tokens: 9, new_member: { a: 1 } } })
      assert.deepStrictEqual(body, { ...bare, max_output_tokens: 9, new_member: { a: 1 } })
    }))

  it.effect("a stream says so", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering({ events: [{ type: "response.completed", response: response([]) }] })
      yield* Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" })).pipe(
        Effect.provide(Layer.provide(OpenAiLanguageModel.layer("gpt-5.1", { includeObfuscation: false }), client))
      )
      assert.deepStrictEqual(bodies, [{ ...bare, stream: true, stream_options: { include_obfuscation: false } }])
    }))
})

describe("what a model refuses", () => {
  const kindOf = (config: OpenAiLanguageModel.Config, model: OpenAiLanguageModel.ModelId) =>
    Effect.map(Effect.flip(sent({}, config, model)), (error) => ProviderError.kindOf(error))

  it.effect("fails before the network", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* kindOf({ temperature: 0 }, "o4-mini"), "Unsupported")
      assert.strictEqual(yield* kindOf({ topP: 0.5 }, "gpt-5-mini"), "Unsupported")
      assert.strictEqual(yield* kindOf({ seed: 1 }, "gpt-4.1"), "Unsupported")
      assert.strictEqual(yield* kindOf({ stopSequences: ["x"] }, "some-new-model"), "Unsupported")
      assert.strictEqual(yield* kindOf({ reasoning: { effort: "low" } }, "gpt-4.1"), "Unsupported")
      assert.strictEqual(yield* kindOf({ reasoning: { effort: "none" } }, "gpt-5"), "Unsupported")
    }))

  it.effect("sampling goes with effort none alone", () =>
    Effect.gen(function*() {
      assert.propertyVal(yield* sent({}, { temperature: 0 }, "gpt-5.4"), "temperature", 0)
      assert.propertyVal(
        yield* sent({}, { temperature: 0, reasoning: { effort: "none" } }, "gpt-5.6-sol"),
        "temperature",
        0
      )
      assert.strictEqual(yield* kindOf({ temperature: 0, reasoning: { effort: "high" } }, "gpt-5.4"), "Unsupported")
      assert.strictEqual(yield* kindOf({ temperature: 0 }, "gpt-5.6-sol"), "Unsupported")
    }))

  it.effect("or is left out with a warning", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering({ json: response([message("ok")]) })
      const { content } = yield* LanguageModel.generateText({ prompt: "Hi" }).pipe(
        Effect.provide(Layer.provide(
          OpenAiLanguageModel.layer("gpt-4.1", { unsupported: "warn", seed: 1, reasoning: { effort: "low" } }),
          client
        ))
      )
      assert.deepStrictEqual(bodies, [{ ...bare, model: "gpt-4.1" }])
      assert.deepStrictEqual(Warning.of(content).map((warning) => warning.about), ["seed", "reasoning"])
    }))
})

describe("structured output", () => {
  const ask = <A extends Record<string, unknown>>(
    schema: Schema.Codec<A, Record<string, unknown>>,
    text: string,
    name?: string
  ) =>
    Effect.gen(function*() {
      const { bodies, client } = answering({ json: response([message(text)]) })
      const { value } = yield* LanguageModel.generateObject({
        prompt: "Hi",
        schema,
        ...(name === undefined ? undefined : { objectName: name })
      }).pipe(Effect.provide(Layer.provide(OpenAiLanguageModel.layer("gpt-5.1", { textVerbosity: "low" }), client)))
      return { value, text: bodies[0]?.["text"] }
    })

  it.effect("goes as a strict schema with a name the API takes", () =>
    Effect.gen(function*() {
      const { text, value } = yield* ask(
        Schema.Struct({ name: Schema.String, age: Schema.optionalKey(Schema.Finite) }),
        `{"name":"Ada","age":null}`,
        "a person/1"
      )
      assert.deepStrictEqual(value, { name: "Ada" })
      assert.deepStrictEqual(text, {
        format: {
          type: "json_schema",
          name: "a_person_1",
          schema: {
            type: "object",
            properties: { name: { type: "string" }, age: { anyOf: [{ type: "number" }, { type: "null" }] } },
            required: ["name", "age"],
            additionalProperties: false
          },
          strict: true
        },
        verbosity: "low"
      })
    }))

  it.effect("unions and records travel inside an object", () =>
    Effect.gen(function*() {
      const shape = Schema.Union([
        Schema.Struct({ kind: Schema.Literal("circle"), radius: Schema.Finite }),
        Schema.Struct({ kind: Schema.Literal("square"), side: Schema.Finite })
      ])
      const union = yield* ask(shape, `{"value":{"kind":"square","side":2}}`)
      assert.deepStrictEqual(union.value, { kind: "square", side: 2 })
      const record = yield* ask(
        Schema.Record(Schema.String, Schema.Finite),
        `{"value":[{"0":"a","1":1},{"0":"b","1":2}]}`
      )
      assert.deepStrictEqual(record.value, { a: 1, b: 2 })
    }))

  it.effect("that was refused or cut is an error with what it cost", () =>
    Effect.gen(function*() {
      const refusal = { ...message(""), content: [{ type: "refusal", refusal: "I won't." }] }
      const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } })
      const usage = { input_tokens: 5, output_tokens: 3 }
      for (
        const [json, kind, words] of [
          [response([refusal], { usage }), "ContentRefused", "I won't."],
          [response([message(`{"a":`)], { ...incomplete("content_filter"), usage }), "ContentRefused", "refused"],
          [response([message(`{"a":`)], { ...incomplete("max_output_tokens"), usage }), "OutputTruncated", "was cut"]
        ] as const
      ) {
        const { client } = answering({ json })
        const error = yield* LanguageModel.generateObject({ prompt: "Hi", schema: Schema.Struct({ a: Schema.String }) })
          .pipe(Effect.provide(Layer.provide(OpenAiLanguageModel.layer("gpt-5.1"), client)), Effect.flip)
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.include(error.message, words)
        const partial = ProviderError.partial(error)
        assert.deepStrictEqual(partial?.parts.map((part) => part.type), ["response-metadata", "text", "finish"])
        assert.strictEqual(partial?.usage?.outputTokens.total, 3)
      }
    }))

  it.effect("is refused by models that have none", () =>
    Effect.gen(function*() {
      const { client } = answering({ json: response([]) })
      const error = yield* LanguageModel.generateObject({ prompt: "Hi", schema: Schema.Struct({ a: Schema.String }) })
        .pipe(
          Effect.provide(Layer.provide(OpenAiLanguageModel.layer("gpt-4"), client)),
          Effect.flip
        )
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))
})
