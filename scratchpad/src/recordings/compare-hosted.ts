import { show, valueDifference } from "./difference.ts"
import type { HostedCall } from "./expectation/Expectation.ts"
import { sameJson } from "./json.ts"
import { LeafIndex } from "./leaves.ts"
import { lostLines } from "./lost.ts"
import type { ObservedAnswer, ObservedToolCall } from "./observe.ts"

/** Every member of `part` is in `whole`, or in something inside it; a provider may add to what the model wrote. */
const containsJson = (whole: unknown, part: unknown): boolean => {
  if (sameJson(whole, part)) return true
  if (typeof whole !== "object" || whole === null) return false
  const members = new Map<string, unknown>(Object.entries(whole))
  const wanted = typeof part === "object" && part !== null && !Array.isArray(part) ? Object.entries(part) : []
  if (wanted.length > 0 && wanted.every(([key, value]) => sameJson(members.get(key), value))) return true
  return [...members.values()].some((member) => containsJson(member, part))
}

/** A call whose tool nobody declared is no part, but is told of. */
const compareUndeclared = (
  call: HostedCall,
  observed: ObservedAnswer,
  names: ReadonlyArray<string> | undefined
): ReadonlyArray<string> => {
  if (names !== undefined && !observed.approvals.some((id) => call.ids.includes(id))) {
    return [`${call.type} ${call.ids[0]} is no tool call although its tool is declared`]
  }
  return call.ids.length === 0 || call.ids.some((id) => observed.leaves.hasText(id))
    ? []
    : [`lost: ${call.type} ${call.ids.join(" ")}`]
}

const compareResult = (call: HostedCall, came: ObservedToolCall, observed: ObservedAnswer): ReadonlyArray<string> => {
  if (!call.hasResult) return []
  const result = observed.toolResults.find((part) => [...call.ids, came.id].includes(part.id) && part.providerExecuted)
  if (result === undefined) return [`${call.type} ${came.id} has no result part`]
  return [
    ...valueDifference(`name of the result of ${call.type}`, came.name, result.name),
    ...(call.failed === undefined ? [] : valueDifference(`failure of ${call.type}`, call.failed, result.isFailure)),
    ...lostLines(call.output ?? null, new LeafIndex().add(result.result), { spared: [], takenApart: [] })
      .map((line) => `result of ${call.type}: ${line}`)
  ]
}

/** A call that has no id is known by what it was asked. */
const isOf = (call: HostedCall, part: ObservedToolCall): boolean =>
  part.providerExecuted && containsJson(part.params, call.input)

/** A call of one of the vendor's own tools: by its id, where it ran, with what it was asked and what came of it. */
export const compareHosted = (
  call: HostedCall,
  observed: ObservedAnswer,
  declared: ReadonlyMap<string, ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const names = declared.get(call.type)
  const came = observed.toolCalls.find((part) => call.ids.length === 0 ? isOf(call, part) : call.ids.includes(part.id))
  if (came === undefined) return compareUndeclared(call, observed, names)
  return [
    ...(names?.includes(came.name) === false
      ? [`${call.type} is a call of ${came.name}, not of ${names.join(" or ")}`]
      : []),
    ...valueDifference(`providerExecuted of ${call.type}`, call.ranAt === "vendor", came.providerExecuted),
    ...(call.input === undefined || containsJson(came.params, call.input)
      ? []
      : [`input of ${call.type}: expected ${show(call.input)}, got ${show(came.params)}`]),
    ...compareResult(call, came, observed)
  ]
}
