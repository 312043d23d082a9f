/** Decode: the events of a stream → parts. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import * as Blocks from "./blocks.ts"
import { decodeBilled, decodeFinishReason, decodeUsage, isFailure } from "./finish.ts"
import { type DecodeContext, initial, type State } from "./state.ts"

type Step = readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?]

const nothing: ReadonlyArray<PartStream.Part> = []

/** A message may start with what was made before the stream began. */
const onMessageStart = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  const id = Json.string(data["id"])
  const head: PartStream.Part = {
    type: "response-metadata",
    ...(id === undefined ? undefined : { id }),
    metadata: Metadata.merge(
      Metadata.make("cohere", { traceId: context.traceId }),
      Warning.metadata(context.warnings)
    )
  }
  const message = Json.record(Json.record(data["delta"])["message"])
  const [next, parts] = addMessage({ ...state, started: true, id }, "message", message)
  return [next, [head, ...parts]]
}

/** A message as a whole: contents and what they cite, the plan, the calls. */
const addMessage = (state: State, prefix: string, message: Json.JsonRecord): Blocks.Given => {
  const { citations, content, role: _, tool_calls: calls, tool_plan: plan, ...more } = message
  return Blocks.chain(
    { ...state, more: { ...state.more, ...more } },
    ...Json.list(content).flatMap((one, index) => [
      (next: State) => Blocks.startContent(next, `${prefix}-${index}`, Json.record(one)),
      (next: State) => Blocks.endContent(next, `${prefix}-${index}`)
    ]),
    ...Json.list(citations).map((citation) => (next: State) => Blocks.addCitation(next, citation)),
    Blocks.settle,
    (next) => Blocks.addPlan(next, Json.string(plan) ?? ""),
    ...Json.list(calls).flatMap((call, index) => [
      (next: State) => Blocks.startCall(next, `${prefix}-${index}`, Json.record(call)),
      (next: State) => Blocks.endBlock(next, Blocks.callKey(`${prefix}-${index}`))
    ]),
    Blocks.endPlan
  )
}

const contentKey = (data: Json.JsonRecord): string => `content-${String(data["index"])}`

const messageIn = (data: Json.JsonRecord): Json.JsonRecord => Json.record(Json.record(data["delta"])["message"])

const onContentStart = (state: State, data: Json.JsonRecord): Step =>
  Blocks.startContent(state, contentKey(data), Json.record(messageIn(data)["content"]))

const onContentDelta = (state: State, data: Json.JsonRecord): Step => {
  const { logprobs } = data
  const noted = logprobs === undefined || logprobs === null
    ? state
    : { ...state, logprobs: [...state.logprobs, logprobs] }
  return Blocks.addContent(noted, contentKey(data), Json.record(messageIn(data)["content"]))
}

const onContentEnd = (state: State, data: Json.JsonRecord): Step => Blocks.endContent(state, contentKey(data))

const onPlanDelta = (state: State, data: Json.JsonRecord): Step =>
  Blocks.addPlan(state, Json.string(messageIn(data)["tool_plan"]) ?? "")

const onCallStart = (state: State, data: Json.JsonRecord): Step =>
  Blocks.startCall(state, data["index"], Json.record(messageIn(data)["tool_calls"]))

const onCallDelta = (state: State, data: Json.JsonRecord): Step => {
  const call = Json.record(messageIn(data)["tool_calls"])
  return Blocks.addArguments(state, data["index"], Json.record(call["function"])["arguments"])
}

const onCallEnd = (state: State, data: Json.JsonRecord): Step => Blocks.endBlock(state, Blocks.callKey(data["index"]))

const onCitation = (state: State, data: Json.JsonRecord): Step =>
  Blocks.addCitation(state, messageIn(data)["citations"])

/** Ends what is open, in the order it was started. */
const endAll = (state: State): Blocks.Given =>
  Blocks.chain(
    { ...state, ended: [] },
    ...Object.entries(state.blocks).toSorted(([, a], [, b]) => a.order - b.order).map(
      ([key]) => (next: State) => Blocks.endBlock(next, key)
    )
  )

/** The end of a message. One that says that the answer failed is a failure, although its status was good. */
const onMessageEnd = (context: DecodeContext, state: State, delta: Json.JsonRecord): Step => {
  const { error, error_type: type, finish_reason: reason, usage, ...more } = delta
  if (isFailure(reason) || typeof error === "string") {
    const message = Json.string(error) ?? `The answer ended with ${String(reason)}`
    const failure = context.eventError({ id: state.id, message, error_type: type ?? reason })
    return [{ ...state, finished: true }, nothing, failure]
  }
  const [ended, parts] = endAll(state)
  const finish: PartStream.Part = {
    type: "finish",
    reason: decodeFinishReason(reason),
    usage: decodeUsage(usage),
    response: undefined,
    metadata: Metadata.merge(
      Metadata.make("cohere", {
        finishReason: reason ?? undefined,
        usage: usage ?? undefined,
        logprobs: some(ended.logprobs),
        citations: some(ended.unplaced),
        more: someOf({ ...ended.more, ...more, error, error_type: type }),
        unknown: some(ended.unknown)
      }),
      decodeBilled(usage)
    )
  }
  return [{ ...ended, finished: true }, [...parts, finish]]
}

const some = (all: ReadonlyArray<unknown>): ReadonlyArray<unknown> | undefined => all.length === 0 ? undefined : all

/** The members that have a value, if any has. */
const someOf = (members: Json.JsonRecord): Json.JsonRecord | undefined => {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

/** A whole answer, which some servers give in place of a stream; or an error with a good status. */
const onBody = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  const { finish_reason, id, logprobs, message, usage, ...more } = data
  if (!Json.isRecord(message)) {
    return typeof message === "string" || "error" in data
      ? [state, nothing, context.eventError(data)]
      : [unknownTo(state, data), nothing]
  }
  const [begun, head] = onMessageStart(context, state, { id })
  const noted = { ...begun, logprobs: Json.list(logprobs) }
  const [filled, parts] = addMessage(noted, "content", message)
  const [ended, last, error] = onMessageEnd(context, filled, { finish_reason, usage, ...more })
  const all = [...head, ...parts, ...last]
  return error === undefined ? [ended, all] : [ended, all, error]
}

const unknownTo = (state: State, data: unknown): State => ({ ...state, unknown: [...state.unknown, data] })

/** What comes after the last event is no part of the answer. */
export const step = (context: DecodeContext) => (state: State, event: EventStream.JsonEvent): Step => {
  if (state.finished) return [state, nothing]
  const data = Json.record(event.data)
  if (event.event === EventStream.bodyEvent) return onBody(context, state, data)
  switch (data["type"]) {
    case "content-delta":
      return follow(context, state, (next) => onContentDelta(next, data))
    case "message-start":
      return state.started ? [unknownTo(state, data), nothing] : onMessageStart(context, state, data)
    case "content-start":
      return follow(context, state, (next) => onContentStart(next, data))
    case "content-end":
      return onContentEnd(state, data)
    case "tool-plan-delta":
      return follow(context, state, (next) => onPlanDelta(next, data))
    case "tool-call-start":
      return follow(context, state, (next) => onCallStart(next, data))
    case "tool-call-delta":
      return onCallDelta(state, data)
    case "tool-call-end":
      return onCallEnd(state, data)
    case "citation-start":
      return begin(context, state, (next) => onCitation(next, data))
    case "citation-end":
      return [state, nothing]
    case "message-end":
      return follow(context, state, (next) => onMessageEnd(context, next, Json.record(data["delta"])))
    case undefined:
      return onUnnamed(context, state, event, data)
    default:
      return [unknownTo(state, data), nothing]
  }
}

/** `[DONE]`, or an error in the form of an error answer. */
const onUnnamed = (context: DecodeContext, state: State, event: EventStream.JsonEvent, data: Json.JsonRecord): Step => {
  if (event.event === EventStream.doneEvent) return [state, nothing]
  return typeof data["message"] === "string"
    ? [state, nothing, context.eventError(data)]
    : [unknownTo(state, event.data), nothing]
}

/** What is no citation ends the contents that waited for theirs. */
const follow = (context: DecodeContext, state: State, next: (settled: State) => Step): Step =>
  begin(context, state, (begun) => {
    if (begun.ended.length === 0) return next(begun)
    const [settled, first] = Blocks.settle(begun)
    return joined(first, next(settled))
  })

/** The first part of an answer is its metadata, even where its event is missing. */
const begin = (context: DecodeContext, state: State, next: (begun: State) => Step): Step => {
  if (state.started) return next(state)
  const [begun, first] = onMessageStart(context, state, {})
  return joined(first, next(begun))
}

const joined = (first: ReadonlyArray<PartStream.Part>, [state, parts, error]: Step): Step =>
  error === undefined ? [state, [...first, ...parts]] : [state, [...first, ...parts], error]

export const halt =
  (context: DecodeContext) => (state: State): readonly [ReadonlyArray<PartStream.Part>, AiError.AiError?] => {
    if (state.finished) return [nothing]
    return [
      nothing,
      !state.started && !context.isEventStream
        ? ProviderError.make(context.origin, "InvalidResponse", {
          description: "The answer is empty, not JSON, or was cut short"
        })
        : ProviderError.endedBefore(context.origin, "`message-end`")
    ]
  }

export const decoder = (context: DecodeContext): PartStream.Decoder<State> => ({
  initial,
  step: step(context),
  halt: halt(context)
})
