import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import { Prompt, Tool } from "effect/ai"
import type { Config, Thinking } from "../src/AnthropicLanguageModel.ts"
import { encode } from "./fixtures/request.ts"

const hi = [{ role: "user", content: [{ type: "text", text: "Hi" }] }]

describe("the betas of a history", () => {
  const answered = (...content: ReadonlyArray<Prompt.AssistantMessagePartEncoded>) =>
    Prompt.make([
      { role: "user", content: "Hi" },
      { role: "assistant", content },
      { role: "user", content: "Go on" }
    ])
  const call = { type: "tool-call", id: "c", name: "x", params: {}, providerExecuted: true } as const
  const kept = (block: { readonly type: string }) =>
    ({ type: "reasoning", text: "", options: { anthropic: { block } } }) as const

  it.effect("are named, though nothing asks for what made it", () =>
    Effect.gen(function*() {
      const prompt = answered(
        { ...call, options: { anthropic: { type: "mcp_tool_use", name: "find", serverName: "docs" } } },
        { ...call, options: { anthropic: { type: "server_tool_use", name: "advisor" } } },
        kept({ type: "compaction" }),
        kept({ type: "fallback" }),
        { type: "text", text: "Yes" }
      )
      assert.deepStrictEqual((yield* encode({ prompt })).betas, [
        "mcp-client-2025-11-20",
        "advisor-tool-2026-03-01",
        "compact-2026-01-12",
        "server-side-fallback-2026-07-01"
      ])
    }))

  it.effect("are not named in two versions", () =>
    Effect.gen(function*() {
      const prompt = answered(kept({ type: "compaction" }), { type: "text", text: "Yes" })
      const betas = ["compact-2026-09-04"]
      assert.deepStrictEqual((yield* encode({ prompt, settings: { betas } })).betas, betas)
    }))
})

describe("the whole body", () => {
  it.effect("has nothing that was not asked for", () =>
    Effect.gen(function*() {
      const request = yield* encode({})
      assert.deepStrictEqual<unknown>(request.body, { model: "claude-sonnet-4-5", max_tokens: 21_333, messages: hi })
      assert.deepStrictEqual(request.betas, [])
      assert.deepStrictEqual(request.warnings, [])
    }))

  it.effect("all settings", () =>
    Effect.gen(function*() {
      const settings: Config = {
        maxOutputTokens: 500,
        temperature: 0.2,
        topP: 0.9,
        topK: 5,
        stopSequences: ["END"],
        effort: "low",
        cacheControl: { type: "ephemeral" },
        metadata: { userId: "u" },
        serviceTier: "standard_only",
        container: { id: "c", skills: [{ type: "anthropic", skill_id: "pptx" }] },
        contextManagement: { edits: [{ type: "compact_20260112" }] },
        inferenceGeo: "us",
        speed: "fast",
        taskBudget: { total: 20_000 },
        fallbacks: [{ model: "claude-opus-5" }],
        betas: ["files-api-2025-04-14", "fast-mode-2026-02-01"],
        extraBody: { diagnostics: { previous_message_id: null } }
      }
      const { betas, body } = yield* encode({ settings, apiVersion: "2023-06-01" })
      assert.deepStrictEqual<unknown>(body, {
        model: "claude-sonnet-4-5",
        max_tokens: 500,
        messages: hi,
        output_config: { effort: "low", task_budget: { type: "tokens", total: 20_000 } },
        temperature: 0.2,
        top_p: 0.9,
        top_k: 5,
        stop_sequences: ["END"],
        cache_control: { type: "ephemeral" },
        metadata: { user_id: "u" },
        service_tier: "standard_only",
        container: { id: "c", skills: [{ type: "anthropic", skill_id: "pptx" }] },
        context_management: { edits: [{ type: "compact_20260112" }] },
        inference_geo: "us",
        speed: "fast",
        fallbacks: [{ model: "claude-opus-5" }],
        diagnostics: { previous_message_id: null }
      })
      assert.deepStrictEqual(betas, [
        "context-management-2025-06-27",
        "compact-2026-01-12",
        "fast-mode-2026-02-01",
        "task-budgets-2026-03-13",
        "server-side-fallback-2026-07-01",
        "files-api-2025-04-14"
      ])
    }))

  it.effect("extraBody wins", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({ settings: { maxOutputTokens: 5, extraBody: { max_tokens: 7 } } })
      assert.strictEqual(body.max_tokens, 7)
    }))
})

describe("max_tokens", () => {
  const maxTokens = (model: string, settings: Config, streaming: boolean) =>
    Effect.map(encode({ model, settings, streaming }), ({ body }) => body.max_tokens)

  it.effect("what was asked for, else the model's limit, of which a plain answer may be a part", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* maxTokens("claude-opus-5-5", { maxOutputTokens: 90_000 }, false), 90_000)
      assert.strictEqual(yield* maxTokens("claude-opus-5-5", {}, true), 128_000)
      // 128,000 / 6: `calculateNonstreamingTimeout` of `@anthropic-ai/sdk`
      assert.strictEqual(yield* maxTokens("claude-opus-5-5", {}, false), 21_333)
      assert.strictEqual(yield* maxTokens("claude-3-5-haiku-latest", {}, false), 8_192)
      assert.strictEqual(yield* maxTokens("claude-of-tomorrow", {}, true), 32_000)
      assert.strictEqual(yield* maxTokens("another-name", {}, true), 4_096)
    }))

  it.effect("a thinking budget leaves room for the answer", () =>
    Effect.gen(function*() {
      const thinking: Thinking = { type: "enabled", budgetTokens: 20_000 }
      assert.strictEqual(yield* maxTokens("claude-sonnet-4-5", { thinking }, false), 64_000)
    }))
})

describe("thinking", () => {
  const thinking = (value: Thinking, model: string, rest: Config = {}) =>
    encode({ model, settings: { thinking: value, ...rest } })

  it.effect("all its modes", () =>
    Effect.gen(function*() {
      const modes = [
        ["claude-opus-5-5", { type: "adaptive" }, { type: "adaptive" }],
        ["claude-sonnet-5", { type: "adaptive", display: "summarized" }, { type: "adaptive", display: "summarized" }],
        ["claude-sonnet-4-5", { type: "enabled", budgetTokens: 1024, display: "omitted" }, {
          type: "enabled",
          budget_tokens: 1024,
          display: "omitted"
        }],
        ["claude-opus-5", { type: "disabled" }, { type: "disabled" }],
        ["claude-sonnet-5-5", { type: "between_tools" }, { type: "between_tools" }]
      ] as const
      for (const [model, asked, sent] of modes) {
        assert.deepStrictEqual<unknown>((yield* thinking(asked, model)).body.thinking, sent)
      }
    }))

  it.effect("what a model refuses is an error before the network", () =>
    Effect.gen(function*() {
      const refused = [
        ["claude-opus-4-7", { type: "enabled", budgetTokens: 2000 }],
        ["claude-opus-5-5", { type: "disabled" }],
        ["claude-fable-5", { type: "disabled" }],
        ["claude-sonnet-4-5", { type: "adaptive" }],
        ["claude-3-5-haiku-latest", { type: "adaptive" }],
        ["claude-sonnet-4-5", { type: "enabled", budgetTokens: 1000 }],
        // More than the model's longest answer.
        ["claude-sonnet-4-5", { type: "enabled", budgetTokens: 1_000_000 }]
      ] as const
      for (const [model, asked] of refused) {
        const error = yield* Effect.flip(thinking(asked, model))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported", `${model} ${asked.type}`)
      }
    }))

  it.effect("or is left out with a warning where the caller wants that", () =>
    Effect.gen(function*() {
      const request = yield* thinking({ type: "disabled" }, "claude-opus-5-5", { unsupported: "warn" })
      assert.isFalse("thinking" in request.body)
      assert.deepStrictEqual(request.warnings.map((warning) => warning.about), ["thinking"])
    }))

  // `BetaThinkingConfigEnabled` of `@anthropic-ai/sdk`: "less than `max_tokens`".
  it.effect("a budget is below the longest answer, unless it is that of a whole turn", () =>
    Effect.gen(function*() {
      const enabled = (budgetTokens: number, settings: Config = {}) =>
        thinking({ type: "enabled", budgetTokens }, "claude-sonnet-4-5", { maxOutputTokens: 2000, ...settings })
      const error = yield* Effect.flip(enabled(2000))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.deepInclude(error.reason, { parameter: "thinking" })
      yield* enabled(1999)
      yield* enabled(2000, { betas: ["interleaved-thinking-2025-05-14"] })
      yield* enabled(2000, { extraBody: { max_tokens: 3000 } })
    }))

  // "Thinking may not be enabled when tool_choice forces tool use"
  it.effect("a budget does not go with a forced tool", () =>
    Effect.gen(function*() {
      const settings: Config = { thinking: { type: "enabled", budgetTokens: 2000 } }
      const tools = [Tool.make("clock")]
      const error = yield* Effect.flip(encode({ settings, tools, toolChoice: "required" }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      yield* encode({ settings, tools, toolChoice: "auto" })
    }))

  it.effect("display of updates needs a header", () =>
    Effect.gen(function*() {
      const request = yield* thinking({ type: "adaptive", display: "updates" }, "claude-opus-5-5")
      assert.deepStrictEqual(request.betas, ["thinking-display-updates-2026-08-18"])
    }))
})

describe("structured output", () => {
  it.effect("is a format, whatever the tools", () =>
    Effect.gen(function*() {
      const schema = Schema.Struct({ city: Schema.String, zip: Schema.optionalKey(Schema.String) })
      const { body } = yield* encode({
        settings: { effort: "high" },
        tools: [Tool.make("clock")],
        responseFormat: { type: "json", objectName: "place", schema }
      })
      assert.isFalse("tool_choice" in body)
      assert.deepStrictEqual<unknown>(body.output_config, {
        effort: "high",
        format: {
          type: "json_schema",
          schema: {
            type: "object",
            properties: { city: { type: "string" }, zip: { anyOf: [{ type: "string" }, { type: "null" }] } },
            required: ["city", "zip"],
            additionalProperties: false
          }
        }
      })
    }))

  it.effect("a recursive schema is a typed error", () =>
    Effect.gen(function*() {
      const Tree = Schema.Struct({ children: Schema.Array(Schema.suspend((): Schema.Codec<unknown> => Tree)) })
      const error = yield* Effect.flip(encode({ responseFormat: { type: "json", objectName: "tree", schema: Tree } }))
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
    }))
})
