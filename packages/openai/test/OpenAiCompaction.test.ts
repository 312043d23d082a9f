import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiCompaction from "@llm-layers/openai/OpenAiCompaction"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import { Effect } from "effect"
import { LanguageModel, Prompt } from "effect/ai"
import { type Answer, answering, type Json, message, response } from "./fixtures/stub.ts"

const said = (text: string): Json => ({
  id: `msg_${text}`,
  type: "message",
  role: "user",
  status: "completed",
  content: [{ type: "input_text", text }]
})
const compaction = { id: "cmp_1", type: "compaction", encrypted_content: "gAAA", created_by: "user_1" }

/** Source: https://developers.openai.com/api/reference/resources/responses/methods/compact */
const compacted = (...output: ReadonlyArray<Json>): Answer => ({
  json: {
    id: "resp_1",
    object: "response.compaction",
    created_at: 1_700_000_000,
    output,
    usage: {
      input_tokens: 156,
      input_tokens_details: { cached_tokens: 100 },
      output_tokens: 190,
      output_tokens_details: { reasoning_tokens: 30 },
      total_tokens: 346
    }
  }
})

const history = Prompt.make([
  { role: "system", content: "You are good at maths." },
  { role: "system", content: "Be short." },
  { role: "user", content: "What is 2+2?" },
  { role: "assistant", content: "4." },
  { role: "user", content: "And 3+3?" },
  { role: "assistant", content: "6." }
])

/** Compacts, and goes on from what came out. */
const goOn = (answer: Answer, options: Partial<OpenAiCompaction.Options> = {}) =>
  Effect.gen(function*() {
    const { bodies, client } = answering(answer, { json: response([message("12.")]) })
    const program = Effect.gen(function*() {
      const result = yield* OpenAiCompaction.compact("gpt-5.1", { prompt: history, ...options })
      const prompt = Prompt.concat(result.prompt, [{ role: "user", content: "Times two?" }])
      yield* Effect.provide(
        LanguageModel.generateText({ prompt }),
        OpenAiLanguageModel.layer("gpt-5.1", { store: false })
      )
      return result
    })
    const result = yield* Effect.provide(program, client)
    const [asked, next] = bodies
    return { asked, next, result }
  })

describe("compact", () => {
  it.effect("sends the conversation, its system messages as instructions", () =>
    Effect.gen(function*() {
      const { asked, result } = yield* goOn(compacted(said("What is 2+2?"), said("And 3+3?"), compaction), {
        instructions: "Count well.",
        promptCacheKey: "maths",
        serviceTier: "flex",
        extraBody: { of_tomorrow: 1 }
      })
      assert.deepStrictEqual(asked, {
        model: "gpt-5.1",
        input: [
          { role: "user", content: [{ type: "input_text", text: "What is 2+2?" }] },
          { role: "assistant", content: "4." },
          { role: "user", content: [{ type: "input_text", text: "And 3+3?" }] },
          { role: "assistant", content: "6." }
        ],
        instructions: "Count well.\n\nYou are good at maths.\n\nBe short.",
        prompt_cache_key: "maths",
        service_tier: "flex",
        of_tomorrow: 1
      })
      assert.strictEqual(result.id, "resp_1")
      assert.deepStrictEqual(result.usage, {
        inputTokens: { total: 156, uncached: 56, cacheRead: 100 },
        outputTokens: { total: 190, text: 160, reasoning: 30 }
      })
      assert.deepStrictEqual(result.warnings, [])
    }))

  it.effect("what comes out is what a later request goes on from", () =>
    Effect.gen(function*() {
      const { next, result } = yield* goOn(compacted(said("What is 2+2?"), said("And 3+3?"), compaction))
      assert.deepStrictEqual(result.prompt.content.map(({ role }) => role), [
        "system",
        "system",
        "user",
        "user",
        "assistant"
      ])
      assert.deepStrictEqual(next?.["input"], [
        { role: "system", content: "You are good at maths." },
        { role: "system", content: "Be short." },
        { role: "user", content: [{ type: "input_text", text: "What is 2+2?" }] },
        { role: "user", content: [{ type: "input_text", text: "And 3+3?" }] },
        // The vendor says who made an item, and takes no such member.
        { id: "cmp_1", type: "compaction", encrypted_content: "gAAA" },
        { role: "user", content: [{ type: "input_text", text: "Times two?" }] }
      ])
    }))

  it.effect("images, files and other roles come back as what they were", () =>
    Effect.gen(function*() {
      const contents = [
        { type: "input_image", image_url: "https://example.com/a.png", detail: "low" },
        { type: "input_image", image_url: "data:image/png;base64,aGk=", detail: "auto" },
        { type: "input_image", file_id: "file-abc", detail: "high" },
        { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,aGk=" }
      ]
      const { next } = yield* goOn(
        compacted(
          { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
          { type: "message", role: "user", content: contents },
          { role: "user", content: "As a text." },
          compaction
        ),
        { prompt: "Hi" }
      )
      assert.deepStrictEqual(Array.isArray(next?.["input"]) ? next["input"].slice(0, 3) : undefined, [
        { role: "developer", content: "Be kind." },
        { role: "user", content: contents },
        { role: "user", content: [{ type: "input_text", text: "As a text." }] }
      ])
    }))

  it.effect("what is not known goes back as it came, in its place", () =>
    Effect.gen(function*() {
      const items = [
        { id: "msg_1", type: "message", role: "user", content: [{ type: "input_smell", smell: "rose" }] },
        {
          id: "msg_2",
          type: "message",
          role: "user",
          content: [{ type: "input_file", file_url: "https://a.example" }]
        },
        { id: "msg_3", type: "message", role: "assistant", status: "completed", content: [] },
        { id: "x_1", type: "compaction_of_tomorrow", more: [1] }
      ]
      const { next } = yield* goOn(compacted(...items, said("Hi"), compaction), { prompt: "Hi" })
      assert.deepStrictEqual(Array.isArray(next?.["input"]) ? next["input"].slice(0, 4) : undefined, items)
    }))

  it.effect("says what it left out", () =>
    Effect.gen(function*() {
      const { result } = yield* goOn(compacted(said("Hi"), compaction), {
        prompt: Prompt.make([
          { role: "user", content: "Hi" },
          { role: "assistant", content: [{ type: "reasoning", text: "of another" }, { type: "text", text: "Hello" }] }
        ])
      })
      assert.deepStrictEqual(result.warnings.map(({ about }) => about), ["reasoning"])
    }))

  it.effect("an answer without items is an error, and so is one that says so", () =>
    Effect.gen(function*() {
      const kinds = yield* Effect.forEach(
        [{ json: {} }, compacted(), { json: { error: { code: "rate_limit_exceeded", message: "Later" } } }, {
          status: 404,
          json: { error: { code: "model_not_found", message: "No such model" } }
        }],
        (answer) => Effect.map(Effect.flip(goOn(answer)), (error) => `${ProviderError.kindOf(error)} ${error.module}`)
      )
      assert.deepStrictEqual(kinds, [
        "InvalidResponse OpenAiCompaction",
        "InvalidResponse OpenAiCompaction",
        "RateLimited OpenAiCompaction",
        "ModelNotFound OpenAiCompaction"
      ])
    }))

  it.effect("a file the model does not take is refused before the network", () =>
    Effect.gen(function*() {
      const { bodies, client } = answering(compacted(compaction))
      const prompt = Prompt.make([{ role: "user", content: [{ type: "file", mediaType: "video/mp4", data: "aGk=" }] }])
      const error = yield* Effect.flip(Effect.provide(OpenAiCompaction.compact("gpt-5.1", { prompt }), client))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(bodies, 0)
    }))
})
