import { afterAll, assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readText } from "../../test/source.ts"
import { blocksOfMarkdown, blocksOfSource } from "./blocks.ts"
import { check, write } from "./program.ts"

const guide = [
  "# A guide",
  "",
  "```ts",
  `import { strictEqual } from "node:assert"`,
  "const one = await Promise.resolve(1)",
  "strictEqual(one, 1)",
  "```",
  "",
  "- in a list",
  "",
  "  ```ts",
  "  const fine = 1",
  `  const wrong: string = fine`,
  "  ```",
  "",
  "```ts",
  `import { strictEqual } from "node:assert"`,
  "strictEqual(1, 2)",
  "```",
  "",
  "```ts expect-error",
  `const wrong: string = 1`,
  "```",
  "",
  "```ts expect-error",
  `const right: string = ""`,
  "```",
  "",
  "```ts no-run",
  `throw new Error("not run")`,
  "```",
  "",
  "```ts no-run",
  `throw new Err("not run")`,
  "```",
  "",
  "````markdown",
  "```ts",
  "text about a block, not a block",
  "```",
  "````",
  "",
  "```json",
  "{}",
  "```",
  ""
].join("\n")

const source = [
  `/** One line: \`\`\`ts */`,
  "export const a = 1",
  "",
  "/**",
  " * Adds.",
  " *",
  " * @example",
  " * ```ts",
  " * if (1 + 1 !== 3) {",
  ` *   throw new Error("sum")`,
  " * }",
  " * ```",
  " */",
  "export const add = (a: number, b: number) => a + b",
  "/* ```ts",
  "not a docstring",
  "``` */"
].join("\n")

const blocks = [...blocksOfMarkdown("docs/guide.md", guide), ...blocksOfSource("packages/a/src/Add.ts", source)]
const program = write(blocks)

const outcome = (line: number): Promise<string> => {
  const block = blocks.find((one) => one.line === line)
  assert.isDefined(block)
  return check(program, block).then(() => "passed", (error: unknown) => String(error))
}

describe("the check of code blocks", () => {
  afterAll(() => program.remove())

  it("finds blocks with their lines and marks", () => {
    assert.deepStrictEqual(blocks.map((one) => [one.file, one.line, one.mark]), [
      ["docs/guide.md", 3, "run"],
      ["docs/guide.md", 11, "run"],
      ["docs/guide.md", 16, "run"],
      ["docs/guide.md", 21, "expect-error"],
      ["docs/guide.md", 25, "expect-error"],
      ["docs/guide.md", 29, "no-run"],
      ["docs/guide.md", 33, "no-run"],
      ["packages/a/src/Add.ts", 8, "run"]
    ])
    assert.strictEqual(blocks.at(-1)?.code, `if (1 + 1 !== 3) {\n  throw new Error("sum")\n}`)
  })

  it("passes what is right, and what is wrong as it says", async () => {
    for (const line of [3, 21, 29]) assert.strictEqual(await outcome(line), "passed")
  }, 60_000)

  it("notices a type error, with its line, in a block that runs and in one that does not", async () => {
    assert.include(await outcome(11), "docs/guide.md:13: TS2322")
    assert.include(await outcome(33), "docs/guide.md:34: TS2304")
  }, 60_000)

  it("notices a block that fails when it runs", async () => {
    assert.include(await outcome(16), "docs/guide.md:16 failed: AssertionError")
    assert.include(await outcome(8), "packages/a/src/Add.ts:8 failed: Error: sum")
  }, 60_000)

  it("notices a block that compiles and should not", async () => {
    assert.include(await outcome(25), "docs/guide.md:25: the block compiles and should not")
  }, 60_000)

  it("takes what a block leaves in the folder for temporary files with it", async () => {
    const name = `left-${process.pid}`
    const code = [
      `import { writeFileSync } from "node:fs"`,
      `import { tmpdir } from "node:os"`,
      `writeFileSync(tmpdir() + "/${name}", "")`
    ]
    const [block, ...others] = blocksOfMarkdown("a.md", ["```ts", ...code, "```"].join("\n"))
    assert.isDefined(block)
    assert.deepStrictEqual(others, [])
    const before = tmpdir()
    const own = write([block])
    await own.run(block)
    own.remove()
    assert.strictEqual(tmpdir(), before)
    assert.isFalse(existsSync(join(before, name)))
  })

  it("holds a part of a file to the file", async () => {
    const of = "docs/generate.ts"
    const [first = "", second = ""] = readText(of).split("\n")
    const part = (code: string, file = of) =>
      Promise.all(
        blocksOfMarkdown("a.md", ["```ts of=" + file, code, "```"].join("\n")).map((one) => check(program, one))
      )
        .then(() => "passed", (error: unknown) => String(error))
    assert.strictEqual(await part(`${first}\n${second}`), "passed")
    assert.include(await part(`${second}\n${first}`), "a.md:1: the block is no part of docs/generate.ts any more")
    assert.include(await part(first.slice(0, -1)), "is no part of")
    assert.include(await part(first, "docs/nothing.ts"), "ENOENT")
  })

  it("refuses marks and languages that would go untested", () => {
    assert.throws(() => blocksOfMarkdown("a.md", "\n```ts norun\n```"), /a\.md:2: no such mark.*norun/)
    assert.throws(() => blocksOfMarkdown("a.md", "```typescript\n```"), /a\.md:1: write `ts`/)
  })
})
