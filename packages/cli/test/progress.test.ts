import { assert, describe, it } from "@effect/vitest"
import * as Progress from "../src/progress.ts"

describe("line", () => {
  it("is a bar and figures", () => {
    assert.strictEqual(Progress.line(5, 10, 80), `${"█".repeat(15)}${"░".repeat(15)} 5 of 10`)
    assert.strictEqual(Progress.line(0, 3, 80), `${"░".repeat(30)} 0 of 3`)
    assert.strictEqual(Progress.line(1_500, 1_500, 80), `${"█".repeat(30)} 1,500 of 1,500`)
  })

  it("fits, and leaves the last column free", () => {
    for (let columns = 2; columns < 60; columns++) assert.isBelow(Progress.line(5, 10, columns).length, columns)
    assert.strictEqual(Progress.line(5, 10, 12), "5 of 10")
  })

  it("of nothing is full", () => {
    assert.strictEqual(Progress.line(0, 0, 20), `${"█".repeat(12)} 0 of 0`)
  })
})
