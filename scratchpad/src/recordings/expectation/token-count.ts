import { numberAt, parseJson } from "../json.ts"
import type { RecordedExchange, RecordedResponse } from "../record.ts"
import { brokenAnswer, type ErrorExpectation, type Expectation } from "./Expectation.ts"

/** A count of tokens, which is one member of the answer. */
export const readTokenCount =
  (member: string, readError: (response: RecordedResponse) => ErrorExpectation) =>
  ({ response }: RecordedExchange): Expectation => {
    if (response.status >= 400) return readError(response)
    const tokens = numberAt(parseJson(response.body), member)
    return tokens === undefined ? brokenAnswer : { kind: "tokens", tokens }
  }
