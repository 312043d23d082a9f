import { assert, describe, it } from "@effect/vitest"
import * as Configuration from "@llm-layers/registry/Configuration"
import { BigDecimal, Config, ConfigProvider, Duration, Effect } from "effect"

const read = (provider: ConfigProvider.ConfigProvider, prefix?: string) =>
  Effect.runSync(Effect.result(Configuration.config(prefix).parse(provider)))

const fromEnv = (env: Record<string, string>, prefix?: string) => read(ConfigProvider.fromEnv({ env }), prefix)

const success = (result: ReturnType<typeof read>) => {
  if (result._tag === "Failure") throw result.failure
  return result.success
}

describe("config", () => {
  it("reads the environment, and leaves out what is not set", () => {
    const { retryDelay, timeout, ...others } = success(fromEnv({
      LLM_PROVIDER: "openai",
      LLM_MODEL: "gpt-5.5",
      LLM_SMALL_MODEL: "groq/small",
      LLM_TEMPERATURE: "0.5",
      LLM_STOP_SEQUENCES: "END,STOP",
      LLM_PARALLEL_TOOL_CALLS: "false",
      LLM_SEED: "",
      LLM_TIMEOUT: "30 seconds",
      LLM_RETRIES: "0",
      LLM_RETRY_DELAY: "250 millis"
    }))
    assert.deepStrictEqual(others, {
      provider: "openai",
      model: "openai/gpt-5.5",
      roles: { small: "groq/small" },
      settings: { temperature: 0.5, stopSequences: ["END", "STOP"], parallelToolCalls: false },
      retries: 0,
      facts: []
    })
    assert.deepStrictEqual([timeout, retryDelay].map((one) => one && Duration.toMillis(one)), [30_000, 250])
    assert.deepStrictEqual(success(fromEnv({})), { roles: {}, settings: {}, facts: [] })
  })

  it("reads JSON, with roles and facts on models", () => {
    const { facts, roles, settings } = success(read(ConfigProvider.fromUnknown({
      llm: {
        roles: { judge: "openai/gpt-5.5" },
        maxOutputTokens: 100,
        stopSequences: ["a,b"],
        models: { acme: { "acme-1": { contextTokens: 8_000, prices: { input: 0.1, output: 0.3 } } } }
      }
    })))
    assert.deepStrictEqual(roles, { judge: "openai/gpt-5.5" })
    assert.deepStrictEqual(settings, { maxOutputTokens: 100, stopSequences: ["a,b"] })
    assert.strictEqual(facts[0]?.sources.prices, "user")
    const price = facts[0]?.prices?.input
    assert.strictEqual(price && BigDecimal.format(price), "0.1")
  })

  it("takes the name of a model as its provider has it, slashes included", () => {
    const model = (LLM_PROVIDER: string, LLM_MODEL: string) => success(fromEnv({ LLM_PROVIDER, LLM_MODEL })).model
    assert.strictEqual(model("groq", "meta-llama/llama-4-scout"), "groq/meta-llama/llama-4-scout")
    assert.strictEqual(model("openrouter", "anthropic/claude-sonnet-4.5"), "openrouter/anthropic/claude-sonnet-4.5")
    assert.strictEqual(model("openai", "openai/gpt-5.5"), "openai/gpt-5.5")
    assert.strictEqual(success(fromEnv({ LLM_PROVIDER: "groq" })).provider, "groq")
  })

  it("takes a prefix of the program's own", () => {
    assert.strictEqual(success(fromEnv({ MYAPP_MODEL: "a/b", LLM_MODEL: "c/d" }, "MYAPP")).model, "a/b")
    const each = { MYAPP_OPENAI_MODEL: "openai/gpt-5.5", MYAPP_GOOGLE_MODEL: "google/gemini-3.5-flash" }
    assert.strictEqual(success(fromEnv(each, "MYAPP_GOOGLE")).model, "google/gemini-3.5-flash")
  })

  it.each([
    ["LLM_TEMPERATURE", "2.1"],
    ["LLM_TEMPERATURE", "warm"],
    ["LLM_TOP_P", "-0.1"],
    ["LLM_MAX_OUTPUT_TOKENS", "0"],
    ["LLM_MAX_OUTPUT_TOKENS", "1.5"],
    ["LLM_FREQUENCY_PENALTY", "3"],
    ["LLM_RETRIES", "-1"],
    ["LLM_TIMEOUT", "soon"],
    ["LLM_TIMEOUT", "0 seconds"],
    ["LLM_TIMEOUT", "-5 seconds"],
    ["LLM_RETRY_DELAY", "-1 second"]
  ])("refuses %s of %s, by its name", (name, value) => {
    const result = fromEnv({ [name]: value })
    assert.strictEqual(result._tag, "Failure")
    if (result._tag === "Failure") assert.include(result.failure.message, name)
  })
})

describe("modelOf", () => {
  it("is the model of a role, and what is no role as it is", () => {
    const roles = { small: "a/b" }
    assert.strictEqual(Configuration.modelOf({ roles }, "small"), "a/b")
    assert.strictEqual(Configuration.modelOf({ roles }, "c/d"), "c/d")
    assert.strictEqual(Configuration.modelOf({ roles }, "constructor"), "constructor")
  })
})

describe("expanded", () => {
  const text = (value: string) =>
    Effect.runSync(Effect.result(
      Config.String("KEY").parse(
        Configuration.expanded(ConfigProvider.fromUnknown({ KEY: value }), { A: "1", B_2: "2" })
      )
    ))

  it.each([["$A", "1"], ["${A}-$B_2", "1-2"], ["no variable", "no variable"], ["$$A costs $5", "$A costs $5"]])(
    "%s is %s",
    (given, expected) => {
      const result = text(given)
      assert.strictEqual(result._tag === "Success" ? result.success : result.failure.message, expected)
    }
  )

  it("says which variable is not set, and nothing of the others", () => {
    const result = text("$A $MISSING")
    assert.strictEqual(result._tag, "Failure")
    if (result._tag === "Failure") assert.include(result.failure.message, "KEY names MISSING, which is not set")
  })
})
