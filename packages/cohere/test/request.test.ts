import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import { Tool } from "effect/ai"
import type { Config } from "../src/CohereLanguageModel.ts"
import { anyModel, body, encode } from "./fixtures/request.ts"

const Look = Tool.make("look", { parameters: Schema.Struct({ at: Schema.String }), success: Schema.String })
const format = {
  type: "json",
  objectName: "person",
  schema: Schema.Struct({ name: Schema.String })
} as const

const kindOf = (asked: Parameters<typeof encode>[0]) =>
  Effect.map(Effect.flip(encode(asked)), (error) => ProviderError.kindOf(error))

it.effect("the smallest request", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* body({}), { model: anyModel, messages: [{ role: "user", content: "Hi" }] })
  }))

it.effect("every setting by its name on the wire", () =>
  Effect.gen(function*() {
    const settings: Config = {
      maxOutputTokens: 10,
      temperature: 0.5,
      topP: 0.6,
      topK: 7,
      stopSequences: ["."],
      seed: 8,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      parallelToolCalls: true,
      thinking: { type: "enabled", tokenBudget: 100 },
      citationOptions: { mode: "FAST" },
      safetyMode: "STRICT",
      logprobs: true,
      priority: 3,
      extraBody: { raw_prompting: true }
    }
    const { messages: _, model: __, ...members } = yield* body({ settings })
    assert.deepStrictEqual<unknown>(members, {
      max_tokens: 10,
      temperature: 0.5,
      p: 0.6,
      k: 7,
      stop_sequences: ["."],
      seed: 8,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      thinking: { type: "enabled", token_budget: 100 },
      citation_options: { mode: "FAST" },
      safety_mode: "STRICT",
      logprobs: true,
      priority: 3,
      raw_prompting: true
    })
  }))

describe("structured output", () => {
  it.effect("is a JSON object under the schema", () =>
    Effect.gen(function*() {
      const { response_format } = yield* body({ responseFormat: format })
      assert.deepStrictEqual<unknown>(response_format, {
        type: "json_object",
        json_schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] }
      })
    }))

  it.effect("does not go with tools or documents", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* kindOf({ responseFormat: format, tools: [Look] }), "Unsupported")
      assert.strictEqual(yield* kindOf({ responseFormat: format, settings: { documents: ["a"] } }), "Unsupported")
    }))

  it.effect("leaves tools out that must not be called, with a warning", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({ responseFormat: format, tools: [Look], toolChoice: "none" })
      assert.isUndefined(body["tools"])
      assert.isUndefined(body["tool_choice"])
      assert.isDefined(body["response_format"])
      assert.deepStrictEqual(warnings, [{
        about: "toolChoice",
        message: "Cohere takes no tools beside a schema of the answer, so look was not sent"
      }])
    }))

  it.effect("fails typed for a schema that cannot be sent", () =>
    Effect.gen(function*() {
      interface Tree {
        readonly children: ReadonlyArray<Tree>
      }
      const Tree: Schema.Codec<Tree> = Schema.Struct({
        children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
      })
      const error = yield* Effect.flip(
        encode({
          responseFormat: { type: "json", objectName: "tree", schema: Tree }
        })
      )
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
      assert.include(error.message, "The schema of tree: Recursive schemas are not supported")
    }))
})

describe("what the API has no form for", () => {
  const cases: ReadonlyArray<readonly [string, Config, about: string]> = [
    ["one call at a time", { parallelToolCalls: false }, "parallelToolCalls"],
    ["a safety mode beside documents", { safetyMode: "STRICT", documents: ["a"] }, "safetyMode"],
    ["no budget at all", { thinking: { type: "enabled", tokenBudget: 0 } }, "thinking"]
  ]

  it.effect.each(cases)("%s fails, or is left out with a warning", ([, settings, about]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* kindOf({ settings }), "Unsupported")
      const { body, warnings } = yield* encode({ settings: { ...settings, unsupported: "warn" } })
      assert.deepStrictEqual(warnings.map((one) => one.about), [about])
      assert.isUndefined(body["safety_mode"])
      assert.isUndefined(body["thinking"])
    }))

  it.effect("thinking of a model that does not", () =>
    Effect.gen(function*() {
      const model = "command-a-03-2025"
      assert.strictEqual(yield* kindOf({ model, settings: { thinking: { type: "enabled" } } }), "Unsupported")
    }))
})

it.effect("documents as they are given, and text files behind them", () =>
  Effect.gen(function*() {
    const { documents } = yield* body({
      settings: { documents: ["A text.", { id: "d", data: { title: "T", text: "Another." } }] },
      prompt: [{
        role: "user",
        content: [
          { type: "file", mediaType: "text/plain", fileName: "a.txt", data: new TextEncoder().encode("In a file.") },
          { type: "file", mediaType: "application/json", fileName: "a.txt", data: new TextEncoder().encode("{}") },
          { type: "file", mediaType: "text/plain", data: new TextEncoder().encode("No name.") },
          { type: "text", text: "Sum up" }
        ]
      }]
    })
    assert.deepStrictEqual<unknown>(documents, [
      "A text.",
      { id: "d", data: { title: "T", text: "Another." } },
      { id: "a.txt", data: { title: "a.txt", text: "In a file." } },
      { id: "a.txt (2)", data: { title: "a.txt", text: "{}" } },
      { data: { text: "No name." } }
    ])
  }))
