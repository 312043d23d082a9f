import { assert, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import { lookup, table } from "../src/CohereCapabilities.ts"

const flagsOf = (model: string) => {
  const { forcedToolChoice, imageInput, reasoning, tools } = lookup(model)
  return { forcedToolChoice, imageInput, reasoning, tools }
}

it("families of models", () => {
  const expected = {
    "command-a-plus-05-2026": { forcedToolChoice: true, imageInput: true, reasoning: true, tools: true },
    "command-a-reasoning-08-2025": { forcedToolChoice: true, imageInput: false, reasoning: true, tools: true },
    "command-a-vision-07-2025": { forcedToolChoice: false, imageInput: true, reasoning: false, tools: false },
    "c4ai-aya-vision-32b": { forcedToolChoice: true, imageInput: true, reasoning: false, tools: true },
    "north-mini-code-1-0": { forcedToolChoice: true, imageInput: false, reasoning: true, tools: true },
    "command-a-03-2025": { forcedToolChoice: true, imageInput: false, reasoning: false, tools: true },
    "command-r7b-12-2024": { forcedToolChoice: true, imageInput: false, reasoning: false, tools: true },
    "command-r-plus-08-2024": { forcedToolChoice: false, imageInput: false, reasoning: false, tools: true },
    "command-r": { forcedToolChoice: false, imageInput: false, reasoning: false, tools: true },
    "command": { forcedToolChoice: false, imageInput: false, reasoning: false, tools: true }
  }
  for (const [model, flags] of Object.entries(expected)) assert.deepStrictEqual(flagsOf(model), flags, model)
})

it("a model nobody has heard of can all that the API can", () => {
  assert.deepStrictEqual(lookup("north-9"), { ...Capability.all, ...table.provider })
})
