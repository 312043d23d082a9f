/**
 * A prompt without its oldest messages, for those that do not fit into a model.
 */
import * as Prompt from "effect/ai/Prompt"
import * as TokenEstimate from "./TokenEstimate.ts"

/** A prompt that was trimmed, and how much is missing. */
export interface Trimmed {
  readonly prompt: Prompt.Prompt
  /** How many messages were left out. */
  readonly messages: number
  /** The tokens of those. */
  readonly tokens: number
}

/**
 * Takes at least so many tokens away, the oldest messages first; `undefined` where that cannot be.
 *
 * System messages stay, and so do the last user message and what comes last, which is what is to be answered. A message
 * of the assistant goes together with the results of its calls. What is left begins with the user, where it did: some
 * vendors take nothing else. Default of `tokensOf`: `TokenEstimate.ofMessage`.
 *
 * @example
 * ```ts
 * import * as PromptTrim from "@llm-layers/core/PromptTrim"
 * import { Prompt } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const prompt = Prompt.make([
 *   { role: "system", content: "Be brief" },
 *   { role: "user", content: "Say a word" },
 *   { role: "assistant", content: "Word" },
 *   { role: "user", content: "And another" }
 * ])
 * const trimmed = PromptTrim.trim(prompt, 5)
 * deepStrictEqual(trimmed?.prompt.content.map(({ role }) => role), ["system", "user"])
 * ```
 */
export const trim = (
  prompt: Prompt.Prompt,
  excess: number,
  tokensOf: (message: Prompt.Message) => number = TokenEstimate.ofMessage
): Trimmed | undefined => {
  const messages = prompt.content
  const isUser = ([first = -1]: Unit): boolean => messages[first]?.role === "user"
  const units = unitsOf(messages)
  const lastUser = units.findLast(isUser)
  const last = units.at(-1)
  const removed = new Set<number>()
  let tokens = 0
  let kept = false
  for (const unit of units) {
    const begins = removed.size === 0 || lastUser === undefined || kept || isUser(unit)
    if (tokens >= excess && begins) break
    if (unit === lastUser) kept = true
    if (unit === lastUser || unit === last) continue
    for (const at of unit) {
      removed.add(at)
      const message = messages[at]
      if (message !== undefined) tokens += tokensOf(message)
    }
  }
  if (tokens < excess) return undefined
  const left = messages.filter((_, at) => !removed.has(at))
  return { prompt: Prompt.fromMessages(left), messages: removed.size, tokens }
}

/** Where the messages are that go together. The same message may be said twice. */
type Unit = ReadonlyArray<number>

/** The messages without those of the system: each alone, or with the results of its calls, wherever they are. */
const unitsOf = (messages: ReadonlyArray<Prompt.Message>): ReadonlyArray<Unit> => {
  const units: Array<Array<number>> = []
  const callers = new Map<string, Array<number>>()
  messages.forEach((message, at) => {
    if (message.role === "system") return
    const ids = message.role === "user" ? [] : message.content.flatMap(idOf)
    const unit = message.role === "tool" ? joined(units, callers, ids) ?? units.at(-1) ?? begin(units) : begin(units)
    unit.push(at)
    for (const id of ids) callers.set(id, unit)
  })
  return units.filter((unit) => unit.length > 0)
}

const begin = (units: Array<Array<number>>): Array<number> => {
  const unit: Array<number> = []
  units.push(unit)
  return unit
}

/** What ties a result to its call, and an approval to what it approves. */
const idOf = (part: Prompt.Part): ReadonlyArray<string> => {
  switch (part.type) {
    case "tool-call":
    case "tool-result":
      return [`call ${part.id}`]
    case "tool-approval-request":
      return [`approval ${part.approvalId}`, `call ${part.toolCallId}`]
    case "tool-approval-response":
      return [`approval ${part.approvalId}`]
    default:
      return []
  }
}

/** The unit of the calls; where they are of several units, all of these in one. */
const joined = (
  units: ReadonlyArray<Array<number>>,
  callers: Map<string, Array<number>>,
  ids: ReadonlyArray<string>
): Array<number> | undefined => {
  const all = new Set(ids.map((id) => callers.get(id)))
  const found = units.filter((unit) => all.has(unit))
  const [first, ...others] = found
  if (first === undefined) return undefined
  for (const other of others) {
    first.push(...other.splice(0))
    for (const [id, unit] of callers) if (unit === other) callers.set(id, first)
  }
  return first
}
