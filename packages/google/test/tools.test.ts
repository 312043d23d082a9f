import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import { type LanguageModel, Tool } from "effect/ai"
import type { Config } from "../src/GoogleLanguageModel.ts"
import * as GoogleTool from "../src/GoogleTool.ts"
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

describe("a function", () => {
  it.effect("has a description, be it empty, and parameters in the form Google takes", () =>
    Effect.gen(function*() {
      const Find = Tool.make("find", {
        parameters: Schema.Struct({
          text: Schema.String.check(Schema.isMaxLength(9)),
          top: Schema.optionalKey(Schema.Finite)
        })
      })
      const [sent] = (yield* member({ tools: [Find] }, "tools")) as ReadonlyArray<{
        readonly functionDeclarations: ReadonlyArray<unknown>
      }>
      assert.deepStrictEqual(sent?.functionDeclarations, [{
        name: "find",
        description: "",
        parametersJsonSchema: {
          type: "object",
          properties: {
            text: { type: "string", description: "at most 9 characters" },
            top: { type: "number" }
          },
          required: ["text"]
        }
      }])
    }))

  it.effect("from elsewhere is brought into that form, too", () =>
    Effect.gen(function*() {
      const Mcp = Tool.dynamic("mcp", {
        parameters: {
          $schema: "http://json-schema.org/draft-07/schema#",
          type: "object",
          properties: { kind: { const: "a" }, url: { type: "string", format: "uri", default: "x" } },
          oneOf: [{ required: ["kind"] }]
        }
      })
      assert.include(
        JSON.stringify(yield* member({ tools: [Mcp] }, "tools")),
        JSON.stringify({
          type: "object",
          properties: { kind: { enum: ["a"] }, url: { type: "string", description: "in the format uri" } },
          anyOf: [{ required: ["kind"] }]
        })
      )
    }))

  it.effect("whose parameters point into themselves stays as it is", () =>
    Effect.gen(function*() {
      interface Tree {
        readonly children: ReadonlyArray<Tree>
      }
      const Tree: Schema.Codec<Tree> = Schema.Struct({
        children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
      })
      const Plant = Tool.make("plant", { parameters: Schema.Struct({ tree: Tree }) })
      const text = JSON.stringify(yield* member({ tools: [Plant] }, "tools"))
      assert.match(text, /"\$ref":"#\/\$defs\/\w+"/)
      assert.include(text, `"$defs"`)
    }))
})

describe("what the tools of a request have in common", () => {
  it.effect("is one calling mode: a strict tool makes all strict, one that is not does not", () =>
    Effect.gen(function*() {
      const free = Time.annotate(Tool.Strict, false)
      const asked = (tools: ReadonlyArray<Tool.Any>, settings: Config = {}) => member({ tools, settings }, "toolConfig")
      const validated = { functionCallingConfig: { mode: "VALIDATED" } }
      assert.deepStrictEqual(yield* asked([Weather, free], { strictTools: true }), validated)
      assert.isUndefined(yield* asked([free], { strictTools: true }))
      assert.isUndefined(yield* asked([Weather], { strictTools: false }))
    }))

  it.effect("is no mode where all run at Google, whatever is said of strictness", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* member({ tools: [search], settings: { strictTools: true } }, "toolConfig"))
    }))

  // "NONE: the model is prohibited from making function calls", which a search is not.
  it.effect("where none may be called, is that those that run at Google are not there", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({ tools: [search, Time], toolChoice: "none" })
      assert.deepStrictEqual(body["toolConfig"], { functionCallingConfig: { mode: "NONE" } })
      assert.notInclude(JSON.stringify(body["tools"]), "googleSearch")
      assert.isUndefined(yield* member({ tools: [search], toolChoice: "none" }, "tools"))
    }))

  it.effect("strictness that a model has not is refused, or left out with a warning", () =>
    Effect.gen(function*() {
      const asked = { model: "gemini-2.5-flash-image", tools: [Weather], settings: { strictTools: true } }
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(encode(asked))), "Unsupported")
      const { body, warnings } = yield* encode({ ...asked, settings: { ...asked.settings, unsupported: "warn" } })
      assert.isUndefined(body["toolConfig"])
      assert.deepStrictEqual(warnings.map(({ about }) => about), ["strictTools"])
    }))

  it.effect("is where the user is, and whether calls of Google's own are shown", () =>
    Effect.gen(function*() {
      const retrievalConfig = { latLng: { latitude: 38.7, longitude: -9.1 } }
      const settings: Config = { retrievalConfig, includeServerSideToolInvocations: false }
      assert.deepStrictEqual(yield* member({ tools: [search, Time], settings }, "toolConfig"), {
        includeServerSideToolInvocations: false,
        retrievalConfig
      })
    }))

  it.effect("a forced choice among both kinds names the program's own alone", () =>
    Effect.gen(function*() {
      const toolChoice = { mode: "required", oneOf: ["GoogleSearch", "time"] } as const
      const { body } = yield* encode({ tools: [search, Weather, Time], toolChoice })
      assert.deepStrictEqual(body["toolConfig"], {
        functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["time"] },
        includeServerSideToolInvocations: true
      })
      assert.notInclude(JSON.stringify(body["tools"]), "weather")
    }))
})
