import { type Json, numberAt } from "../json.ts"
import type { ExpectedUsage } from "./Expectation.ts"

const readUsage = (usage: Json | undefined, input: string, output: string): ExpectedUsage => {
  const inputTotal = numberAt(usage, `${input}_tokens`)
  const cacheRead = numberAt(usage, `${input}_tokens_details`, "cached_tokens")
  const cacheWrite = numberAt(usage, `${input}_tokens_details`, "cache_write_tokens")
  return {
    inputTotal,
    inputUncached: inputTotal === undefined ? undefined : inputTotal - (cacheRead ?? 0) - (cacheWrite ?? 0),
    cacheRead,
    cacheWrite,
    outputTotal: numberAt(usage, `${output}_tokens`),
    reasoning: numberAt(usage, `${output}_tokens_details`, "reasoning_tokens")
  }
}

/** `prompt_tokens` is the whole prompt, what was read from or written to the cache included. */
export const readChatUsage = (usage: Json | undefined): ExpectedUsage => readUsage(usage, "prompt", "completion")

/** `input_tokens` is the whole prompt, what was read from or written to the cache included. */
export const readResponsesUsage = (usage: Json | undefined): ExpectedUsage => readUsage(usage, "input", "output")
