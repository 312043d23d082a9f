import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import { type LanguageModel, Tool } from "effect/ai"
import type { Config } from "../src/GoogleLanguageModel.ts"
import * as GoogleTool from "../src/GoogleTool.ts"
import { codecTransformer, encodeSchema } from "../src/internal/schema.ts"
import { encode, member } from "./fixtures/request.ts"

const Weather = Tool.make("weather", { parameters: Schema.Struct({ city: Schema.String }) })
const Time = Tool.make("time", { description: "Tells it.", parameters: Schema.Struct({}) })
const search = GoogleTool.GoogleSearch({})

describe("tool choice", () => {
  const cases: ReadonlyArray<readonly [LanguageModel.ToolChoice<string>, unknown]> = [
    ["auto", undefined],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [{ tool: "time" }, { mode: "ANY", allowedFunctionNames: ["time"] }],
    [{ oneOf: ["time"] }, undefined],
    [{ mode: "required", oneOf: ["time"] }, { mode: "ANY", allowedFunctionNames: ["time"] }]
  ]

  it.effect.each(cases)("%j is %j", ([toolChoice, functionCallingConfig]) =>
    Effect.gen(function*() {
      const toolConfig = yield* member({ tools: [Weather, Time], toolChoice }, "toolConfig")
      assert.deepStrictEqual(toolConfig, functionCallingConfig && { functionCallingConfig })
    }))

  it.effect("a tool that is not one of those named is not sent", () =>
    Effect.gen(function*() {
      const tools = yield* member({ tools: [Weather, Time], toolChoice: { oneOf: ["time"] } }, "tools")
      assert.deepStrictEqual(tools, [{
        functionDeclarations: [{
          name: "time",
          description: "Tells it.",
          parametersJsonSchema: { type: "object" }
        }]
      }])
    }))

  it.effect("what runs at Google cannot be forced, and nothing cannot be called", () =>
    Effect.gen(function*() {
      const hosted = yield* Effect.flip(encode({ tools: [search], toolChoice: "required" }))
      assert.strictEqual(ProviderError.kindOf(hosted), "Unsupported")
      const none = yield* Effect.flip(encode({ toolChoice: { tool: "time" } }))
      assert.strictEqual(ProviderError.kindOf(none), "InvalidRequest")
    }))

  it.effect("strict tools are the mode VALIDATED", () =>
    Effect.gen(function*() {
      const validated = { functionCallingConfig: { mode: "VALIDATED" } }
      const asked = { tools: [Weather], settings: { strictTools: true } }
      assert.deepStrictEqual(yield* member(asked, "toolConfig"), validated)
      const annotated = { tools: [Weather.annotate(Tool.Strict, true), Time] }
      assert.deepStrictEqual(yield* member(annotated, "toolConfig"), validated)
    }))
})

describe("tools", () => {
  it.effect("of both kinds ask the Developer API to show its own calls; Vertex AI has no such member", () =>
    Effect.gen(function*() {
      const tools = [Time, search]
      assert.deepStrictEqual(yield* member({ tools }, "toolConfig"), { includeServerSideToolInvocations: true })
      assert.isUndefined(yield* member({ tools, api: "vertex" }, "toolConfig"))
      const shown = yield* member({ tools: [search] }, "toolConfig")
      assert.isUndefined(shown)
    }))

  it.effect("of another vendor, and parameters that are no object, are refused before the network", () =>
    Effect.gen(function*() {
      const foreign = Tool.providerDefined({
        id: "acme.search",
        customName: "AcmeSearch",
        providerName: "search",
        args: Schema.Struct({}),
        parameters: Schema.Struct({}),
        success: Schema.String
      })({})
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(encode({ tools: [foreign] }))), "Unsupported")
      const list = Tool.dynamic("list", { parameters: { type: "array" } })
      const error = yield* Effect.flip(encode({ tools: [list] }))
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
    }))

  it.effect("one call at a time cannot be asked for", () =>
    Effect.gen(function*() {
      const settings: Config = { parallelToolCalls: false }
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(encode({ settings }))), "Unsupported")
      const { warnings } = yield* encode({ settings: { ...settings, unsupported: "warn" } })
      assert.deepStrictEqual(warnings.map(({ about }) => about), ["parallelToolCalls"])
    }))
})

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
