import { assert, describe, it } from "@effect/vitest"
import * as Help from "../src/help.ts"

describe("help", () => {
  const text = [
    "USAGE",
    "  llm-layers <subcommand> [flags] [<question...>]",
    "",
    "FLAGS",
    "  --mock                    Use a model that needs neither key nor network",
    "  -v                        Short"
  ].join("\n")

  it("is as it was where there is room, or nothing is known of the terminal", () => {
    assert.strictEqual(Help.fitted(text, 200), text)
    assert.strictEqual(Help.fitted(text, 0), text)
  })

  it("goes on below the first line of what it explains, or below its name where the terminal is narrow", () => {
    assert.strictEqual(
      Help.fitted(text, 60),
      [
        "USAGE",
        "  llm-layers <subcommand> [flags] [<question...>]",
        "",
        "FLAGS",
        "  --mock                    Use a model that needs neither",
        "                            key nor network",
        "  -v                        Short"
      ].join("\n")
    )
    assert.strictEqual(
      Help.fitted(text, 34),
      [
        "USAGE",
        "  llm-layers <subcommand> [flags]",
        "  [<question...>]",
        "",
        "FLAGS",
        "  --mock",
        "      Use a model that needs",
        "      neither key nor network",
        "  -v                        Short"
      ].join("\n")
    )
  })
})
