import type * as Prompt from "effect/ai/Prompt"
import { type Json, parseJson } from "../json.ts"

/** A tool's result as `effect/ai` keeps it: the value, where the text a client sent is JSON. */
export const resultFrom = (text: string): Json => parseJson(text) ?? text

/** The messages of a conversation, where results of tools that follow each other belong to one message. */
export const joinToolMessages = (
  messages: ReadonlyArray<Prompt.MessageEncoded>
): ReadonlyArray<Prompt.MessageEncoded> => {
  const joined: Array<Prompt.MessageEncoded> = []
  for (const message of messages) {
    const last = joined.at(-1)
    if (message.role === "tool" && last?.role === "tool") {
      joined[joined.length - 1] = { ...last, content: [...last.content, ...message.content] }
    } else joined.push(message)
  }
  return joined
}
