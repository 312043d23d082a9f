import { assert, describe, it } from "@effect/vitest"
import { provider } from "../src/OpenRouterProvider.ts"

describe("OpenRouterProvider", () => {
  it("claims names with a vendor before a slash", () => {
    for (const name of ["openai/gpt-5.1", "deepseek/deepseek-r1:free", "~anthropic/claude-opus-latest"]) {
      assert.isTrue(provider.claims(name), name)
    }
    for (const name of ["gpt-5.1", "claude-sonnet-5", "a/b/c", "/gpt", "https://example.com"]) {
      assert.isFalse(provider.claims(name), name)
    }
  })

  it("makes models of both kinds", () => {
    assert.strictEqual(provider.languageModel("openai/gpt-5.1").provider, "openrouter")
    assert.strictEqual(provider.embeddingModel?.("openai/text-embedding-3-small").provider, "openrouter")
    assert.strictEqual(provider.keyName, "OPENROUTER_API_KEY")
  })
})
