import type { Asked } from "./Asked.ts"
import { compareCompaction } from "./compare-compaction.ts"
import { compareOrder } from "./compare-order.ts"
import { compareSources } from "./compare-sources.ts"
import { compareToolCalls } from "./compare-tools.ts"
import { show, textDifference, valueDifference } from "./difference.ts"
import type {
  AnswerExpectation,
  EmbeddingsExpectation,
  ErrorExpectation,
  Expectation
} from "./expectation/Expectation.ts"
import { parseJson, sameJson } from "./json.ts"
import { lostLines } from "./lost.ts"
import type { Observation, ObservedAnswer, ObservedEmbeddings, ObservedError } from "./observe.ts"

/** Every way in which what came out differs from what the recording says, one line each; none if nothing does. */
export const compare = (expected: Expectation, observed: Observation, asked: Asked): ReadonlyArray<string> => {
  if (expected.kind === "answer" && observed.kind === "answer") return compareAnswer(expected, observed, asked)
  if (expected.kind === "error" && observed.kind === "error") return compareError(expected, observed)
  if (expected.kind === "embeddings" && observed.kind === "embeddings") return compareEmbeddings(expected, observed)
  if (expected.kind === "tokens" && observed.kind === "tokens") {
    return valueDifference("tokens", expected.tokens, observed.tokens)
  }
  if (expected.kind === "compaction" && observed.kind === "compaction") return compareCompaction(expected, observed)
  if (expected.kind === "answer" && observed.kind === "error" && mayFail(expected, observed)) return []
  return [`expected ${describeExpectation(expected)}, got ${describeObservation(observed)}`]
}

/** Arguments that are no JSON may end the call with a typed error instead of reaching the caller as text. */
const mayFail = (expected: AnswerExpectation, observed: ObservedError): boolean =>
  expected.toolCalls.some((call) => call.arguments.kind === "broken")
  && ["ToolParameterValidationError", "InvalidOutputError", "InvalidResponseError"].includes(observed.reason)

const describeExpectation = (expected: Expectation): string =>
  expected.kind === "error" ? `an error (${expected.reasons.join(" or ")})` : expected.kind

const describeObservation = (observed: Observation): string =>
  observed.kind === "error" ? `${observed.reason}: ${show(observed.message)}` : observed.kind

const squeeze = (text: string): string => text.replace(/\s+/g, "")

const compareAnswer = (
  expected: AnswerExpectation,
  observed: ObservedAnswer,
  asked: Asked
): ReadonlyArray<string> => [
  ...observed.faults,
  ...compareText(expected, observed),
  ...textDifference("reasoning", squeeze(expected.reasoning), squeeze(observed.reasoning)),
  ...compareToolCalls(expected, observed, asked),
  ...compareOrder(expected.order, observed),
  ...compareFinish(expected, observed),
  ...compareUsage(expected, observed),
  ...compareSources(expected, observed),
  ...compareFiles(expected, observed),
  ...valueDifference("response id", expected.responseId, observed.responseId),
  ...valueDifference("model", expected.model, observed.model),
  ...(expected.createdAt === undefined
    ? []
    : valueDifference("time of the answer", expected.createdAt, observed.createdAt)),
  ...lostLines(expected.whole, observed.leaves, asked.form),
  ...compareObject(expected, observed)
]

/** The transcript of a spoken answer may be its text. */
const compareText = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> =>
  expected.spoken !== undefined && observed.text === expected.text + expected.spoken
    ? []
    : textDifference("text", expected.text, observed.text)

const compareFinish = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> =>
  observed.finishReasons.every((reason) => expected.finishReasons.includes(reason))
    ? []
    : [`finish reason: expected ${expected.finishReasons.join(" or ")}, got ${observed.finishReasons.join(", ")}`]

/** A count the vendor does not state is absent. */
const compareUsage = ({ usage }: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const { inputTokens, outputTokens } = observed.usage ?? { inputTokens: undefined, outputTokens: undefined }
  const { outputTotal, reasoning } = usage
  // Vendors have counted more reasoning than there was output.
  const text = outputTotal === undefined ? undefined : Math.max(0, outputTotal - (reasoning ?? 0))
  return [
    ...valueDifference("input tokens", usage.inputTotal, inputTokens?.total),
    ...valueDifference("uncached input tokens", usage.inputUncached, inputTokens?.uncached),
    ...valueDifference("tokens read from the cache", usage.cacheRead, inputTokens?.cacheRead),
    ...valueDifference("tokens written to the cache", usage.cacheWrite, inputTokens?.cacheWrite),
    ...valueDifference("output tokens", outputTotal, outputTokens?.total),
    ...valueDifference("reasoning tokens", reasoning, outputTokens?.reasoning),
    ...valueDifference("text tokens", text, outputTokens?.text)
  ]
}

const compareFiles = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const came = [...observed.files]
  return expected.files.flatMap((file) => {
    const bytes = Buffer.from(file.base64, "base64").toString("base64")
    const at = came.findIndex((part) => part.mediaType.startsWith(file.mediaType) && part.base64 === bytes)
    if (at < 0) return [`no ${file.mediaType} file of ${file.base64.length} characters of base64`]
    came.splice(at, 1)
    return []
  })
}

const compareObject = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  if (observed.object === undefined) return []
  const said = parseJson(expected.text)
  return sameJson(said, observed.object) ? [] : [`object: expected ${show(said)}, got ${show(observed.object)}`]
}

/** A wait the vendor does not ask for is not made up. */
const compareError = (expected: ErrorExpectation, observed: ObservedError): ReadonlyArray<string> => {
  const reasons: ReadonlyArray<string> = expected.reasons
  return [
    ...(reasons.includes(observed.reason)
      ? []
      : [`error: expected ${reasons.join(" or ")}, got ${describeObservation(observed)}`]),
    ...(expected.retryable === undefined ? [] : valueDifference("retryable", expected.retryable, observed.retryable)),
    ...valueDifference("retry after (ms)", expected.retryAfterMillis, observed.retryAfterMillis),
    ...expected.said.filter((text) => !observed.leaves.hasText(text)).map((text) => `lost: ${show(text)} of the error`)
  ]
}

const near = (left: number, right: number | undefined): boolean =>
  right !== undefined && Math.abs(left - right) <= 1e-6 * Math.max(1e-3, Math.abs(left))

const compareEmbeddings = (
  expected: EmbeddingsExpectation,
  observed: ObservedEmbeddings
): ReadonlyArray<string> => [
  ...valueDifference("vectors", expected.vectors.length, observed.vectors.length),
  ...expected.vectors.flatMap((vector, index) => {
    const came = observed.vectors[index] ?? []
    if (vector.length !== came.length) return valueDifference(`length of vector ${index}`, vector.length, came.length)
    const at = vector.findIndex((number, place) => !near(number, came[place]))
    return at < 0 ? [] : valueDifference(`number ${at} of vector ${index}`, vector[at], came[at])
  }),
  ...valueDifference("input tokens", expected.inputTokens, observed.inputTokens)
]
