import { assert, describe, it } from "@effect/vitest"
import type * as Capability from "@llm-layers/core/Capability"
import {
  lookup,
  table,
  takesFilesInResults,
  takesSystemInstruction,
  takesThinkingLevel,
  wantsSignatures
} from "../src/GoogleCapabilities.ts"

/** What is false, but for what the API has no word for. */
const refused = (model: string) =>
  Object.entries(lookup(model)).flatMap(([flag, can]) =>
    can || table.provider[flag as Capability.Flag] === false ? [] : [flag]
  )
    .toSorted()

const reasoning = ["reasoning", "reasoningAdaptive", "reasoningBudget"]
const tools = ["forcedToolChoice", "strictTools", "tools"]

describe("families of models", () => {
  it.each<readonly [string, ReadonlyArray<string>]>([
    // https://ai.google.dev/gemini-api/docs/thinking: what can switch thinking off, and what cannot.
    ["gemini-3.5-flash", ["reasoningOff"]],
    ["gemini-3.1-flash-lite", ["reasoningOff"]],
    ["gemini-3.1-pro-preview", ["reasoningOff"]],
    ["models/gemini-3-flash-preview", ["reasoningOff"]],
    ["gemini-2.5-pro", ["reasoningOff"]],
    ["gemini-2.5-flash", []],
    ["gemini-2.5-flash-lite", []],
    ["gemini-2.0-flash-001", reasoning],
    ["gemini-1.5-pro-002", reasoning],
    ["gemini-3-pro-image-preview", [...tools, "reasoningOff", "audioInput", "videoInput"]],
    ["gemini-2.5-flash-image", [...reasoning, ...tools, "structuredOutput", "audioInput", "videoInput"]],
    ["gemini-2.0-flash-preview-image-generation", [
      ...reasoning,
      ...tools,
      "structuredOutput",
      "audioInput",
      "videoInput"
    ]],
    ["gemini-2.5-pro-preview-tts", [
      ...reasoning,
      ...tools,
      "structuredOutput",
      "audioInput",
      "imageInput",
      "pdfInput",
      "textInput",
      "videoInput"
    ]],
    ["gemma-3-27b-it", [...reasoning, ...tools, "structuredOutput", "audioInput", "pdfInput", "videoInput"]],
    // Of an alias, and of what is newer than this table, nothing is known.
    ["gemini-flash-latest", []],
    ["gemini-robotics-9", []]
  ])("%s", (model, flags) => {
    assert.deepStrictEqual(refused(model), flags.toSorted())
  })

  it("none has a system message in its history", () => {
    assert.isFalse(lookup("gemini-3.5-flash").systemInHistory)
    assert.isFalse(lookup("a-model-of-tomorrow").systemInHistory)
  })

  it("each row of the table is the first that fits some model", () => {
    const models = [
      "gemini-2.5-flash-preview-tts",
      "gemini-2.5-flash-image",
      "gemini-3.1-flash-image",
      "gemini-4-pro",
      "gemini-4-flash",
      "gemini-2.5-pro",
      "gemini-1.5-flash",
      "gemma-3n-e4b-it"
    ]
    const rows = models.map((model) => table.rows.findIndex((row) => row.match.test(model)))
    assert.deepStrictEqual(rows, table.rows.map((_, at) => at))
  })
})

describe("what came with Gemini 3", () => {
  it.each<readonly [string, boolean, boolean]>([
    ["gemini-3.5-flash", true, true],
    ["gemini-3-pro-image-preview", true, true],
    ["gemini-flash-latest", true, true],
    ["gemini-12-pro", true, true],
    ["gemini-2.5-pro", false, false],
    ["gemini-2.0-flash-lite", false, false],
    ["models/gemini-1.5-flash", false, false],
    // Without thought signatures, because it is no Gemini.
    ["gemma-3-27b-it", true, false],
    ["tunedModels/mine-123", true, false]
  ])("%s: levels of thinking and files in results: %s, signatures: %s", (model, since3, signatures) => {
    assert.strictEqual(takesThinkingLevel(model), since3)
    assert.strictEqual(takesFilesInResults(model), since3)
    assert.strictEqual(wantsSignatures(model), signatures)
  })
})

it("a Gemma before the fourth has no system instruction", () => {
  for (const model of ["gemma-3-27b-it", "models/gemma-3n-e4b-it", "gemma-2-9b-it"]) {
    assert.isFalse(takesSystemInstruction(model), model)
  }
  for (const model of ["gemma-4-31b-it", "gemma-31-x", "gemini-3.5-flash"]) {
    assert.isTrue(takesSystemInstruction(model), model)
  }
})
