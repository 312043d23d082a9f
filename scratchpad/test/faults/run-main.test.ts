import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { existsSync, globSync } from "node:fs"
import { join } from "node:path"
import { haveFailed, totals } from "../../src/faults/report.ts"
import type { Result } from "../../src/faults/run-faults.ts"
import { wires } from "../../src/faults/wires/index.ts"

/** The command as a process of its own, because what nobody catches there is what is tested. */
const runBroken = (): Promise<{ readonly code: unknown; readonly output: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--conditions=llm-layers-source", join(import.meta.dirname, "broken.ts")],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr })
    )
  })

const count = (output: string, pattern: RegExp): number => output.match(pattern)?.length ?? 0

const result = (fields: Partial<Result>): Result => ({
  provider: "Acme",
  fault: "wrong key",
  way: "generateText",
  cases: 1,
  ends: [],
  requests: 1,
  millis: 1,
  closedAfter: 1,
  problems: [],
  ...fields
})

describe("npm run faults", () => {
  it("runs nothing that the tests beside this one do not", () => {
    const files = globSync("*.ts", { cwd: join(import.meta.dirname, "../../src/faults/wires") })
    const names = files.filter((file) => file !== "index.ts").map((file) => file.replace(/\.ts$/, ".test.ts"))
    assert.strictEqual(names.length, wires.length)
    assert.deepStrictEqual(names.filter((name) => !existsSync(join(import.meta.dirname, name))), [])
  })

  it(
    "fails for a wrong reason, a hang, an open socket, what nobody caught, and a defect",
    { timeout: 60_000 },
    async () => {
      const { code, output } = await runBroken()
      const said = [
        /wrong reason: 'InternalProviderError' in place of 'AuthenticationError'/g,
        /hang: the call did not end/g,
        /leak: a socket stayed open/g,
        /unhandled: Error: nobody caught this/g,
        /defect: Error: no layer today/g
      ]
      assert.deepStrictEqual(said.map((pattern) => count(output, pattern)), [2, 2, 2, 2, 2], output)
      const sound =
        /^wrong key +(?:generate|stream) +AuthenticationError +AuthenticationFailed +[\d.]+ +closed .* ok$/gm
      assert.strictEqual(count(output, sound), 2, output)
      assert.match(output, /\n2 passed, 10 failed, 60 skipped\n$/)
      assert.strictEqual(code, 1)
    }
  )

  it("counts each fault once, and fails for one that failed or for none that ran", () => {
    const passed = result({})
    const skipped = result({ skipped: "never happens" })
    const failed = result({ problems: ["one", "two"] })
    assert.strictEqual(totals([passed, skipped, failed]), "1 passed, 1 failed, 1 skipped")
    assert.isTrue(haveFailed([passed, failed]))
    assert.isTrue(haveFailed([]))
    assert.isTrue(haveFailed([skipped]))
    assert.isFalse(haveFailed([passed, skipped]))
  })
})
