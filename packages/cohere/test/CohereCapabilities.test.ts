import { assert, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import { lookup, table } from "../src/CohereCapabilities.ts"

const flagsOf = (model: string) => {
  const { forcedToolChoice, imageInput, reasoning } = lookup(model)
  return { forcedToolChoice, imageInput, reasoning }
}

it("families of models", () => {
  const expected = {
    "command-a-plus-05-2026": { forcedToolChoice: true, imageInput: true, reasoning: true },
    "command-a-reasoning-08-2025": { forcedToolChoice: true, imageInput: false, reasoning: true },
    "command-a-vision-07-2025": { forcedToolChoice: true, imageInput: true, reasoning: false },
    "command-a-03-2025": { forcedToolChoice: true, imageInput: false, reasoning: false },
    "command-r7b-12-2024": { forcedToolChoice: true, imageInput: false, reasoning: false },
    "command-r-plus-08-2024": { forcedToolChoice: false, imageInput: false, reasoning: false },
    "command-r": { forcedToolChoice: false, imageInput: false, reasoning: false },
    "command": { forcedToolChoice: false, imageInput: false, reasoning: false }
  }
  for (const [model, flags] of Object.entries(expected)) assert.deepStrictEqual(flagsOf(model), flags, model)
})

it("a model nobody has heard of can all that the API can", () => {
  assert.deepStrictEqual(lookup("north-9"), { ...Capability.all, ...table.provider })
})
