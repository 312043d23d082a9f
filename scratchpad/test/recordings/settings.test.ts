import { assert, describe, it } from "@effect/vitest"
import { hasOther, renamed, settingsFrom, withNewer } from "../../src/recordings/request/settings.ts"

describe("settings of a recorded request", () => {
  it("are those of the provider, under its names", () => {
    const rules = {
      max_tokens: ["maxTokens"],
      thinking: ["thinking", renamed({ budget_tokens: "budgetTokens" })]
    } as const
    const body = { max_tokens: 9, thinking: { type: "enabled", budget_tokens: 1024 }, model: "m" }
    assert.deepStrictEqual(settingsFrom(body, rules, ["model"]), {
      maxTokens: 9,
      thinking: { type: "enabled", budgetTokens: 1024 }
    })
  })

  it("go along as they are where the provider has no name for them", () => {
    assert.deepStrictEqual(settingsFrom({ novel: { level: 3 }, model: "m" }, {}, ["model"]), {
      extraBody: { novel: { level: 3 } }
    })
  })

  it("say nothing where the recorded request says what holds anyway", () => {
    const rules = { temperature: ["temperature"], top_p: ["topP"] } as const
    assert.deepStrictEqual(settingsFrom({ temperature: 1, top_p: null, n: 1 }, rules, []), {})
    assert.deepStrictEqual(settingsFrom({ temperature: 0, n: 2 }, rules, []), { temperature: 0, extraBody: { n: 2 } })
    assert.deepStrictEqual(settingsFrom(undefined, rules, []), {})
  })

  it("hold tools and a choice as recorded, where these are newer than the provider", () => {
    const body = { tools: [{ type: "novel" }], tool_choice: { type: "novel_choice" } }
    const settings = { topP: 0.5, extraBody: { novel: true } }
    assert.deepStrictEqual(withNewer(settings, body, { choice: false, tools: true }), {
      topP: 0.5,
      extraBody: { novel: true, tools: body.tools }
    })
    assert.deepStrictEqual(withNewer({}, body, { choice: true, tools: false }), {
      extraBody: { tool_choice: body.tool_choice }
    })
    assert.deepStrictEqual(withNewer(settings, { tool_choice: null }, { choice: true, tools: true }), settings)
  })

  it("count members that say something", () => {
    assert.isTrue(hasOther({ type: "a", strict: false }, ["type"]))
    assert.isFalse(hasOther({ type: "a", strict: null }, ["type"]))
  })
})
