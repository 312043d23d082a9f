import type { AnswerExpectation, Expectation } from "../../src/recordings/expectation/Expectation.ts"
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
  conversation: undefined,
  turn: 0,
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
    { "content-type": "text/event-stream" }
  )

/** The same recording, of the answer to a request. */
export const asking = (body: Json, recorded: RecordedExchange = answered({})): RecordedExchange => ({
  ...recorded,
  request: { path: "/made-up", headers: {}, body }
})

/** An expectation that has to be an answer. */
export const answer = (expectation: Expectation): AnswerExpectation => {
  if (expectation.kind !== "answer") throw new Error(`${expectation.kind} in place of an answer`)
  return expectation
}

/** A text in two pieces, or JSON as text. */
export const halves = (value: Json | undefined): ReadonlyArray<string> => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return [text.slice(0, 5), text.slice(5)]
}

/** The log probability of a token. */
export const logprob = (token: string, value: number): Json => ({
  token,
  logprob: value,
  bytes: [...Buffer.from(token)],
  top_logprobs: []
})
