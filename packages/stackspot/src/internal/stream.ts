/** Decode: the events of a stream → parts. A plain answer is read as one event. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { decodeReason, decodeUsage } from "./finish.ts"
import { decodeSource, type Raw, takeSources } from "./sources.ts"

/** What a decoder needs to know of its request. */
export interface DecodeContext {
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** The error for an error of StackSpot's inside an answer with a good status. */
  readonly eventError: (body: unknown) => AiError.AiError
  /** The error for an answer that stops before its end. */
  readonly cutShort: () => AiError.AiError
}

export interface State {
  readonly blocks: PartStream.Blocks
  readonly reason: string | undefined
  readonly tokens: unknown
  readonly sources: ReadonlyArray<Raw>
  /** All of the answer but its text. */
  readonly members: Json.JsonRecord
  readonly unknown: ReadonlyArray<unknown>
  /** Whether the answer came whole, so that it cannot be cut short. */
  readonly whole: boolean
  readonly finished: boolean
}

type Step = readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?]

const nothing: ReadonlyArray<PartStream.Part> = []

const initial: State = {
  blocks: PartStream.empty,
  reason: undefined,
  tokens: undefined,
  sources: [],
  members: {},
  unknown: [],
  whole: false,
  finished: false
}

/** The decoder of one answer. */
export const decoder = (context: DecodeContext): PartStream.Decoder<State> => ({
  initial,
  step: (state, { data, event }) => {
    if (state.finished) return [state, nothing]
    if (event === EventStream.doneEvent) return isEnded(state) ? onEnd(context, state) : cut(context, state)
    const members = Json.record(data)
    if (event === "error" || isFailure(members)) return [state, nothing, context.eventError(data)]
    if (!isAnswer(members)) return [{ ...state, unknown: [...state.unknown, { event, data }] }, nothing]
    return onAnswer(context, state, members, event === EventStream.bodyEvent)
  },
  halt: (state) => {
    if (state.finished) return [nothing]
    return isEnded(state) ? [onEnd(context, state)[1]] : [nothing, context.cutShort()]
  }
})

const cut = (context: DecodeContext, state: State): Step => [state, nothing, context.cutShort()]

/** The last event has a reason, token counts or both. */
const isEnded = ({ reason, tokens, whole }: State): boolean => whole || reason !== undefined || tokens !== undefined

/** What an error has in place of an answer. Source: see `decodeError`. */
const isFailure = (members: Json.JsonRecord): boolean => !isAnswer(members) && saysFailure(members)

const saysFailure = ({ code, error }: Json.JsonRecord): boolean =>
  typeof code === "string" || Json.isRecord(error) || (typeof error === "string" && error !== "")

/** Errors have a `message`, too. */
const isAnswer = (members: Json.JsonRecord): boolean =>
  typeof members["stop_reason"] === "string" || Json.isRecord(members["tokens"]) ||
  (typeof members["message"] === "string" && !saysFailure(members))

/** Members of an answer that have a place of their own. */
const known = new Set(["message", "stop_reason", "tokens", "source", "cross_account_source"])

const onAnswer = (context: DecodeContext, state: State, data: Json.JsonRecord, whole: boolean): Step => {
  const text = Json.string(data["message"]) ?? ""
  const [blocks, parts] = text === "" ? [state.blocks, nothing] : PartStream.delta(state.blocks, "text", "0", text)
  const next: State = {
    ...state,
    blocks,
    whole,
    reason: Json.string(data["stop_reason"]) ?? state.reason,
    tokens: Json.isRecord(data["tokens"]) ? data["tokens"] : state.tokens,
    sources: [...state.sources, ...takeSources(data)],
    members: keep(state.members, data)
  }
  if (!whole && (next.reason === undefined || next.tokens === undefined)) return [next, parts]
  const [ended, last] = onEnd(context, next)
  return [ended, [...parts, ...last]]
}

/** The members so far, with those of an event that say something. */
const keep = (before: Json.JsonRecord, data: Json.JsonRecord): Json.JsonRecord => {
  let out = before
  for (const [name, value] of Object.entries(data)) {
    if (known.has(name) || value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
      continue
    }
    if (out[name] !== value) out = { ...out, [name]: value }
  }
  return out
}

/** The ids of an answer come with its last event, so its metadata stands at the end. */
const onEnd = (context: DecodeContext, state: State): Step => {
  const [blocks, ended] = PartStream.endAll(state.blocks)
  const sources = state.sources.map((raw, index) => decodeSource(raw, `source_${index}`))
  const nameless = state.sources.filter((_, index) => sources[index] === undefined).map(({ source }) => source)
  const { conversation_id, knowledge_source_id, message_id, ...more } = state.members
  const conversationId = Json.string(conversation_id)
  const id = Json.string(message_id)
  const unknown = [...state.unknown, ...nameless]
  return [{ ...state, blocks, finished: true }, [
    ...ended,
    ...sources.filter((part) => part !== undefined),
    {
      type: "response-metadata",
      ...(id === undefined ? undefined : { id }),
      metadata: Metadata.merge(Metadata.make("stackspot", { conversationId }), Warning.metadata(context.warnings))
    },
    {
      type: "finish",
      reason: decodeReason(state.reason),
      usage: decodeUsage(state.tokens),
      metadata: Metadata.make("stackspot", {
        stopReason: state.reason,
        conversationId,
        usage: state.tokens,
        knowledgeSourceIds: knowledge_source_id,
        more: Object.keys(more).length === 0 ? undefined : more,
        unknown: unknown.length === 0 ? undefined : unknown
      })
    }
  ]]
}
