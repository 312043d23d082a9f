import { assert, describe, it } from "@effect/vitest"
import { readServerSentEvents } from "../../src/recordings/sse.ts"

describe("readServerSentEvents", () => {
  it("takes the data lines and the name, and leaves comments", () => {
    const events = readServerSentEvents(": wait\n\nevent: a\ndata: {\"x\":1}\n\ndata: [DONE]\n\n")
    assert.deepStrictEqual(events, [
      { name: "a", data: "{\"x\":1}", json: { x: 1 }, start: 8, end: 32 },
      { name: undefined, data: "[DONE]", json: undefined, start: 32, end: 46 }
    ])
  })

  it("knows every line end and joins data lines", () => {
    const events = readServerSentEvents("data: {\r\ndata: \"x\":2}\r\n\r\n\r\ndata:3")
    assert.deepStrictEqual(events.map((event) => event.json), [{ x: 2 }, 3])
    assert.deepStrictEqual(readServerSentEvents("data: 1\r\rdata: 2\r\r").map((event) => event.json), [1, 2])
  })
})
