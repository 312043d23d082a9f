import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import type { Config } from "../src/GoogleLanguageModel.ts"
import { codecTransformer, encodeSchema } from "../src/internal/schema.ts"
import { encode, member } from "./fixtures/request.ts"

describe("thinking", () => {
  const thinkingConfig = (model: string, thinking: NonNullable<Config["thinking"]>) =>
    Effect.map(
      member({ model, settings: { thinking } }, "generationConfig"),
      (config) => (config as { readonly thinkingConfig?: unknown } | undefined)?.thinkingConfig
    )

  it.effect("by level, by budget, dynamic, off", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* thinkingConfig("gemini-3.5-flash", { level: "low", includeThoughts: true }), {
        thinkingLevel: "LOW",
        includeThoughts: true
      })
      assert.deepStrictEqual(yield* thinkingConfig("gemini-2.5-pro", { budgetTokens: 512 }), { thinkingBudget: 512 })
      assert.deepStrictEqual(yield* thinkingConfig("gemini-2.5-pro", { budgetTokens: "dynamic" }), {
        thinkingBudget: -1
      })
      assert.deepStrictEqual(yield* thinkingConfig("gemini-2.5-flash", { budgetTokens: 0 }), { thinkingBudget: 0 })
    }))

  it.effect("what a model has not is refused", () =>
    Effect.gen(function*() {
      for (
        const [model, thinking] of [
          ["gemini-2.5-flash", { level: "low" }],
          ["gemini-2.5-pro", { budgetTokens: 0 }],
          ["gemini-3.5-flash", { budgetTokens: 0 }],
          ["gemini-2.0-flash", { includeThoughts: true }]
        ] as const
      ) {
        const error = yield* Effect.flip(encode({ model, settings: { thinking } }))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported", model)
      }
    }))
})

describe("members of the caller's own", () => {
  it.effect("win, those of the generation config one by one", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({
        settings: {
          temperature: 0.5,
          topK: 3,
          extraBody: { store: false, generationConfig: { candidateCount: 2, topK: 4 } }
        }
      })
      assert.deepStrictEqual(body["generationConfig"], { temperature: 0.5, topK: 4, candidateCount: 2 })
      assert.isFalse(body["store"])
    }))
})

describe("schemas", () => {
  it("have the members that Google takes; the others are told in words", () => {
    const schema = Schema.Struct({
      name: Schema.String.check(Schema.isMinLength(4)).annotate({ description: "A name" }),
      kind: Schema.Literal("a"),
      tags: Schema.Record(Schema.String, Schema.Int),
      pair: Schema.Tuple([Schema.String, Schema.Boolean]),
      when: Schema.optionalKey(Schema.Date)
    })
    const { jsonSchema } = codecTransformer(schema)
    const text = JSON.stringify(jsonSchema)
    for (const member of ["minLength", "allOf", "const", "$schema", "pattern\""]) assert.notInclude(text, member)
    const properties = jsonSchema["properties"] as { readonly [name: string]: { readonly [member: string]: unknown } }
    assert.include(String(properties["name"]?.["description"]), "A name")
    // Effect counts units of UTF-16, JSON Schema characters.
    assert.include(String(properties["name"]?.["description"]), "at least 2 characters")
    assert.deepStrictEqual(properties["kind"]?.["enum"], ["a"])
    assert.strictEqual(properties["tags"]?.["type"], "object")
    assert.notInclude(jsonSchema["required"] as ReadonlyArray<string>, "when")
  })

  it("a reference stands alone", () => {
    const written = encodeSchema({
      type: "object",
      properties: { next: { $ref: "#/$defs/Node", description: "The next" } },
      $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } }
    })
    assert.deepStrictEqual<unknown>(written, {
      type: "object",
      properties: { next: { description: "The next", anyOf: [{ $ref: "#/$defs/Node" }] } },
      $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } }
    })
  })

  it("an answer is read as the schema's own JSON", () => {
    const schema = Schema.Struct({ when: Schema.Date, tags: Schema.Record(Schema.String, Schema.Int) })
    const { codec } = codecTransformer(schema)
    const value = Schema.decodeUnknownSync(codec)({ when: "2026-01-02T00:00:00.000Z", tags: { a: 1 } })
    assert.deepStrictEqual(value, { when: new Date("2026-01-02T00:00:00.000Z"), tags: { a: 1 } })
  })
})
