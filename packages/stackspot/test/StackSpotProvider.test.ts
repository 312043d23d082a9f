import { assert, it } from "@effect/vitest"
import { provider } from "../src/StackSpotProvider.ts"
import { agent } from "./fixtures/stackspot.ts"

it("claims agents by the form of their ids", () => {
  assert.isTrue(provider.claims(agent))
  for (const model of ["gpt-5.1", "claude-sonnet-5-5", "01ARZ3NDEKTSV4RRFFQ69G5FAU9", "stackspot"]) {
    assert.isFalse(provider.claims(model), model)
  }
})

it("makes models of its name", () => {
  assert.strictEqual(provider.languageModel(agent).provider, "stackspot")
})
