/** Ids of tool calls from other servers, in a form this one takes. */
import type { Quirks } from "./quirks.ts"

/**
 * The ids of one request. The same id always gives the same one, so that a result finds its call; two ids never give
 * the same one.
 */
export class ToolCallIds {
  readonly #rule: Quirks["toolCallIds"]
  readonly #known = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(rule: Quirks["toolCallIds"]) {
    this.#rule = rule
  }

  encode(id: string): string {
    const rule = this.#rule
    if (rule === undefined) return id
    const before = this.#known.get(id)
    if (before !== undefined) return before
    let out = rule.pattern.test(id) ? id : digest(id, 0).slice(-rule.length)
    for (let seed = 1; this.#taken.has(out); seed++) out = digest(id, seed).slice(-rule.length)
    this.#known.set(id, out)
    this.#taken.add(out)
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
