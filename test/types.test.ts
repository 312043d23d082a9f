import { assert, describe, it } from "@effect/vitest"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { root } from "./source.ts"
import { typeCheck } from "./tsc.ts"

const minute = 60_000

const at = (dir: string) => ({ file, line, message }: { file: string; line: number; message: string }) =>
  `${relative(dir, file)}:${line}: ${message}`

describe("types", () => {
  it("the workspace compiles, with what `*.types.ts` files say must not compile", async () => {
    assert.deepStrictEqual((await typeCheck(join(root, "tsconfig.json"))).map(at(root)), [])
  }, 3 * minute)

  it("a wrong type and an expected error that does not come are both noticed", async () => {
    mkdirSync(join(root, ".tmp"), { recursive: true })
    const dir = mkdtempSync(join(root, ".tmp", "types-"))
    try {
      writeFileSync(
        join(dir, "tsconfig.json"),
        JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions: { types: [] }, include: ["*.ts"] })
      )
      writeFileSync(
        join(dir, "a.types.ts"),
        `// @ts-expect-error\nexport const a: string = 1\n// @ts-expect-error\nexport const b: string = ""\n`
      )
      writeFileSync(join(dir, "b.types.ts"), `\nexport const a: string = 1\n`)
      assert.deepStrictEqual((await typeCheck(join(dir, "tsconfig.json"))).map(at(dir)), [
        "a.types.ts:3: TS2578: Unused '@ts-expect-error' directive.",
        "b.types.ts:2: TS2322: Type 'number' is not assignable to type 'string'."
      ])
    } finally {
      rmSync(dir, { recursive: true })
    }
  }, minute)
})
