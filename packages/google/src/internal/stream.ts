/** Decode: the chunks of a stream → parts. A plain answer is a stream of one chunk. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { decodeFinishReason, decodeUsage, laterUsage, withoutNulls } from "./finish.ts"
import { closeCall, closeText, decodePart } from "./parts.ts"
import { decodeSources } from "./sources.ts"
import { type Change, type DecodeContext, initial, type State } from "./state.ts"

type Step = readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?]

const nothing: ReadonlyArray<PartStream.Part> = []

/** Members that a chunk of an answer has; one without any of them is none. */
const chunkMembers = ["candidates", "usageMetadata", "promptFeedback", "responseId", "modelVersion"]

const onChunk = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  if (!chunkMembers.some((member) => member in data)) {
    return [{ ...state, unknown: [...state.unknown, data] }, nothing]
  }
  const { candidates, usageMetadata, ...answer } = data
  const told: State = {
    ...state,
    answer: { ...state.answer, ...withoutNulls(answer) },
    usage: laterUsage(state.usage, withoutNulls(Json.record(usageMetadata)))
  }
  const [begun, first] = state.started ? [told, nothing] : onStart(context, told)
  const blocked = refusalOf(context, begun, candidates)
  if (blocked !== undefined) return [begun, first, blocked]
  let next = begun
  const parts = [...first]
  for (const candidate of Json.list(candidates)) {
    const [after, given] = onCandidate(context, next, Json.record(candidate))
    next = after
    for (const part of given) parts.push(part)
  }
  if (next.ended.includes(0) && next.ended.length >= context.candidates) {
    const [finished, last] = onFinish(next)
    return [finished, [...parts, ...last]]
  }
  return [next, parts]
}

/** The first part of an answer is its metadata. */
const onStart = (context: DecodeContext, state: State): Change => {
  const { createTime, modelVersion, responseId } = state.answer
  const timestamp = timeOf(createTime)
  const head: PartStream.Part = {
    type: "response-metadata",
    ...(typeof responseId === "string" ? { id: responseId } : undefined),
    ...(typeof modelVersion === "string" ? { modelId: modelVersion } : undefined),
    ...(timestamp === undefined ? undefined : { timestamp }),
    metadata: Metadata.merge(
      Object.keys(state.usage).length === 0 ? undefined : PartCollector.earlyUsage(decodeUsage(state.usage)),
      Warning.metadata(context.warnings)
    )
  }
  return [{ ...state, started: true }, [head]]
}

const timeOf = (value: unknown): string | undefined => {
  const date = new Date(Json.string(value) ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** A prompt that was blocked has no candidates and says why. */
const refusalOf = (context: DecodeContext, state: State, candidates: unknown): AiError.AiError | undefined => {
  const { blockReason, blockReasonMessage, safetyRatings } = Json.record(state.answer["promptFeedback"])
  if (typeof blockReason !== "string" || Json.list(candidates).length > 0) return undefined
  return ProviderError.make(context.origin, "ContentRefused", {
    description: `Google blocked the prompt: ${Json.string(blockReasonMessage) ?? blockReason}`,
    provider: { blockReason, safetyRatings }
  })
}

const onCandidate = (context: DecodeContext, state: State, candidate: Json.JsonRecord): Change => {
  const { content, finishReason, groundingMetadata, index, logprobsResult, ...rest } = candidate
  const at = Json.number(index) ?? 0
  const ended = typeof finishReason === "string" && finishReason !== "" && !state.ended.includes(at)
    ? [...state.ended, at]
    : state.ended
  if (at !== 0) return [{ ...state, ended, others: [...state.others, candidate] }, nothing]
  let next: State = { ...state, answered: true }
  const parts: Array<PartStream.Part> = []
  for (const part of Json.list(Json.record(content)["parts"])) {
    const [after, given] = decodePart(context, next, Json.record(part))
    next = after
    for (const one of given) parts.push(one)
  }
  const [sourced, sources] = decodeSources(next, candidate)
  const grounding = withoutNulls(Json.record(groundingMetadata))
  return [{
    ...sourced,
    ended,
    candidate: {
      ...sourced.candidate,
      ...withoutNulls(rest),
      ...(finishReason === undefined || finishReason === null ? undefined : { finishReason }),
      ...(Object.keys(grounding).length === 0
        ? undefined
        : { groundingMetadata: { ...Json.record(sourced.candidate["groundingMetadata"]), ...grounding } })
    },
    logprobs: logprobsResult === undefined ? sourced.logprobs : [...sourced.logprobs, logprobsResult]
  }, [...parts, ...sources]]
}

const onFinish = (state: State): Change => {
  const [textless, texts] = closeText(state)
  const [callless, calls] = closeCall(textless)
  return [{ ...callless, finished: true }, [...texts, ...calls, finishOf(callless)]]
}

const finishOf = (state: State): PartStream.Part => {
  const {
    avgLogprobs,
    citationMetadata,
    finishMessage,
    finishReason,
    groundingMetadata,
    safetyRatings,
    urlContextMetadata,
    ...candidate
  } = state.candidate
  const { createTime: _, modelVersion: __, promptFeedback, responseId: ___, ...answer } = state.answer
  const more = { ...answer, ...candidate }
  return {
    type: "finish",
    reason: decodeFinishReason(finishReason, state.called),
    usage: decodeUsage(state.usage),
    response: undefined,
    metadata: Metadata.make("google", {
      finishReason,
      finishMessage,
      safetyRatings,
      groundingMetadata,
      urlContextMetadata,
      citationMetadata,
      avgLogprobs,
      logprobs: listed(state.logprobs),
      usage: Object.keys(state.usage).length === 0 ? undefined : state.usage,
      promptFeedback,
      candidates: listed(state.others),
      more: Object.keys(more).length === 0 ? undefined : more,
      unknown: listed(state.unknown)
    })
  }
}

const listed = (all: ReadonlyArray<unknown>): ReadonlyArray<unknown> | undefined => all.length === 0 ? undefined : all

/** What comes after the last event is no part of the answer. */
export const step = (context: DecodeContext) => (state: State, event: EventStream.JsonEvent): Step => {
  if (state.finished || event.event === EventStream.doneEvent) return [state, nothing]
  const data = Json.record(event.data)
  if (Json.isRecord(data["error"])) return [state, nothing, context.eventError(data)]
  return onChunk(context, event.event === EventStream.bodyEvent ? { ...state, whole: true } : state, data)
}

export const halt =
  (context: DecodeContext) => (state: State): readonly [ReadonlyArray<PartStream.Part>, AiError.AiError?] => {
    if (state.finished) return [nothing]
    // Of several candidates, or of a document that came whole, nothing more can come.
    if (state.ended.includes(0) || (state.whole && state.answered)) return [onFinish(state)[1]]
    if (state.whole || (!state.started && !context.isEventStream)) {
      return [
        nothing,
        ProviderError.make(context.origin, "InvalidResponse", {
          description: "The answer is empty, has no candidate, is not JSON, or was cut short"
        })
      ]
    }
    return [
      nothing,
      ProviderError.endedBefore(context.origin, "a `finishReason`")
    ]
  }

export const decoder = (context: DecodeContext): PartStream.Decoder<State> => ({
  initial,
  step: step(context),
  halt: halt(context)
})
