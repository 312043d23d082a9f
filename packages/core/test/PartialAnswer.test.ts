import { assert, describe, it } from "@effect/vitest"
import * as PartialAnswer from "@llm-layers/core/PartialAnswer"
import { AiError } from "effect/ai"

const arrived = { parts: [{ type: "text", text: "a" } as const], usage: undefined }
const error = AiError.make({
  module: "M",
  method: "m",
  reason: new AiError.ToolNotFoundError({ toolName: "t", availableTools: [] })
})

describe("beside", () => {
  it("keeps the answer with a copy of the error, and not with the error", () => {
    const copy = PartialAnswer.beside(error, arrived)
    assert.strictEqual(PartialAnswer.of(copy), arrived)
    assert.isUndefined(PartialAnswer.of(error))
    assert.strictEqual(copy.reason, error.reason)
    assert.strictEqual(copy.message, error.message)
  })
})
