/**
 * Ids of tool calls in a history that another vendor began, in a form this one takes. For those who write a provider.
 */

/** Which ids a vendor takes. */
export interface Rule {
  /** Those that stay as they are. */
  readonly pattern: RegExp
  /** How many letters and digits, up to 14, an id has that stands for another. */
  readonly length: number
}

/**
 * The ids of one request. The same id always gives the same one, in each request, so that a result finds its call and a
 * cache of prompts its prefix; two ids never give the same one. Without a rule, all ids stay as they are.
 *
 * @example
 * ```ts
 * import * as ToolCallIds from "@llm-layers/core/ToolCallIds"
 * import { match, strictEqual } from "node:assert"
 *
 * const encode = ToolCallIds.make({ pattern: /^[a-zA-Z0-9_-]{1,40}$/, length: 14 })
 * strictEqual(encode("call_1"), "call_1")
 * match(encode("functions.get_weather:0"), /^[a-z0-9]{14}$/)
 * ```
 */
export const make = (rule: Rule | undefined): (id: string) => string => {
  if (rule === undefined) return (id) => id
  const known = new Map<string, string>()
  const taken = new Set<string>()
  return (id) => {
    const before = known.get(id)
    if (before !== undefined) return before
    let out = rule.pattern.test(id) ? id : digest(id, 0).slice(-rule.length)
    for (let seed = 1; taken.has(out); seed++) out = digest(id, seed).slice(-rule.length)
    known.set(id, out)
    taken.add(out)
    return out
  }
}

/** Fourteen letters and digits. Two multiplicative hashes side by side; nothing secret depends on them. */
const digest = (text: string, seed: number): string => {
  let a = 0x811c9dc5 ^ seed
  let b = 0x9e3779b9 ^ Math.imul(seed + 1, 0x85ebca6b)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0xc2b2ae35)
    b ^= b >>> 13
  }
  return [a, b].map((half) => (half >>> 0).toString(36).padStart(7, "0")).join("")
}
