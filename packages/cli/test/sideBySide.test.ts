import { assert, describe, it } from "@effect/vitest"
import stringWidth from "string-width"
import * as SideBySide from "../src/sideBySide.ts"

const answers: ReadonlyArray<SideBySide.Answer> = [
  { title: "one", text: "A short answer", notes: ["3 tokens"] },
  { title: "two", text: `${"word ".repeat(12)}\n${"x".repeat(50)}\tend`, notes: ["9 tokens", "$0.01"] }
]

describe("lines", () => {
  it("are one under the other in a pipe, with nothing changed", () => {
    assert.deepStrictEqual(SideBySide.lines(answers, undefined), [
      "## one",
      "",
      "A short answer",
      "",
      "3 tokens",
      "",
      "## two",
      "",
      "word ".repeat(12),
      `${"x".repeat(50)}\tend`,
      "",
      "9 tokens · $0.01"
    ])
  })

  it("are beside each other where there is room", () => {
    const lines = SideBySide.lines(answers, 65)
    assert.strictEqual(lines[0], `one${" ".repeat(28)} │ two`)
    assert.match(lines[2] ?? "", /^A short answer {17} │ word word/)
    assert.isTrue(lines.every((line) => stringWidth(line) <= 65))
    assert.strictEqual(lines.join("").match(/x/g)?.length, 50)
  })

  it("are one under the other on a narrow terminal, and fit", () => {
    const lines = SideBySide.lines(answers, 40)
    assert.deepStrictEqual(lines.slice(0, 3), ["## one", "", "A short answer"])
    assert.isTrue(lines.every((line) => stringWidth(line) <= 40))
  })

  it("let a model move no cursor", () => {
    const [, , line = ""] = SideBySide.lines([{ title: "a", text: "\u001B[2Jx", notes: [] }, ...answers], 120)
    assert.isFalse(line.includes("\u001B"))
  })
})
