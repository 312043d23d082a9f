import { assert, it } from "@effect/vitest"
import { provider } from "../src/AnthropicProvider.ts"

it("claims models by their names", () => {
  for (const model of ["claude-sonnet-5-5", "claude-3-haiku-20240307"]) assert.isTrue(provider.claims(model), model)
  for (const model of ["gpt-5.1", "gemini-3-pro", "my-claude"]) assert.isFalse(provider.claims(model), model)
})

it("makes models of its name", () => {
  assert.strictEqual(provider.languageModel("claude-sonnet-5-5").provider, "anthropic")
})
