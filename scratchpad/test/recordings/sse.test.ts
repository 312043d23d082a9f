import { assert, describe, it } from "@effect/vitest"
import { readServerSentEvents } from "../../src/recordings/sse.ts"

describe("readServerSentEvents", () => {
  it("takes the data lines and leaves comments and names", () => {
    const events = readServerSentEvents(": wait\n\nevent: a\ndata: {\"x\":1}\n\ndata: [DONE]\n\n")
    assert.deepStrictEqual(events, [{ data: "{\"x\":1}", json: { x: 1 } }, { data: "[DONE]", json: undefined }])
  })

  it("knows every line end and joins data lines", () => {
    const events = readServerSentEvents("data: {\r\ndata: \"x\":2}\r\n\r\n\r\ndata:3")
    assert.deepStrictEqual(events.map((event) => event.json), [{ x: 2 }, 3])
  })
})
