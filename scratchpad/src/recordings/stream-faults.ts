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

/** A call as it was announced, with its arguments as they came. */
interface Announced {
  readonly start: Response.ToolParamsStartPart
  written: string
}

/** Arguments for a server of the vendor's that are no JSON stay the text they are, among what the provider adds to them. */
const isBrokenInside = (written: string, params: unknown): boolean => {
  const text = typeof params === "object" && params !== null && "arguments" in params ? params.arguments : undefined
  return typeof text === "string" && parseJson(written) === undefined && written.includes(text)
}

/** Free text is the text itself; no arguments at all are an empty object. */
const isWritten = (written: string, params: unknown): boolean =>
  typeof params === "string"
    ? written === params
    : sameJson(written.trim() === "" ? {} : parseJson(written), params) || isBrokenInside(written, params)

const compareAnnounced = (
  { start, written }: Announced,
  call: Response.AnyPart & { type: "tool-call" }
): ReadonlyArray<string> => [
  ...(isWritten(written, call.params) ? [] : [`tool call ${call.id} is not what its deltas say: ${written}`]),
  ...(start.name === call.name && start.providerExecuted === call.providerExecuted
    ? []
    : [`tool call ${call.id} is of ${call.name}, and was announced as of ${start.name}`])
]

/**
 * What breaks the grammar of parts, whatever the vendor said: a delta or end without a start, a start without an end, an
 * id in use twice, not exactly one finish, a finish that is not last, a tool call that is not what its deltas said.
 */
export const streamFaults = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const open = new Set<string>()
  const begun = new Set<string>()
  const announced = new Map<string, Announced>()
  const called = new Set<string>()
  for (const part of parts) {
    const [block, edge] = blocks[part.type] ?? []
    if (block !== undefined && "id" in part) {
      const key = `${block} ${part.id}`
      if (edge === "start" && begun.has(key)) faults.push(`${key} starts twice`)
      if (edge !== "start" && !open.has(key)) faults.push(`${part.type} without a start: ${part.id}`)
      if (edge === "start") open.add(key)
      begun.add(key)
      if (edge === "end") open.delete(key)
    }
    if (part.type === "tool-params-start") announced.set(part.id, { start: part, written: "" })
    const one = "id" in part && part.id !== undefined ? announced.get(part.id) : undefined
    if (part.type === "tool-params-delta" && one !== undefined) one.written += part.delta
    if (part.type === "tool-call") {
      if (called.has(part.id)) faults.push(`two tool calls have the id ${part.id}`)
      called.add(part.id)
      if (one !== undefined) faults.push(...compareAnnounced(one, part))
    }
  }
  for (const key of open) faults.push(`${key} has no end`)
  for (const id of announced.keys()) if (!called.has(id)) faults.push(`${id} was announced and is no tool call`)
  const finishes = parts.filter((part) => part.type === "finish").length
  if (finishes !== 1) faults.push(`${finishes} finish parts in place of one`)
  else if (parts.at(-1)?.type !== "finish") faults.push(`the last part is ${parts.at(-1)?.type}, not finish`)
  return faults
}
