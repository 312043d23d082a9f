import { assert, describe, it } from "@effect/vitest"
import * as Warning from "@llm-layers/core/Warning"

const warnings = [{ about: "seed", message: "left out" }, { about: "topK", message: "left out" }]

describe("Warning", () => {
  it("travels in the metadata of the response", () => {
    const metadata = { ...Warning.metadata(warnings), acme: { id: 1 } }
    assert.deepStrictEqual(Warning.of([{ type: "text" }, { type: "response-metadata", metadata }]), warnings)
  })

  it("leaves no trace where there is none", () => {
    assert.deepStrictEqual(Warning.metadata([]), {})
    assert.deepStrictEqual(Warning.of([{ type: "response-metadata", metadata: {} }, { type: "finish" }]), [])
  })

  it("is not made of what others put there", () => {
    const parts = [null, "text", [1, null, { about: 1, message: "" }, { about: "a" }]].map((value) => ({
      type: "response-metadata",
      metadata: { llmLayers: { warnings: value } }
    }))
    assert.deepStrictEqual(Warning.of(parts), [])
  })

  it("of other parts is not looked at", () =>
    assert.deepStrictEqual(Warning.of([{ type: "text", metadata: Warning.metadata(warnings) }]), []))
})
