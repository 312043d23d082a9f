import { valueDifference } from "./difference.ts"
import type { CompactionExpectation } from "./expectation/Expectation.ts"
import type { HeardCompaction } from "./heard.ts"
import { responsesOutline } from "./request/outline-openai-responses.ts"
import { missingEntry } from "./request/outline.ts"

/** All that came out has to be in the next request, in its order and from its beginning. */
export const compareCompaction = (
  { id, items, usage }: CompactionExpectation,
  observed: HeardCompaction
): ReadonlyArray<string> => {
  const entriesOf = (input: HeardCompaction["next"]) => responsesOutline({ input: input ?? null }).entries
  const { inputTokens, outputTokens } = observed.usage
  return [
    ...valueDifference("response id", id, observed.id),
    ...valueDifference("input tokens", usage.inputTotal, inputTokens.total),
    ...valueDifference("tokens read from the cache", usage.cacheRead, inputTokens.cacheRead),
    ...valueDifference("output tokens", usage.outputTotal, outputTokens.total),
    ...valueDifference("reasoning tokens", usage.reasoning, outputTokens.reasoning),
    ...missingEntry([], entriesOf(items), entriesOf(observed.next)).map((line) => `the next request: ${line}`)
  ]
}
