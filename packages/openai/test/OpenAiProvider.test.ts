import { assert, describe, it } from "@effect/vitest"
import { provider } from "@llm-layers/openai/OpenAiProvider"

describe("OpenAiProvider", () => {
  it("claims OpenAI's names", () => {
    const own = [
      "gpt-5.1",
      "o3",
      "o4-mini",
      "chatgpt-4o-latest",
      "codex-mini-latest",
      "ft:gpt-4.1:acme::1",
      "text-embedding-3-small"
    ]
    for (const name of own) assert.isTrue(provider.claims(name), name)
    for (const name of ["claude-sonnet-5", "gemini-3-pro", "llama3", "omni", "openai/gpt-5.1", "gpt-oss-120b"]) {
      assert.isFalse(provider.claims(name), name)
    }
  })

  it("makes models of both kinds", () => {
    assert.strictEqual(provider.languageModel("gpt-5.1").provider, "openai")
    assert.strictEqual(provider.embeddingModel?.("text-embedding-3-small").provider, "openai")
    assert.strictEqual(provider.keyName, "OPENAI_API_KEY")
  })
})
