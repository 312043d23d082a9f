import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import type { StreamForm } from "../truncate.ts"

interface Content {
  readonly type: string
  readonly text: string
  readonly logprobs: ReadonlyArray<Json>
  readonly annotations: ReadonlyArray<Json>
}

/** An item under way: as announced, with what came in pieces for it. */
interface Growing {
  readonly item: JsonObject
  readonly content: Map<number, Content>
  readonly summary: Map<number, string>
  /** Members that grow: arguments, input, code. */
  readonly members: Map<string, string>
}

/** Pieces of an item by the type of their event, and where they go. */
const pieces: Readonly<Record<string, readonly [to: "content" | "summary" | "member", name: string]>> = {
  "response.output_text.delta": ["content", "output_text"],
  "response.output_text.annotation.added": ["content", "output_text"],
  "response.refusal.delta": ["content", "refusal"],
  "response.reasoning_text.delta": ["content", "reasoning_text"],
  "response.reasoning_summary_text.delta": ["summary", ""],
  "response.function_call_arguments.delta": ["member", "arguments"],
  "response.mcp_call_arguments.delta": ["member", "arguments"],
  "response.custom_tool_call_input.delta": ["member", "input"],
  "response.code_interpreter_call_code.delta": ["member", "code"]
}

const announced = (item: JsonObject): Growing => ({
  item,
  content: new Map(),
  summary: new Map(),
  members: new Map()
})

/** What an item is that was not announced, by what comes for it. */
const kindOf = (event: string): string =>
  event.includes("reasoning") ? "reasoning" : event.includes("arguments") ? "function_call" : "message"

const grow = (growing: Growing, [to, name]: readonly [string, string], event: Json): void => {
  const delta = stringAt(event, "delta") ?? ""
  if (to === "member") growing.members.set(name, (growing.members.get(name) ?? "") + delta)
  else if (to === "summary") {
    const index = numberAt(event, "summary_index") ?? 0
    growing.summary.set(index, (growing.summary.get(index) ?? "") + delta)
  } else {
    const index = numberAt(event, "content_index") ?? 0
    const before = growing.content.get(index)
    const annotation = at(event, "annotation")
    growing.content.set(index, {
      type: name,
      text: (before?.text ?? "") + delta,
      logprobs: [...before?.logprobs ?? [], ...listAt(event, "logprobs")],
      annotations: [...before?.annotations ?? [], ...(annotation === undefined ? [] : [annotation])]
    })
  }
}

const inOrder = <A>(of: ReadonlyMap<number, A>): ReadonlyArray<A> =>
  [...of].toSorted(([left], [right]) => left - right).map(([, value]) => value)

const itemFrom = ({ content, item, members, summary }: Growing): Json => ({
  ...item,
  ...Object.fromEntries(members),
  ...(content.size === 0
    ? {}
    : {
      content: inOrder(content).map(({ text, type, ...more }) =>
        type === "refusal" ? { type, refusal: text } : { type, text, ...more }
      )
    }),
  ...(summary.size === 0 ? {} : { summary: inOrder(summary).map((text) => ({ type: "summary_text", text })) })
})

const texts = [
  "output_text",
  "refusal",
  "reasoning_text",
  "reasoning_summary_text",
  "reasoning_summary_part",
  "output_item",
  "content_part",
  "output_text.annotation",
  "function_call_arguments",
  "mcp_call_arguments",
  "custom_tool_call_input",
  "code_interpreter_call_code",
  "shell_call_command",
  "shell_call_output_content",
  "apply_patch_call_operation_diff"
]

/** Events whose content the items and the end of the response have as well. */
const repeating = new RegExp(
  `^response\\.(?:created|queued|in_progress|(?:${texts.join("|").replaceAll(".", "\\.")})\\.(?:added|delta|done))$`
)

const ofTheEvent = ["type", "sequence_number", "item_id", "output_index", "obfuscation"]

/** What of an event has no place among the items: that of kinds nobody knows yet, and pictures on their way. */
const restOf = (type: string, event: Json): ReadonlyArray<Json> => {
  if (repeating.test(type)) return []
  const members = Object.entries(objectAt(event)).filter(([key, value]) => !ofTheEvent.includes(key) && value !== null)
  return members.length === 0 ? [] : [Object.fromEntries(members)]
}

const endings = new Set(["response.completed", "response.incomplete", "response.failed", "response.cancelled"])

/** A text is opened by the event that announces it; reasoning itself only by its first piece. */
const opensText = (type: string, event: Json): boolean =>
  type.endsWith("_part.added") && stringAt(at(event, "part"), "type") !== "reasoning_text"

/** How streams of responses end. */
export const responseStreams: StreamForm = {
  isLast: ({ json, name }) => [...endings, "error"].includes(stringAt(json, "type") ?? name ?? ""),
  ending: `data: {"type":"response.completed","response":{"status":"completed"}}\n\n`
}

/**
 * The events of a stream as the response they would have been, with what has no place in one as `rest`; an `error` event
 * as it came. Nothing where the stream ends before its last event, or has an event that is no JSON.
 */
export const foldResponseStream = (body: string): Json | undefined => {
  const begun = new Map<number, Growing>()
  const done = new Map<number, Json>()
  const moments = new Map<number, number>()
  const place = (index: number, moment: number) => moments.set(index, moments.get(index) ?? moment)
  const rest: Array<Json> = []
  let response: JsonObject = {}
  for (const [moment, { data, json, name }] of readServerSentEvents(body).entries()) {
    if (data === "[DONE]") continue
    if (json === undefined) return undefined
    const type = stringAt(json, "type") ?? name ?? ""
    const index = numberAt(json, "output_index") ?? 0
    if (type === "error") return { error: at(json, "error") ?? { ...objectAt(json), type: null } }
    response = { ...response, ...notNull(objectAt(json, "response")) }
    if (endings.has(type)) return { ...response, output: outputOf(response, begun, done, moments), rest }
    if (type === "response.output_item.added") {
      begun.set(index, announced(objectAt(json, "item")))
    } else if (type === "response.output_item.done") {
      done.set(index, at(json, "item") ?? null)
      place(index, moment)
    }
    if (opensText(type, json)) place(index, moment)
    const piece = pieces[type]
    if (piece !== undefined) {
      if (piece[0] !== "member") place(index, moment)
      const growing = begun.get(index) ?? announced({ type: kindOf(type), id: at(json, "item_id") ?? null })
      begun.set(index, growing)
      grow(growing, piece, json)
    }
    rest.push(...restOf(type, json))
  }
  return undefined
}

const notNull = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))

/**
 * Items as they were done, else as the end has them, else from their pieces. Where some came at the same time, each has its
 * place by what a caller can know then: what is said as it comes by its first piece, anything else by its end.
 */
const outputOf = (
  response: JsonObject,
  begun: ReadonlyMap<number, Growing>,
  done: ReadonlyMap<number, Json>,
  moments: ReadonlyMap<number, number>
): ReadonlyArray<Json> => {
  const items = new Map([...begun].map(([index, growing]) => [index, itemFrom(growing)]))
  const ids = new Set([...done.values()].map((item) => stringAt(item, "id")))
  listAt(response, "output").forEach((item, index) => {
    const id = stringAt(item, "id")
    if (id === undefined || !ids.has(id)) items.set(index, item)
  })
  for (const [index, item] of done) items.set(index, item)
  const moment = (index: number) => moments.get(index) ?? Infinity
  return [...items].toSorted(([left], [right]) =>
    moment(left) === moment(right) ? left - right : moment(left) - moment(right)
  ).map(([, item]) => item)
}
