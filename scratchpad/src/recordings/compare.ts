import type { Asked } from "./Asked.ts"
import { compareToolCalls } from "./compare-tools.ts"
import { show, textDifference, valueDifference } from "./difference.ts"
import type {
  AnswerExpectation,
  EmbeddingsExpectation,
  ErrorExpectation,
  Expectation,
  ExpectedSource
} from "./expectation/Expectation.ts"
import { parseJson, sameJson, stringLeaves } from "./json.ts"
import type { Observation, ObservedAnswer, ObservedEmbeddings, ObservedError } from "./observe.ts"

/** Every way in which what came out differs from what the recording says, one line each; none if nothing does. */
export const compare = (expected: Expectation, observed: Observation, asked: Asked): ReadonlyArray<string> => {
  if (expected.kind === "answer" && observed.kind === "answer") return compareAnswer(expected, observed, asked)
  if (expected.kind === "error" && observed.kind === "error") return compareError(expected, observed)
  if (expected.kind === "embeddings" && observed.kind === "embeddings") return compareEmbeddings(expected, observed)
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
  ...compareFinish(expected, observed),
  ...compareUsage(expected, observed),
  ...compareSources(expected, observed),
  ...compareFiles(expected, observed),
  ...valueDifference("response id", expected.responseId, observed.responseId),
  ...valueDifference("model", expected.model, observed.model),
  ...compareKept(expected, observed),
  ...compareObject(expected, observed)
]

/** The transcript of a spoken answer may be its text. */
const compareText = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const transcript = expected.kept.find((kept) => kept.what === "audio.transcript")?.value
  if (transcript !== undefined && observed.text === expected.text + transcript) return []
  return textDifference("text", expected.text, observed.text)
}

const compareFinish = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> =>
  observed.finishReasons.every((reason) => expected.finishReasons.includes(reason))
    ? []
    : [`finish reason: expected ${expected.finishReasons.join(" or ")}, got ${observed.finishReasons.join(", ")}`]

/** A count the vendor does not state may be absent or zero. */
const compareUsage = ({ usage }: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const { inputTokens, outputTokens } = observed.usage ?? { inputTokens: undefined, outputTokens: undefined }
  const counts: ReadonlyArray<readonly [string, number | undefined, number | undefined]> = [
    ["input tokens", usage.inputTotal, inputTokens?.total],
    ["uncached input tokens", usage.inputUncached, inputTokens?.uncached],
    ["tokens read from the cache", usage.cacheRead, inputTokens?.cacheRead],
    ["tokens written to the cache", usage.cacheWrite, inputTokens?.cacheWrite],
    ["output tokens", usage.outputTotal, outputTokens?.total],
    ["reasoning tokens", usage.reasoning, outputTokens?.reasoning],
    [
      "text tokens",
      usage.outputTotal === undefined || outputTokens?.text === undefined
        ? undefined
        : usage.outputTotal - (usage.reasoning ?? 0),
      outputTokens?.text
    ]
  ]
  return counts.flatMap(([what, said, came]) =>
    said === undefined && (came ?? 0) === 0 ? [] : valueDifference(what, said, came)
  )
}

const names = (source: ExpectedSource, leaves: ReadonlyArray<string>): boolean =>
  source.anyOf.length === 0 || source.anyOf.some((name) => leaves.some((leaf) => leaf.includes(name)))

/** Each citation has a source; a provider may give more, such as the pages a search found. */
const compareSources = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const came = observed.sources.map((source) => ({ type: source.sourceType, leaves: stringLeaves(source) }))
  return expected.sources
    .filter((source) => !came.some((part) => part.type === source.type && names(source, part.leaves)))
    .map((source) => `no ${source.type} source for ${show(source.anyOf[0] ?? "a citation")}`)
}

const compareFiles = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> =>
  expected.files.flatMap((file) => {
    const bytes = Buffer.from(file.base64, "base64").toString("base64")
    const found = observed.files.some((part) => part.mediaType.startsWith(file.mediaType) && part.base64 === bytes)
    return found ? [] : [`no ${file.mediaType} file of ${file.base64.length} characters of base64`]
  })

const compareKept = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  const leaves = new Set(observed.leaves)
  // A longer text may be inside another one; a short one would be found in any.
  const lost = expected.kept.filter(({ value }) =>
    !leaves.has(value) && (value.length < 6 || !observed.leaves.some((leaf) => leaf.includes(value)))
  )
  const listed = lost.slice(0, 4).map(({ what, value }) => `lost: ${what} ${show(value)}`)
  return lost.length > 4 ? [...listed, `lost: ${lost.length - 4} more`] : listed
}

const compareObject = (expected: AnswerExpectation, observed: ObservedAnswer): ReadonlyArray<string> => {
  if (observed.object === undefined) return []
  const said = parseJson(expected.text)
  return sameJson(said, observed.object) ? [] : [`object: expected ${show(said)}, got ${show(observed.object)}`]
}

const compareError = (expected: ErrorExpectation, observed: ObservedError): ReadonlyArray<string> => {
  const reasons: ReadonlyArray<string> = expected.reasons
  return [
    ...(reasons.includes(observed.reason)
      ? []
      : [`error: expected ${reasons.join(" or ")}, got ${describeObservation(observed)}`]),
    ...(expected.retryable === undefined ? [] : valueDifference("retryable", expected.retryable, observed.retryable)),
    ...(expected.retryAfterMillis === undefined
      ? []
      : valueDifference("retry after (ms)", expected.retryAfterMillis, observed.retryAfterMillis))
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
