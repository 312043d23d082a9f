import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import type { StreamForm } from "../truncate.ts"

/** How streams of the chat API end. */
export const chatStreams: StreamForm = {
  isLast: ({ json, name }) => (stringAt(json, "type") ?? name) === "message-end",
  ending: `data: {"type":"message-end","delta":{"finish_reason":"COMPLETE"}}\n\n`
}

interface Growing {
  readonly contents: Map<number, { readonly type: string; text: string }>
  readonly calls: Map<number, { readonly id: string; readonly name: string; arguments: string }>
  readonly citations: Array<Json>
  readonly logprobs: Array<Json>
  readonly events: Array<Json>
  plan: string
}

const growing = (): Growing => ({
  contents: new Map(),
  calls: new Map(),
  citations: [],
  logprobs: [],
  events: [],
  plan: ""
})

const textOf = (content: Json | undefined): string => stringAt(content, "text") ?? stringAt(content, "thinking") ?? ""

/** Content begins with its start or, where that is missing, with its first piece. */
const growContent = (grown: Growing, index: number, content: Json | undefined): void => {
  const type = stringAt(content, "thinking") === undefined ? "text" : "thinking"
  const open = grown.contents.get(index) ?? { type: stringAt(content, "type") ?? type, text: "" }
  open.text += textOf(content)
  grown.contents.set(index, open)
}

const growCall = (grown: Growing, index: number, call: Json | undefined): void => {
  const open = grown.calls.get(index) ?? {
    id: stringAt(call, "id") ?? "",
    name: stringAt(call, "function", "name") ?? "",
    arguments: ""
  }
  open.arguments += stringAt(call, "function", "arguments") ?? ""
  grown.calls.set(index, open)
}

const messageOf = ({ calls, citations, contents, plan }: Growing): JsonObject => ({
  content: [...contents.values()].map(({ text, type }) => ({ type, [type]: text })),
  ...(plan === "" ? {} : { tool_plan: plan }),
  tool_calls: [...calls.values()].map(({ id, ...called }) => ({ id, function: called })),
  citations
})

/**
 * The events of a stream, up to its `message-end`, as the answer they would have been, with events that have no place in
 * one as `events`. Nothing where the stream ends before that.
 */
export const foldChatStream = (body: string): Json | undefined => {
  const grown = growing()
  let id: string | undefined
  for (const { data, json, name } of readServerSentEvents(body)) {
    if (data === "[DONE]") continue
    if (json === undefined) return undefined
    const index = numberAt(json, "index") ?? 0
    const message = at(json, "delta", "message")
    switch (stringAt(json, "type") ?? name) {
      case "message-start":
        id = stringAt(json, "id")
        break
      case "content-start":
        growContent(grown, index, at(message, "content"))
        break
      case "content-delta": {
        growContent(grown, index, at(message, "content"))
        const logprobs = at(json, "logprobs")
        if (logprobs !== undefined && logprobs !== null) grown.logprobs.push(logprobs)
        break
      }
      case "tool-plan-delta":
        grown.plan += stringAt(message, "tool_plan") ?? ""
        break
      case "tool-call-start":
      case "tool-call-delta":
        growCall(grown, index, at(message, "tool_calls"))
        break
      case "citation-start": {
        const citations = at(message, "citations")
        grown.citations.push(...(Array.isArray(citations) ? listAt(message, "citations") : [citations ?? null]))
        break
      }
      case "content-end":
      case "tool-call-end":
      case "citation-end":
        break
      case "message-end": {
        const { events, logprobs } = grown
        return {
          ...(id === undefined ? {} : { id }),
          message: messageOf(grown),
          ...objectAt(json, "delta"),
          ...(logprobs.length === 0 ? {} : { logprobs }),
          ...(events.length === 0 ? {} : { events })
        }
      }
      default:
        grown.events.push(json)
    }
  }
  return undefined
}
