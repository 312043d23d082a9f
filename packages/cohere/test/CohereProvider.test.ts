import { assert, it } from "@effect/vitest"
import { provider } from "../src/CohereProvider.ts"

it("claims models by their names", () => {
  const own = [
    "command",
    "command-r",
    "command-a-03-2025",
    "c4ai-aya-vision-32b",
    "north-mini-code-1-0",
    "embed-v4.0",
    "rerank-v3.5"
  ]
  for (const model of own) assert.isTrue(provider.claims(model), model)
  for (const model of ["gpt-5.1", "text-embedding-3-small", "my-command", "commander", "embed-mine"]) {
    assert.isFalse(provider.claims(model), model)
  }
})

it("makes models of its name", () => {
  assert.strictEqual(provider.languageModel("command-a-03-2025").provider, "cohere")
  assert.strictEqual(provider.embeddingModel?.("embed-v4.0").provider, "cohere")
})
