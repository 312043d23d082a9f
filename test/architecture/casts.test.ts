import { assert, describe, it } from "@effect/vitest"
import { findPaths, readText } from "../source.ts"
import { unexplained } from "./casts.ts"

describe("casts", () => {
  it("each cast in a package's source has its reason beside it", () => {
    const paths = findPaths(["packages/*/src/**/*.ts"])
    assert.isAbove(paths.length, 0)
    assert.deepStrictEqual(paths.flatMap((path) => unexplained(path, readText(path))), [])
  })

  it.each([
    "const a = b as C",
    "const a = b!",
    "const a = <C>b",
    "/** What it is for. */\nexport const a = (b: B) => b as C",
    "// Far above.\n\nconst a = b as C",
    "// Of another statement.\nconst a = b\nconst c = d as E",
    "// Of the outer statement.\nconst a = () => {\n  const x = 1\n  return x as C\n}"
  ])("refuses %j", (text) => {
    const line = text.split("\n").findIndex((one) => / as |!|<C>/.test(one)) + 1
    assert.deepStrictEqual(unexplained("a.ts", text), [
      `a.ts:${line}: a cast or a non-null assertion without a reason beside it`
    ])
  })

  it.each([
    "const a = b as const",
    "const a = b satisfies C",
    "const a = b as C // the vendor says so",
    "// The vendor says so.\nconst a = b as C",
    "// The vendor says so.\nconst a = f(\n  b as C\n)",
    "const a = f(\n  // The vendor says so.\n  b!\n)",
    "class A {\n  // Set by the constructor.\n  b = c!\n}"
  ])("allows %j", (text) => {
    assert.deepStrictEqual(unexplained("a.ts", text), [])
  })
})
