import { assert, describe, it } from "@effect/vitest"
import { contenders } from "../src/contenders/index.ts"
import { timeCall, timeFirstText, timeStream, WrongText } from "../src/measure/calls.ts"
import { startLoopback } from "../src/transport/loopback.ts"
import { stub } from "../src/transport/stub.ts"
import { makeWire } from "../src/wire/Wire.ts"

const deltas = 500

describe.each(contenders)("$name", ({ connect }) => {
  describe.each(["chat", "responses"] as const)("%s", (dialect) => {
    const wire = makeWire(dialect, deltas)

    it.each(["event", "coalesced"] as const)("gives the text of a stubbed stream, reads: %s", async (reads) => {
      const connection = connect(dialect, stub(wire, reads))
      await timeStream(connection, wire, deltas)
      await timeFirstText(connection, wire)
      await timeCall(connection, wire)
      await connection.close()
    })

    it("gives the text over a socket", async () => {
      const loopback = await startLoopback()
      const connection = connect(dialect, loopback.endpoint("event", deltas))
      await timeStream(connection, wire, deltas)
      await timeCall(connection, wire)
      await connection.close()
      loopback.close()
    })

    it("is caught when its text is another", async () => {
      const connection = connect(dialect, stub(makeWire(dialect, deltas - 1), "coalesced"))
      const failure = await timeStream(connection, wire, deltas).then(() => undefined, (error: unknown) => error)
      assert.instanceOf(failure, WrongText)
      await connection.close()
    })
  })
})
