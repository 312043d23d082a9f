import { assert, describe, it } from "@effect/vitest"
import { all } from "@llm-layers/core/Capability"
import * as AnthropicCapabilities from "../src/AnthropicCapabilities.ts"

const apiWide = ["audioInput", "videoInput", "seed", "presencePenalty", "frequencyPenalty"]
const sampling = ["temperature", "topP", "topK"]

const refused = (model: string, apiVersion?: string) =>
  Object.entries(AnthropicCapabilities.lookup(model, apiVersion)).filter(([, can]) => !can).map(([flag]) => flag)
    .toSorted()

const sorted = (...flags: ReadonlyArray<string>) => flags.toSorted()

describe("families", () => {
  it("under whatever date or platform prefix", () => {
    const opus = sorted(...apiWide, ...sampling, "reasoningBudget", "reasoningOff", "forcedToolChoice", "prefill")
    for (
      const model of ["claude-opus-5-5", "claude-opus-5-5-20260922", "anthropic/claude-opus-5-5", "claude-fable-5-2"]
    ) {
      assert.deepStrictEqual(refused(model), opus, model)
    }
    assert.deepStrictEqual(
      refused("claude-sonnet-4-20250514"),
      sorted(...apiWide, ...sampling, "reasoningAdaptive", "systemInHistory", "structuredOutput", "strictTools")
    )
  })

  it("a version that no row names refuses nothing but what the API lacks", () => {
    for (const model of ["claude-opus-5-9", "claude-opus-6", "claude-sonnet-10-20270101", "somebody-elses"]) {
      assert.deepStrictEqual(refused(model), sorted(...apiWide, ...sampling), model)
      assert.deepStrictEqual(refused(model, "2023-06-01"), sorted(...apiWide), model)
    }
  })

  it("every row has a source and flags that exist", () => {
    for (const row of AnthropicCapabilities.table.rows) {
      assert.match(row.source, /^https:/)
      for (const flag of Object.keys(row.flags)) assert.property(all, flag)
    }
  })
})

describe("versions of the API", () => {
  // platform.claude.com/docs/en/api/migration-2026-10-21
  it("sampling settings ended with 2026-10-21, and before it with Claude 4.7", () => {
    const takes = (model: string, apiVersion: string) => AnthropicCapabilities.lookup(model, apiVersion).temperature
    assert.isTrue(takes("claude-sonnet-4-6", "2023-06-01"))
    assert.isFalse(takes("claude-opus-4-7", "2023-06-01"))
    assert.isFalse(takes("claude-sonnet-4-6", "2026-10-21"))
    assert.isFalse(takes("claude-sonnet-4-6", "2028-01-01"))
  })
})
