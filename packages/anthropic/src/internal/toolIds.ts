/** Ids of tool calls, which the API wants to match `^[a-zA-Z0-9_-]+$`; those of other providers may not. */
import type * as Prompt from "effect/ai/Prompt"
import * as Base64Url from "effect/encoding/Base64Url"

const accepted = /^[a-zA-Z0-9_-]+$/

/**
 * The id on the wire of each call of a prompt. What the API accepts stays; the rest becomes base64url of itself, the same
 * in every request, and is kept apart from the ids that stay.
 */
export const make = (prompt: Prompt.Prompt): (id: string) => string => {
  const taken = new Set<string>()
  for (const message of prompt.content) {
    if (typeof message.content === "string") continue
    for (const part of message.content) {
      if ((part.type === "tool-call" || part.type === "tool-result") && accepted.test(part.id)) taken.add(part.id)
    }
  }
  const known = new Map<string, string>()
  return (id) => {
    if (accepted.test(id)) return id
    const before = known.get(id)
    if (before !== undefined) return before
    let encoded = `id_${Base64Url.encode(id)}`
    while (taken.has(encoded)) encoded += "_"
    taken.add(encoded)
    known.set(id, encoded)
    return encoded
  }
}
