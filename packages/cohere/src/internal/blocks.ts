/** Decode: contents, plans, tool calls and citations → parts. A whole one is one that starts full. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import { decodeCitation } from "./citations.ts"
import type { State } from "./state.ts"

export type Given = readonly [State, ReadonlyArray<PartStream.Part>]

const nothing: ReadonlyArray<PartStream.Part> = []

export const give = (state: State, [blocks, parts]: PartStream.Result): Given => [
  blocks === state.blocks ? state : { ...state, blocks },
  parts
]

/** Runs steps one after the other. */
export const chain = (state: State, ...steps: ReadonlyArray<(state: State) => Given>): Given => {
  const parts: Array<PartStream.Part> = []
  let current = state
  for (const step of steps) {
    const [next, given] = step(current)
    current = next
    parts.push(...given)
  }
  return [current, parts]
}

export const startContent = (state: State, key: string, content: Json.JsonRecord): Given => {
  const type = content["type"] === "thinking" || typeof content["thinking"] === "string" ? "reasoning" : "text"
  const isKnown = content["type"] === "thinking" || content["type"] === "text" || content["type"] === undefined
  if (!isKnown) return [{ ...state, unknown: [...state.unknown, content] }, nothing]
  const begun = give(
    type === "text" ? { ...state, lastText: key } : state,
    PartStream.start(state.blocks, type, key, key)
  )
  const text = Json.string(content[type === "text" ? "text" : "thinking"]) ?? ""
  return text === "" ? begun : chain(begun[0], () => begun, (next) => addContent(next, key, content))
}

export const addContent = (state: State, key: string, content: Json.JsonRecord): Given => {
  const thinking = Json.string(content["thinking"])
  if (thinking !== undefined) return give(state, PartStream.delta(state.blocks, "reasoning", key, thinking))
  const text = Json.string(content["text"])
  if (text === undefined) return [{ ...state, unknown: [...state.unknown, content] }, nothing]
  const known = state.blocks[key] === undefined ? { ...state, lastText: key } : state
  return give(known, PartStream.delta(state.blocks, "text", key, text))
}

/** The end is told when something else follows: citations come behind the content they are of. */
export const endContent = (state: State, key: string): Given => [
  state.blocks[key] === undefined ? state : { ...state, ended: [...state.ended, key] },
  nothing
]

/** Tells of the ends that were held back. */
export const settle = (state: State): Given =>
  state.ended.length === 0
    ? [state, nothing]
    : chain({ ...state, ended: [] }, ...state.ended.map((key) => (next: State) => endBlock(next, key)))

export const addPlan = (state: State, text: string): Given =>
  text === "" ? [state, nothing] : give(state, PartStream.delta(state.blocks, "reasoning", planKey(state), text))

const planKey = ({ plans }: State): string => `plan-${plans}`

export const endPlan = (state: State): Given => {
  const key = planKey(state)
  return state.blocks[key] === undefined ? [state, nothing] : endBlock({ ...state, plans: state.plans + 1 }, key)
}

export const startCall = (state: State, index: unknown, call: Json.JsonRecord): Given => {
  const { arguments: text, name } = Json.record(call["function"])
  const key = callKey(index)
  const id = Json.string(call["id"]) ?? `${state.id ?? "call"}-${key}`
  return chain(
    state,
    endPlan,
    (next) => give(next, PartStream.toolStart(next.blocks, key, { id, name: Json.string(name) ?? "" })),
    (next) => addArguments(next, index, text)
  )
}

export const callKey = (index: unknown): string => `call-${String(index)}`

export const addArguments = (state: State, index: unknown, text: unknown): Given =>
  give(state, PartStream.toolDelta(state.blocks, callKey(index), Json.string(text) ?? ""))

export const endBlock = (state: State, key: string): Given => {
  const open = state.blocks[key]
  const { [key]: citations = [], ...others } = state.citations
  const metadata = open?.type === "text"
    ? citations.length === 0 ? undefined : Metadata.make("cohere", { citations })
    : open?.type === "reasoning"
    ? Metadata.make("cohere", { type: key.startsWith("plan-") ? "tool_plan" : "thinking" })
    : undefined
  return give({ ...state, citations: others }, PartStream.end(state.blocks, key, { metadata }))
}

/** A citation of a text is kept on the text, too, because sources stay out of the next prompt. */
export const addCitation = (state: State, citation: unknown): Given => {
  const record = Json.record(citation)
  const sources = decodeCitation(record, (place) => `${state.id ?? "message"}-source-${state.sources + place}`)
  const index = Json.number(record["content_index"])
  const key = index === undefined ? state.lastText : `content-${index}`
  const isOfText = record["type"] === undefined || record["type"] === "TEXT_CONTENT"
  const counted = { ...state, sources: state.sources + sources.length }
  return [
    isOfText && key !== undefined && state.blocks[key]?.type === "text"
      ? { ...counted, citations: { ...state.citations, [key]: [...state.citations[key] ?? [], citation] } }
      : { ...counted, unplaced: [...state.unplaced, citation] },
    sources
  ]
}
