import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as DotEnv from "../src/dotEnv.ts"

describe("dotEnv", () => {
  it("reads what Node reads", () => {
    const text =
      "\uFEFF# ours\n\nA=1 # one\nexport B = two words\nC='# no comment'\r\nD=\"several\nlines\"\nE=\nF=`it's`\n"
    assert.deepStrictEqual(
      DotEnv.parse(text),
      Result.succeed({ A: "1", B: "two words", C: "# no comment", D: "several\nlines", E: "", F: "it's" })
    )
  })

  it.each([
    ["A=1\nsk-secret\n", "has no NAME=value in line 2"],
    ["A=1\n{\"B\": 2}", "has no NAME=value in line 2"],
    ["A=\"one\ntwo\"\nB='sk-secret\nC=3", "has a quote in line 3 that is not closed"]
  ])("says where %j is broken, and not with what", (text, why) => {
    assert.deepStrictEqual(DotEnv.parse(text), Result.fail(why))
  })
})
