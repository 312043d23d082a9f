import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type LanguageModel, Tool } from "effect/ai"
import { type Asked, encode, refusal } from "./fixtures/dialect.ts"

const add = Tool.make("add", {
  description: "Adds",
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.optional(Schema.Finite) })
})
const now = Tool.make("now")
const open = Tool.make("open", { parameters: Schema.Struct({ any: Schema.Unknown }) })
const strict = Tool.make("strict").annotate(Tool.Strict, true)
const loose = Tool.make("loose").annotate(Tool.Strict, false)
const dynamic = Tool.dynamic("dynamic", {
  parameters: { type: "object", properties: { q: { type: "string" } }, additionalProperties: false, required: ["q"] }
})
const hosted = Tool.providerDefined({ id: "acme.search", customName: "Search", providerName: "web_search" })()

const body = (asked: Asked) => Effect.map(encode(asked), (encoded) => encoded.body)
const strictness = (asked: Asked) =>
  Effect.map(body(asked), ({ tools }) =>
    Object.fromEntries(
      (tools as ReadonlyArray<{ function: { name: string; strict?: boolean } }>).map((
        one
      ) => [one.function.name, one.function.strict])
    ))

describe("tools", () => {
  it.effect("name, description and the schema as strict mode wants it", () =>
    Effect.gen(function*() {
      const { tools } = yield* body({ tools: [add, now] })
      assert.deepStrictEqual(tools, [
        {
          type: "function",
          function: {
            name: "add",
            description: "Adds",
            parameters: {
              type: "object",
              properties: {
                a: { type: "number" },
                b: { anyOf: [{ type: "number" }, { type: "null" }, { type: "null" }] }
              },
              required: ["a", "b"],
              additionalProperties: false
            }
          }
        },
        {
          type: "function",
          function: { name: "now", parameters: { type: "object", properties: {}, additionalProperties: false } }
        }
      ])
    }))

  it.effect("strict: the tool's own word, then the setting, then the server's quirk for schemas that allow it", () =>
    Effect.gen(function*() {
      const tools = [add, open, strict, loose, dynamic]
      const none = { add: undefined, open: undefined, loose: undefined, dynamic: undefined }
      assert.deepStrictEqual(yield* strictness({ tools }), { ...none, strict: true })
      assert.deepStrictEqual(yield* strictness({ tools, quirks: { strictTools: true } }), {
        ...none,
        add: true,
        strict: true
      })
      assert.deepStrictEqual(
        yield* strictness({ tools, settings: { strictTools: false }, quirks: { strictTools: true } }),
        {
          ...none,
          strict: true
        }
      )
      const asked = yield* encode({ tools, settings: { strictTools: true } })
      assert.deepStrictEqual(asked.warnings, [
        { about: "strictTools", message: "the schema of open does not allow strict mode; it was sent without" }
      ])
      assert.deepStrictEqual(yield* strictness({ tools, settings: { strictTools: true } }), {
        ...none,
        add: true,
        strict: true,
        dynamic: true
      })
    }))

  it.effect("strict tools that the model cannot have are an error where they were asked for", () =>
    Effect.gen(function*() {
      const capabilities = { strictTools: false }
      assert.deepStrictEqual(yield* strictness({ tools: [add], capabilities, quirks: { strictTools: true } }), {
        add: undefined
      })
      const { kind, message } = yield* refusal(encode({ tools: [strict], capabilities }))
      assert.strictEqual(kind, "Unsupported")
      assert.include(message, "strictTools")
      const lenient = yield* encode({ tools: [strict], capabilities, settings: { unsupported: "warn" } })
      assert.deepStrictEqual(lenient.warnings.map((warning) => warning.about), ["strictTools"])
    }))

  it.effect("a vendor's own tools are encoded by the vendor, and refused without", () =>
    Effect.gen(function*() {
      const { kind, message } = yield* refusal(encode({ tools: [hosted] }))
      assert.strictEqual(kind, "Unsupported")
      assert.include(message, "the tool acme.search in Chat Completions")
      const encodeProviderTool = () => ({ type: "web_search", depth: 2 })
      const encoded = yield* body({ tools: [hosted], toolChoice: { tool: "Search" }, encodeProviderTool })
      assert.deepStrictEqual([encoded["tools"], encoded["tool_choice"]], [[{ type: "web_search", depth: 2 }], {
        type: "web_search"
      }])
    }))
})

describe("tool choice", () => {
  const choice = (toolChoice: LanguageModel.ToolChoice<string>) =>
    Effect.map(body({ tools: [add, now], toolChoice }), ({ tool_choice, tools }) => ({
      choice: tool_choice,
      names: (tools as ReadonlyArray<{ function: { name: string } }>).map((one) => one.function.name)
    }))

  it.effect("every form; of `oneOf` only the tools named are sent", () =>
    Effect.gen(function*() {
      const names = ["add", "now"]
      assert.deepStrictEqual(yield* choice("auto"), { choice: undefined, names })
      assert.deepStrictEqual(yield* choice("none"), { choice: "none", names })
      assert.deepStrictEqual(yield* choice("required"), { choice: "required", names })
      assert.deepStrictEqual(yield* choice({ tool: "now" }), {
        choice: { type: "function", function: { name: "now" } },
        names
      })
      assert.deepStrictEqual(yield* choice({ oneOf: ["now"] }), { choice: undefined, names: ["now"] })
      assert.deepStrictEqual(yield* choice({ mode: "required", oneOf: ["now"] }), {
        choice: "required",
        names: ["now"]
      })
    }))

  it.effect("what names no tool of the request is an error", () =>
    Effect.gen(function*() {
      for (const toolChoice of [{ tool: "gone" }, { mode: "required", oneOf: ["gone"] }] as const) {
        const { kind, message } = yield* refusal(encode({ tools: [add], toolChoice }))
        assert.strictEqual(kind, "InvalidRequest")
        assert.include(message, "names no tool of the request")
      }
      assert.deepStrictEqual(Object.keys(yield* body({ toolChoice: "none" })), ["model", "messages"])
    }))

  it.effect("parallel calls are spoken of only together with tools: OpenAI refuses the setting alone", () =>
    Effect.gen(function*() {
      const settings = { parallelToolCalls: false }
      assert.strictEqual((yield* body({ tools: [add], settings }))["parallel_tool_calls"], false)
      assert.isFalse("parallel_tool_calls" in (yield* body({ settings })))
    }))
})

describe("structured output", () => {
  const format = (schema: Schema.Top, objectName = "Answer"): Asked => ({
    responseFormat: { type: "json", objectName, schema }
  })
  const Point = Schema.Struct({ x: Schema.Finite })
  const schema = { type: "object", properties: { x: { type: "number" } }, required: ["x"], additionalProperties: false }

  it.effect("a schema, its name as the API wants it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* body(format(Point, "My point/1")))["response_format"], {
        type: "json_schema",
        json_schema: { name: "My_point_1", schema, strict: true }
      })
      const loose = (yield* body(format(Schema.Struct({ any: Schema.Unknown }))))["response_format"]
      assert.strictEqual((loose as { json_schema: { strict: boolean } }).json_schema.strict, false)
    }))

  it.effect("a list is wrapped in an object; tools are sent as well", () =>
    Effect.gen(function*() {
      const encoded = yield* body({ ...format(Schema.Array(Point)), tools: [now] })
      assert.deepStrictEqual(encoded["response_format"], {
        type: "json_schema",
        json_schema: {
          name: "Answer",
          schema: {
            type: "object",
            properties: { value: { type: "array", items: schema } },
            required: ["value"],
            additionalProperties: false
          },
          strict: true
        }
      })
      assert.isDefined(encoded["tools"])
    }))

  it.effect("servers that know JSON alone get the schema with the instructions", () =>
    Effect.gen(function*() {
      const encoded = yield* body({
        ...format(Point),
        prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Where?" }],
        quirks: { structuredOutput: "json_object" }
      })
      assert.deepStrictEqual(encoded["response_format"], { type: "json_object" })
      assert.deepStrictEqual(encoded["messages"], [
        { role: "system", content: "Be brief." },
        {
          role: "system",
          content: `Answer with one JSON document that fits this JSON Schema, and nothing else:\n${
            JSON.stringify(schema)
          }`
        },
        { role: "user", content: "Where?" }
      ])
    }))

  it.effect("a schema that cannot be transformed is an error before the network", () =>
    Effect.gen(function*() {
      const transformer: LanguageModel.CodecTransformer = () => {
        throw new Error("no recursion")
      }
      for (const asked of [format(Point), { tools: [add] }]) {
        const error = yield* Effect.flip(encode({ ...asked, transformer }))
        assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
        assert.include(error.message, "no recursion")
      }
    }))
})
