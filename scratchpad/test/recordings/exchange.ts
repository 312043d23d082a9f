import type { Json } from "../../src/recordings/json.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"

const exchange = (
  stream: boolean,
  status: number,
  body: string,
  headers: Record<string, string>
): RecordedExchange => ({
  id: "made-up",
  provider: "made-up",
  api: "made-up",
  stream,
  request: undefined,
  response: { status, headers, body }
})

/** A recording of a plain answer. */
export const answered = (body: Json, status = 200, headers: Record<string, string> = {}): RecordedExchange =>
  exchange(false, status, JSON.stringify(body), headers)

/** A recording of a stream, with an event for each payload; texts go out as they are. */
export const streamed = (...payloads: ReadonlyArray<Json>): RecordedExchange =>
  exchange(
    true,
    200,
    payloads.map((payload) => `data: ${typeof payload === "string" ? payload : JSON.stringify(payload)}\n\n`).join(""),
    {}
  )
