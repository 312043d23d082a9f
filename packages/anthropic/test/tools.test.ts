import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Redacted, Schema, Stream } from "effect"
import { LanguageModel, Tool, Toolkit } from "effect/ai"
import { inspect } from "node:util"
import * as AnthropicTool from "../src/AnthropicTool.ts"
import * as ToolNames from "../src/internal/toolNames.ts"
import { type Asked, encode } from "./fixtures/request.ts"
import { json, layer, sse, stub } from "./fixtures/stub.ts"

const Weather = Tool.make("weather", {
  description: "Weather of a city",
  parameters: Schema.Struct({ city: Schema.String, days: Schema.optionalKey(Schema.Int) })
})
const Clock = Tool.make("clock")

const weatherSchema = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { anyOf: [{ type: "integer" }, { type: "null" }] }
  },
  required: ["city", "days"],
  additionalProperties: false
}

const Tree = Schema.Struct({
  name: Schema.String,
  children: Schema.Array(Schema.suspend((): Schema.Codec<unknown> => Tree))
})

const body = (asked: Asked) => Effect.map(encode(asked), (request) => request.body)

describe("tools of the program", () => {
  it.effect("name, description and schema in the vendor's form", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual<unknown>((yield* body({ tools: [Weather, Clock] })).tools, [
        { name: "weather", description: "Weather of a city", input_schema: weatherSchema },
        { name: "clock", input_schema: { type: "object", additionalProperties: false } }
      ])
    }))

  it.effect("strictness: the annotation wins over the setting", () =>
    Effect.gen(function*() {
      const { tools } = yield* body({
        settings: { strictTools: true },
        tools: [Weather, Clock.annotate(Tool.Strict, false)]
      })
      assert.deepStrictEqual(tools?.map((tool) => "strict" in tool ? tool.strict : undefined), [true, false])
    }))

  it.effect("strictness is refused by models that lack it, or left out with a warning", () =>
    Effect.gen(function*() {
      const asked = { model: "claude-sonnet-4-0", tools: [Weather] }
      const error = yield* Effect.flip(encode({ ...asked, settings: { strictTools: true } }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      const lenient = yield* encode({ ...asked, settings: { strictTools: true, unsupported: "warn" } })
      assert.isFalse("strict" in (lenient.body.tools?.[0] ?? {}))
      assert.deepStrictEqual(lenient.warnings.map((warning) => warning.about), ["strictTools"])
    }))

  it.effect("dynamic tools keep their schema and are strict only when annotated", () =>
    Effect.gen(function*() {
      const parameters = { type: "object", properties: { q: { type: "string", minLength: 2 } } } as const
      const dynamic = Tool.dynamic("find", { parameters })
      const { tools } = yield* body({ settings: { strictTools: true }, tools: [dynamic, Tool.dynamic("any")] })
      assert.deepStrictEqual<unknown>(tools, [
        { name: "find", input_schema: parameters },
        { name: "any", input_schema: { type: "object", description: "JSON value" } }
      ])
    }))

  it.effect("options of the annotation", () =>
    Effect.gen(function*() {
      const options: AnthropicTool.ToolOptions = {
        defer_loading: true,
        eager_input_streaming: true,
        input_examples: [{ city: "Lima" }],
        allowed_callers: ["direct"]
      }
      const cacheControl = { type: "ephemeral", ttl: "1h" } as const
      const { tools } = yield* body({ tools: [Weather.annotate(AnthropicTool.Options, { ...options, cacheControl })] })
      assert.deepStrictEqual<unknown>(tools, [
        {
          name: "weather",
          description: "Weather of a city",
          input_schema: weatherSchema,
          cache_control: cacheControl,
          ...options
        }
      ])
    }))

  it.effect("a recursive schema goes as it is; strict, it is refused", () =>
    Effect.gen(function*() {
      const tool = Tool.make("grow", { parameters: Tree })
      const { tools } = yield* body({ tools: [tool] })
      assert.include(JSON.stringify(tools), "$ref")
      const error = yield* Effect.flip(encode({ tools: [tool.annotate(Tool.Strict, true)] }))
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
    }))

  // "tools.0.custom.input_schema.type: Field required" is what the API says of such.
  it.effect("parameters that are not one object are refused", () =>
    Effect.gen(function*() {
      const parameters = Schema.Union([Schema.Struct({ a: Schema.String }), Schema.Struct({ b: Schema.Int })])
      const error = yield* Effect.flip(encode({ tools: [Tool.make("either", { parameters })] }))
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
      assert.include(error.message, "either")
    }))
})

describe("tool choice", () => {
  const tools = [Weather, Clock, AnthropicTool.Bash({})]
  const choice = (toolChoice: LanguageModel.ToolChoice<string>, parallelToolCalls?: boolean) =>
    body({ tools, toolChoice, settings: { parallelToolCalls } })

  it.effect("every form", () =>
    Effect.gen(function*() {
      assert.isUndefined((yield* choice("auto")).tool_choice)
      assert.deepStrictEqual((yield* choice("none")).tool_choice, { type: "none" })
      assert.deepStrictEqual((yield* choice("required")).tool_choice, { type: "any" })
      assert.deepStrictEqual((yield* choice({ tool: "clock" })).tool_choice, { type: "tool", name: "clock" })
      assert.deepStrictEqual((yield* choice({ tool: "AnthropicBash" })).tool_choice, { type: "tool", name: "bash" })
    }))

  it.effect("oneOf sends those tools alone", () =>
    Effect.gen(function*() {
      const auto = yield* choice({ oneOf: ["clock"] })
      assert.deepStrictEqual(auto.tools?.map((tool) => "name" in tool ? tool.name : tool.type), ["clock"])
      assert.isUndefined(auto.tool_choice)
      const forced = yield* choice({ mode: "required", oneOf: ["clock", "AnthropicBash"] })
      assert.deepStrictEqual(forced.tools?.map((tool) => "name" in tool ? tool.name : tool.type), ["clock", "bash"])
      assert.deepStrictEqual(forced.tool_choice, { type: "any" })
    }))

  it.effect("calls that are not parallel", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* choice("auto", false)).tool_choice, {
        type: "auto",
        disable_parallel_tool_use: true
      })
      assert.deepStrictEqual((yield* choice("required", true)).tool_choice, {
        type: "any",
        disable_parallel_tool_use: false
      })
      assert.deepStrictEqual((yield* choice("none", false)).tool_choice, { type: "none" })
    }))

  it.effect("a set of tools cannot be forced by name", () =>
    Effect.gen(function*() {
      const docs = AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com" })
      const error = yield* Effect.flip(encode({ tools: [docs], toolChoice: { tool: docs.name } }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("a forced choice that names no tool of the request is an error", () =>
    Effect.gen(function*() {
      for (const toolChoice of [{ tool: "gone" }, { mode: "required", oneOf: ["gone"] }] as const) {
        const error = yield* Effect.flip(encode({ tools: [Weather], toolChoice }))
        assert.strictEqual(ProviderError.kindOf(error), "InvalidRequest")
        assert.include(error.message, "names no tool of the request")
      }
    }))

  it.effect("without tools there is no choice to send", () =>
    Effect.gen(function*() {
      const sent = yield* body({ toolChoice: "none", settings: { parallelToolCalls: false } })
      assert.isFalse("tool_choice" in sent || "tools" in sent)
    }))
})

describe("tools of Anthropic", () => {
  it.effect("arguments as they are, with the version and name of the wire", () =>
    Effect.gen(function*() {
      const { betas, body } = yield* encode({
        tools: [
          AnthropicTool.WebSearch({ max_uses: 3, user_location: { type: "approximate", country: "PE" } }),
          AnthropicTool.WebFetch({ type: "web_fetch_20260318", citations: { enabled: true } }),
          AnthropicTool.CodeExecution({}),
          AnthropicTool.Advisor({ model: "claude-opus-5-5", caching: { type: "ephemeral" } }),
          AnthropicTool.ToolSearchRegex({}),
          AnthropicTool.Memory({ failureMode: "return" }),
          AnthropicTool.TextEditor({ max_characters: 100 }),
          AnthropicTool.Computer({ display_width_px: 100, display_height_px: 50 }),
          AnthropicTool.ComputerToolset({ configs: {} })
        ]
      })
      assert.deepStrictEqual<unknown>(body.tools, [
        {
          type: "web_search_20250305",
          name: "web_search",
          max_uses: 3,
          user_location: { type: "approximate", country: "PE" }
        },
        { type: "web_fetch_20260318", name: "web_fetch", citations: { enabled: true } },
        { type: "code_execution_20250825", name: "code_execution" },
        { type: "advisor_20260301", name: "advisor", model: "claude-opus-5-5", caching: { type: "ephemeral" } },
        { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" },
        { type: "memory_20250818", name: "memory" },
        { type: "text_editor_20250728", name: "str_replace_based_edit_tool", max_characters: 100 },
        { type: "computer_20251124", name: "computer", display_width_px: 100, display_height_px: 50 },
        { type: "computer_toolset_20260801", configs: {} }
      ])
      assert.deepStrictEqual(betas, ["advisor-tool-2026-03-01", "computer-use-2025-11-24"])
    }))

  it.effect("an MCP server is a server and a toolset", () =>
    Effect.gen(function*() {
      const { betas, body } = yield* encode({
        tools: [AnthropicTool.Mcp({
          name: "docs",
          url: "https://mcp.example.com",
          authorization_token: Redacted.make("token"),
          default_config: { enabled: false },
          configs: { search: { enabled: true } }
        })]
      })
      assert.deepStrictEqual(body.mcp_servers, [
        { type: "url", name: "docs", url: "https://mcp.example.com", authorization_token: "token" }
      ])
      assert.deepStrictEqual<unknown>(body.tools, [{
        type: "mcp_toolset",
        mcp_server_name: "docs",
        configs: { search: { enabled: true } },
        default_config: { enabled: false }
      }])
      assert.deepStrictEqual(betas, ["mcp-client-2025-11-20"])
    }))

  it.effect("the token of an MCP server is shown by no error", () =>
    Effect.gen(function*() {
      for (const authorization_token of ["token-secret", Redacted.make("token-secret")]) {
        const docs = AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com", authorization_token })
        const failure = { type: "error", error: { type: "invalid_request_error", message: "Wrong: token-secret" } }
        const { fetch, sent } = stub(json(failure, { status: 400 }), sse([failure]), json(failure))
        // Its tools run at Anthropic: it has no handlers.
        const options = { prompt: "Hi", toolkit: Toolkit.make(docs) }
        const failures = [
          yield* Effect.flip(LanguageModel.generateText(options)).pipe(Effect.provide(layer(fetch))),
          yield* Effect.flip(Stream.runDrain(LanguageModel.streamText(options))).pipe(Effect.provide(layer(fetch))),
          yield* Effect.flip(LanguageModel.generateText(options)).pipe(Effect.provide(layer(fetch)))
        ]
        for (const error of failures) {
          const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
          assert.include(shown, "Wrong: [redacted]")
          assert.notInclude(shown, "token-secret")
        }
        assert.lengthOf(sent, 3)
      }
    }))

  it.effect("a tool of another provider is refused; one that is newer than this package is sent", () =>
    Effect.gen(function*() {
      const foreign = Tool.providerDefined({
        id: "openai.web_search",
        customName: "Search",
        providerName: "web_search"
      })
      const error = yield* Effect.flip(encode({ tools: [foreign(undefined)] }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      const newer = Tool.providerDefined({
        id: "anthropic.dream",
        customName: "Dream",
        providerName: "dream",
        args: Schema.Struct({ type: Schema.String })
      })
      assert.deepStrictEqual<unknown>((yield* body({ tools: [newer({ type: "dream_20270101" })] })).tools, [
        { type: "dream_20270101", name: "dream" }
      ])
    }))
})

describe("names", () => {
  const names = ToolNames.make([
    AnthropicTool.CodeExecution({}),
    AnthropicTool.Bash({}),
    AnthropicTool.BrowserToolset({}),
    AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com" }),
    Tool.make("web_search")
  ])

  it("of calls on the wire", () => {
    assert.strictEqual(names.decodeServer("text_editor_code_execution"), "AnthropicCodeExecution")
    assert.strictEqual(names.decodeClient("bash", undefined), "AnthropicBash")
    assert.strictEqual(names.decodeClient("weather", undefined), "weather")
    assert.strictEqual(names.decodeClient("navigate", "browser"), "AnthropicBrowserToolset")
    assert.strictEqual(names.decodeMcp("docs", "search"), "AnthropicMcp_docs")
    assert.strictEqual(names.decodeMcp("other", "search"), "search")
  })

  it("what ran at Anthropic is not taken for a tool of the program with the same name", () => {
    assert.strictEqual(names.decodeServer("web_search"), "anthropic.web_search")
    assert.isFalse(names.isDeclared("anthropic.web_search"))
  })
})
