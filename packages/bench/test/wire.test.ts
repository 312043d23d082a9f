import { assert, describe, it } from "@effect/vitest"
import { makeWire, readsOf } from "../src/wire/Wire.ts"

describe.each(["chat", "responses"] as const)("%s wire", (dialect) => {
  const wire = makeWire(dialect, 2000)

  it("has one event per read, or full reads of the same bytes", () => {
    const coalesced = readsOf(wire, "coalesced")
    assert.isAbove(readsOf(wire, "event").length, 2000)
    assert.isTrue(coalesced.slice(0, -1).every((read) => read.length === 16 * 1024))
    assert.isTrue(Buffer.concat(coalesced).equals(Buffer.concat(wire.events)))
  })
})
