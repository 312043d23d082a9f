import { assert, describe, it } from "@effect/vitest"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import { Effect, Schema } from "effect"
import { AnthropicStructuredOutput, LanguageModel, OpenAiStructuredOutput, Tool } from "effect/ai"

describe("parse", () => {
  it.each([
    ["{\"a\":[1]}", { a: [1] }],
    ["", {}],
    ["  \n", {}],
    ["null", null],
    ["[]", []],
    ["\"text\"", "text"]
  ])("%j", (text, params) => assert.deepStrictEqual(ToolParameters.parse(text), { params, metadata: undefined }))

  it.each(["{\"a\":", "oops", "{'a':1}", "{\"a\":1}}"])(
    "keeps what is not JSON, marked: %s",
    (text) =>
      assert.deepStrictEqual(ToolParameters.parse(text), {
        params: text,
        metadata: { llmLayers: { invalidJson: true } }
      })
  )

  it("does not let a model write to prototypes", () => {
    const text = `{"__proto__":{"admin":true}}`
    assert.deepStrictEqual(ToolParameters.parse(text).metadata, { llmLayers: { invalidJson: true } })
  })
})

const Parameters = Schema.Struct({
  name: Schema.String,
  on: Schema.optional(Schema.Date),
  until: Schema.optionalKey(Schema.DateFromString),
  scores: Schema.Record(Schema.String, Schema.Finite),
  pair: Schema.Tuple([Schema.String, Schema.Finite]),
  note: Schema.NullOr(Schema.String)
})
const tool = Tool.make("Tool", { parameters: Parameters })

const transformers = {
  plain: ToolParameters.plain,
  openai: OpenAiStructuredOutput.toCodecOpenAI,
  anthropic: AnthropicStructuredOutput.toCodecAnthropic
} as const

const value: typeof Parameters.Type = {
  name: "n",
  on: new Date("2026-01-01"),
  until: new Date("2027-01-01"),
  scores: { a: 1 },
  pair: ["p", 2],
  note: null
}

describe("decode", () => {
  for (const [name, transformer] of Object.entries(transformers)) {
    it.effect(`from the vendor's form to the tool's own, which decodes to what was meant: ${name}`, () =>
      Effect.gen(function*() {
        const { codec } = transformer(Parameters)
        const wire: unknown = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(codec)(value)))
        const params = yield* ToolParameters.decode(tool, wire, transformer)
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Parameters)(params), value)
      }))

    it.effect(`what is optional may be null or absent: ${name}`, () =>
      Effect.gen(function*() {
        const { codec } = transformer(Parameters)
        const { on: _on, until: _until, ...rest } = value
        const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(codec)(rest)))
        for (const sent of name === "plain" ? [wire, { ...wire, on: null }] : [wire]) {
          const params = yield* ToolParameters.decode(tool, sent, transformer)
          const decoded = yield* Schema.decodeUnknownEffect(Parameters)(params)
          assert.deepStrictEqual(JSON.stringify(decoded), JSON.stringify(rest))
        }
      }))

    it.effect(`what does not fit passes unchanged, for the tool to refuse: ${name}`, () =>
      Effect.gen(function*() {
        for (const wrong of [{}, { name: 1 }, "text", null, undefined, []]) {
          assert.strictEqual(yield* ToolParameters.decode(tool, wrong, transformer), wrong)
        }
      }))
  }

  it.effect("dynamic and provider-defined tools have no schema of ours", () =>
    Effect.gen(function*() {
      const dynamic = Tool.dynamic("D", { parameters: { type: "object", properties: { a: { type: "string" } } } })
      const params = { a: null }
      assert.strictEqual(yield* ToolParameters.decode(dynamic, params, transformers.openai), params)
    }))

  it.effect("a transformer that throws changes nothing", () =>
    Effect.gen(function*() {
      const params = { name: "n" }
      const throwing: LanguageModel.CodecTransformer = () => {
        throw new Error("no such schema")
      }
      assert.strictEqual(yield* ToolParameters.decode(tool, params, throwing), params)
    }))
})

describe("jsonSchema", () => {
  it("is that of the transformer; of a dynamic tool, the one it was given", () => {
    const strict = ToolParameters.jsonSchema(tool, transformers.openai)
    assert.deepInclude(strict, { type: "object", additionalProperties: false })
    assert.includeMembers(strict.required as ReadonlyArray<string> as Array<string>, ["on", "until"])
    const own = { type: "object", properties: { a: { type: "string" } } } as const
    assert.deepStrictEqual(ToolParameters.jsonSchema(Tool.dynamic("D", { parameters: own }), transformers.openai), own)
  })
})

describe("plain", () => {
  it("speaks of the JSON that its codec reads", () => {
    const { codec, jsonSchema } = ToolParameters.plain(Schema.Struct({ on: Schema.Date }))
    assert.deepStrictEqual(jsonSchema["properties"], { on: { type: "string" } })
    assert.deepStrictEqual(Schema.decodeUnknownSync(codec)({ on: "2026-01-01T00:00:00.000Z" }), {
      on: new Date("2026-01-01")
    })
  })
})

describe("memoize", () => {
  it("transforms each schema once", () => {
    const asked: Array<unknown> = []
    const transformer = ToolParameters.memoize((schema) => {
      asked.push(schema)
      return LanguageModel.defaultCodecTransformer(schema)
    })
    const other = Schema.Struct({ a: Schema.String })
    const first = transformer(Parameters)
    assert.strictEqual(transformer(Parameters), first)
    assert.notStrictEqual<unknown>(transformer(other), first)
    transformer(other)
    assert.deepStrictEqual(asked, [Parameters, other])
  })

  it("tries again where it threw", () => {
    let count = 0
    const transformer = ToolParameters.memoize(() => {
      count++
      throw new Error("unsupported")
    })
    assert.throws(() => transformer(Parameters))
    assert.throws(() => transformer(Parameters))
    assert.strictEqual(count, 2)
  })
})
