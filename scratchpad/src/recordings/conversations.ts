import { show } from "./difference.ts"
import { at, type Json, objectAt, stringAt, stringLeaves } from "./json.ts"
import { LeafIndex } from "./leaves.ts"
import type { RecordedExchange } from "./record.ts"

/** A turn of a conversation, as recorded, with the request made here to go on from its answer. */
export interface Turn {
  readonly exchange: RecordedExchange
  /** All that was said, as JSON. */
  readonly answer: Json
  readonly next: Json | undefined
}

/** Members that are nothing to a caller and that the vendor wants back. */
const secretMembers = new Set([
  "call_id",
  "data",
  "encrypted_content",
  "encrypted_index",
  "fingerprint",
  "signature",
  "thoughtSignature",
  "tool_use_id"
])

/** Whose own ids the vendor does not need. */
const nameless = new Set(["message", "function_call", "custom_tool_call"])

/** The secrets of an answer: of its blocks, items or messages, not of what is said around them. */
const secretsOf = (answer: Json): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (value: Json | undefined): void => {
    if (typeof value !== "object" || value === null) return
    if (Array.isArray(value)) {
      value.forEach(visit)
      return
    }
    const id = nameless.has(stringAt(value, "type") ?? "") ? undefined : stringAt(value, "id")
    if (id !== undefined) found.add(id)
    for (const [key, child] of Object.entries(objectAt(value))) {
      if (typeof child === "string" && secretMembers.has(key)) found.add(child)
      else visit(child)
    }
  }
  for (const member of ["candidates", "content", "output", "choices"]) visit(at(answer, member))
  found.delete("")
  return found
}

/** What a recorded client gave back of the answer before, and the request made here does not. */
const forgotten = (turn: Turn, following: RecordedExchange): ReadonlyArray<string> => {
  if (turn.next === undefined) return []
  const secrets = secretsOf(turn.answer)
  const sent = new LeafIndex().add(turn.next)
  return stringLeaves(following.request?.body)
    .filter((text) => secrets.has(text) && !sent.hasText(text))
    .map((text) => `${turn.exchange.id} gave ${show(text)}, which the next request has not`)
}

/** For each turn that follows another in the same conversation: what its recorded request has and ours has not. */
export const compareConversations = (
  turns: ReadonlyArray<Turn>
): ReadonlyArray<{ readonly id: string; readonly lines: ReadonlyArray<string> }> =>
  turns.flatMap((turn) => {
    const { api, conversation, provider } = turn.exchange
    if (conversation === undefined) return []
    const later = turns.map((other) => other.exchange).filter((other) =>
      other.conversation === conversation && other.provider === provider && other.api === api
      && other.turn > turn.exchange.turn
    )
    return later.map((following) => ({ id: following.id, lines: forgotten(turn, following) }))
  })
