import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Redacted, Schema } from "effect"
import { type LanguageModel, Tool } from "effect/ai"
import { inspect } from "node:util"
import { encodeTools } from "../src/internal/tools.ts"
import { collected, generated, response, sent } from "./fixtures/stub.ts"

const origin = { provider: "openai", module: "OpenAiLanguageModel", method: "generateText" }

const weather = Tool.make("weather", {
  description: "The weather of a city",
  parameters: Schema.Struct({ city: Schema.String, unit: Schema.optionalKey(Schema.Literals(["C", "F"])) })
})
const clock = Tool.make("clock")
const remote = Tool.dynamic("remote", { parameters: { type: "object", properties: { q: {} } } })

const toolsOf = (
  tools: ReadonlyArray<Tool.Any>,
  config: OpenAiLanguageModel.Config = {},
  model: OpenAiLanguageModel.ModelId = "gpt-5.1"
) => Effect.map(sent({ tools }, config, model), (body) => body["tools"])

const choiceOf = (tools: ReadonlyArray<Tool.Any>, toolChoice: LanguageModel.ToolChoice<string>) =>
  Effect.map(sent({ tools, toolChoice }), (body) => ({ choice: body["tool_choice"], tools: body["tools"] }))

const strictOf = (tools: unknown) => Json.list(tools).map((tool) => Json.record(tool)["strict"])

describe("functions", () => {
  it.effect("are strict, with optional members as null", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* toolsOf([weather, clock]), [
        {
          type: "function",
          name: "weather",
          description: "The weather of a city",
          parameters: {
            type: "object",
            properties: {
              city: { type: "string" },
              unit: { anyOf: [{ type: "string", enum: ["C", "F"] }, { type: "null" }] }
            },
            required: ["city", "unit"],
            additionalProperties: false
          },
          strict: true
        },
        {
          type: "function",
          name: "clock",
          parameters: { type: "object", properties: {}, additionalProperties: false },
          strict: true
        }
      ])
    }))

  it.effect("a tool's own choice wins over the setting, and the setting over the default", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        strictOf(yield* toolsOf([clock, clock.annotate(Tool.Strict, true)], { strictTools: false })),
        [
          true
        ]
      )
      assert.deepStrictEqual(strictOf(yield* toolsOf([clock], { strictTools: false })), [false])
      assert.deepStrictEqual(strictOf(yield* toolsOf([weather.annotate(Tool.Strict, false)])), [false])
    }))

  it.effect("a schema that strict mode refuses is not strict", () =>
    Effect.gen(function*() {
      const open = Tool.make("open", { parameters: Schema.Struct({ any: Schema.Unknown }) })
      assert.deepStrictEqual(strictOf(yield* toolsOf([open])), [false])
    }))

  it.effect("dynamic tools keep their schema and are not strict", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* toolsOf([remote]), [
        { type: "function", name: "remote", parameters: { type: "object", properties: { q: {} } }, strict: false }
      ])
    }))

  const loose = { origin, model: "loose-1", capabilities: { ...Capability.all, strictTools: false } }
  const encoded = (tools: ReadonlyArray<Tool.Any>, config: OpenAiLanguageModel.Config) =>
    Effect.map(encodeTools(loose, config, { tools, toolChoice: "auto" }, []), (body) => strictOf(body["tools"]))

  it.effect("models without strict mode get none", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* encoded([weather], {}), [false])
      assert.deepStrictEqual(strictOf(yield* toolsOf([weather], {}, "gpt-3.5-turbo")), [true])
    }))

  it.effect("strictness that was asked for and cannot be is an error, or a warning where the caller wants that", () =>
    Effect.gen(function*() {
      const strict = clock.annotate(Tool.Strict, true)
      for (const [tools, config] of [[[strict], {}], [[clock], { strictTools: true }]] as const) {
        const error = yield* Effect.flip(encoded(tools, config))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.deepInclude(error.reason, { parameter: "strictTools" })
        assert.deepStrictEqual(yield* encoded(tools, { ...config, unsupported: "warn" }), [false])
      }
    }))

  it.effect("a schema that does not allow the strictness asked for is sent without, with a warning", () =>
    Effect.gen(function*() {
      const open = Tool.make("open", { parameters: Schema.Struct({ any: Schema.Unknown }) })
      const warnings: Array<Warning.Warning> = []
      const subject = { origin, model: "gpt-5.1", capabilities: Capability.all }
      const body = yield* encodeTools(subject, { strictTools: true }, { tools: [open], toolChoice: "auto" }, warnings)
      assert.deepStrictEqual(strictOf(body["tools"]), [false])
      assert.deepStrictEqual(warnings, [
        { about: "strictTools", message: "the schema of open does not allow strict mode; it was sent without" }
      ])
    }))

  it.effect("can wait until they are searched for", () =>
    Effect.gen(function*() {
      const [search, later] = Json.list(
        yield* toolsOf([OpenAiTool.ToolSearch({}), clock.annotate(OpenAiTool.DeferLoading, true)])
      )
      assert.deepStrictEqual(search, { type: "tool_search" })
      assert.strictEqual(Json.record(later)["defer_loading"], true)
    }))
})

describe("OpenAI's own tools", () => {
  it.effect("go with their arguments as they are", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* toolsOf([
          OpenAiTool.WebSearch({ search_context_size: "low", newer_member: true }),
          OpenAiTool.FileSearch({ vector_store_ids: ["vs_1"] }),
          OpenAiTool.Mcp({ server_label: "docs", server_url: "https://example.com" }),
          OpenAiTool.Shell({ failureMode: "return" }),
          OpenAiTool.Custom("sql", { description: "Runs SQL", format: { type: "text" }, failureMode: "return" })
        ]),
        [
          { type: "web_search", search_context_size: "low", newer_member: true },
          { type: "file_search", vector_store_ids: ["vs_1"] },
          { type: "mcp", server_label: "docs", server_url: "https://example.com" },
          { type: "shell" },
          { type: "custom", name: "sql", description: "Runs SQL", format: { type: "text" } }
        ]
      )
    }))

  it.effect("those of another provider are refused", () =>
    Effect.gen(function*() {
      const foreign = Tool.providerDefined({ id: "acme.search", customName: "AcmeSearch", providerName: "search" })(
        undefined
      )
      const error = yield* Effect.flip(toolsOf([foreign]))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.deepInclude(error.reason, { parameter: "toolkit" })
    }))

  it.effect("tokens of an MCP server are sent, and shown by no error", () =>
    Effect.gen(function*() {
      const headers = { "x-team": "search", "x-token": Redacted.make("header-secret") }
      for (const authorization of ["token-secret", Redacted.make("token-secret")]) {
        const docs = OpenAiTool.Mcp({ server_label: "docs", server_url: "https://example.com", authorization, headers })
        assert.deepStrictEqual(yield* toolsOf([docs]), [{
          type: "mcp",
          server_label: "docs",
          server_url: "https://example.com",
          authorization: "token-secret",
          headers: { "x-team": "search", "x-token": "header-secret" }
        }])
        const error = { message: "No entry with token-secret and header-secret", code: "server_error" }
        const failures = [
          yield* Effect.flip(generated({ json: { error }, status: 400 }, { tools: [docs] })),
          yield* Effect.flip(generated({ json: response([], { status: "failed", error }) }, { tools: [docs] })),
          (yield* collected({ events: [{ type: "error", error }] }, { tools: [docs] })).error
        ]
        for (const failure of failures) {
          const shown = inspect(failure, { depth: 20, showHidden: true }) + JSON.stringify(failure)
          assert.include(shown, "No entry with [redacted] and [redacted]")
          assert.notInclude(shown, "token-secret")
          assert.notInclude(shown, "header-secret")
        }
        assert.notInclude(inspect(docs, { depth: 20 }), "header-secret")
      }
    }))
})

describe("tool choice", () => {
  it.effect("every form", () =>
    Effect.gen(function*() {
      const both = [weather, clock]
      assert.strictEqual((yield* choiceOf(both, "auto")).choice, undefined)
      assert.strictEqual((yield* choiceOf(both, "none")).choice, "none")
      assert.strictEqual((yield* choiceOf(both, "required")).choice, "required")
      assert.deepStrictEqual((yield* choiceOf(both, { tool: "clock" })).choice, { type: "function", name: "clock" })
    }))

  it.effect("oneOf sends those tools alone", () =>
    Effect.gen(function*() {
      const auto = yield* choiceOf([weather, clock], { oneOf: ["clock"] })
      assert.strictEqual(auto.choice, undefined)
      assert.deepStrictEqual(Json.list(auto.tools).map((tool) => Json.record(tool)["name"]), ["clock"])
      const required = yield* choiceOf([weather, clock], { mode: "required", oneOf: ["clock"] })
      assert.strictEqual(required.choice, "required")
      assert.strictEqual(Json.list(required.tools).length, 1)
    }))

  it.effect("OpenAI's own tools by their type", () =>
    Effect.gen(function*() {
      const docs = OpenAiTool.Mcp({ server_label: "docs" })
      const tools = [OpenAiTool.WebSearch({}), docs, OpenAiTool.Custom("sql")]
      assert.deepStrictEqual((yield* choiceOf(tools, { tool: "OpenAiWebSearch" })).choice, { type: "web_search" })
      assert.deepStrictEqual((yield* choiceOf(tools, { tool: docs.name })).choice, {
        type: "mcp",
        server_label: "docs"
      })
      assert.deepStrictEqual((yield* choiceOf(tools, { tool: "sql" })).choice, { type: "custom", name: "sql" })
    }))

  it.effect("a choice of a tool that is not there is refused", () =>
    Effect.gen(function*() {
      for (const toolChoice of [{ tool: "nope" }, { mode: "required", oneOf: ["nope"] }] as const) {
        const error = yield* Effect.flip(sent({ tools: [clock], toolChoice }))
        assert.strictEqual(ProviderError.kindOf(error), "InvalidRequest")
      }
    }))
})
