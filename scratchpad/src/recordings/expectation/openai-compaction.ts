import { at, listAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { brokenAnswer, type Expectation } from "./Expectation.ts"
import { readOpenAiError } from "./openai-errors.ts"
import { readResponsesUsage } from "./openai-usage.ts"

/** A compaction: items that a later request begins with. Without one, nothing could go on. */
export const readCompaction = ({ response }: RecordedExchange): Expectation => {
  if (response.status >= 400) return readOpenAiError(response)
  const body = parseJson(response.body)
  const items = listAt(body, "output")
  if (items.length === 0) return brokenAnswer
  return { kind: "compaction", id: stringAt(body, "id"), items, usage: readResponsesUsage(at(body, "usage")) }
}
