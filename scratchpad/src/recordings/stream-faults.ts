import type * as Response from "effect/ai/Response"
import { parseJson, sameJson } from "./json.ts"

const blocks: Readonly<Record<string, readonly [block: string, edge: "start" | "delta" | "end"]>> = {
  "text-start": ["text", "start"],
  "text-delta": ["text", "delta"],
  "text-end": ["text", "end"],
  "reasoning-start": ["reasoning", "start"],
  "reasoning-delta": ["reasoning", "delta"],
  "reasoning-end": ["reasoning", "end"],
  "tool-params-start": ["tool-params", "start"],
  "tool-params-delta": ["tool-params", "delta"],
  "tool-params-end": ["tool-params", "end"]
}

/**
 * What breaks the grammar of parts, whatever the vendor said: a delta or end without a start, a start without an end, not
 * exactly one finish, a finish that is not last, a tool call that is not what its deltas said, two calls with one id.
 */
export const streamFaults = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const open = new Set<string>()
  const params = new Map<string, string>()
  const called = new Set<string>()
  for (const part of parts) {
    const [block, edge] = blocks[part.type] ?? []
    if (block !== undefined && "id" in part) {
      const key = `${block} ${part.id}`
      if (edge === "start" && open.has(key)) faults.push(`${key} starts twice`)
      if (edge !== "start" && !open.has(key)) faults.push(`${part.type} without a start: ${part.id}`)
      if (edge === "start") open.add(key)
      if (edge === "end") open.delete(key)
    }
    if (part.type === "tool-params-delta") params.set(part.id, (params.get(part.id) ?? "") + part.delta)
    if (part.type === "tool-call") {
      if (called.has(part.id)) faults.push(`two tool calls have the id ${part.id}`)
      called.add(part.id)
      const written = params.get(part.id)
      const value = written === undefined ? undefined : parseJson(written)
      if (value !== undefined && typeof part.params !== "string" && !sameJson(value, part.params)) {
        faults.push(`tool call ${part.id} is not what its deltas say: ${written}`)
      }
    }
  }
  for (const key of open) faults.push(`${key} has no end`)
  const finishes = parts.filter((part) => part.type === "finish").length
  if (finishes !== 1) faults.push(`${finishes} finish parts in place of one`)
  else if (parts.at(-1)?.type !== "finish") faults.push(`the last part is ${parts.at(-1)?.type}, not finish`)
  return faults
}
