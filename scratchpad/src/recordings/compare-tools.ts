import type { Asked } from "./Asked.ts"
import { show, valueDifference } from "./difference.ts"
import type { AnswerExpectation, ExpectedToolCall, HostedCall } from "./expectation/Expectation.ts"
import { sameJson, stringLeaves } from "./json.ts"
import type { ObservedAnswer, ObservedToolCall } from "./observe.ts"

const sameArguments = (expected: ExpectedToolCall, observed: ObservedToolCall): boolean => {
  switch (expected.arguments.kind) {
    case "json":
      return sameJson(expected.arguments.value, observed.params)
    case "text":
    case "broken": {
      const { text } = expected.arguments
      return stringLeaves(observed.params).some((leaf) => leaf === text)
    }
  }
}

const argumentsOf = (call: ExpectedToolCall): unknown =>
  call.arguments.kind === "json" ? call.arguments.value : call.arguments.text

const compareCall = (expected: ExpectedToolCall, observed: ObservedToolCall): ReadonlyArray<string> => [
  ...(expected.id === undefined ? [] : valueDifference("tool call id", expected.id, observed.id)),
  ...valueDifference("tool name", expected.name, observed.name),
  ...(sameArguments(expected, observed)
    ? []
    : [`arguments of ${expected.name}: expected ${show(argumentsOf(expected))}, got ${show(observed.params)}`])
]

/** Arguments that never became JSON may leave no call; then their text must be somewhere. */
const compareAbsent = (call: ExpectedToolCall, observed: ObservedAnswer): ReadonlyArray<string> => {
  const { arguments: args } = call
  const kept = args.kind === "broken" && observed.leaves.some((leaf) => leaf.includes(args.text))
  return kept ? [] : [`no tool call ${call.id ?? ""} of ${call.name}(${show(argumentsOf(call))})`]
}

const compareHosted = (
  call: HostedCall,
  observed: ObservedAnswer,
  declared: ReadonlySet<string>
): ReadonlyArray<string> => {
  const came = observed.toolCalls.find((part) => call.ids.includes(part.id))
  if (came === undefined) {
    if (declared.has(call.type) && !observed.approvals.some((id) => call.ids.includes(id))) {
      return [`${call.type} ${call.ids[0]} is no tool call although its tool is declared`]
    }
    return call.ids.some((id) => observed.leaves.some((leaf) => leaf.includes(id)))
      ? []
      : [`lost: ${call.type} ${call.ids.join(" ")}`]
  }
  const result = observed.toolResults.some((part) => call.ids.includes(part.id) && part.providerExecuted)
  return [
    ...(call.ranAt === "vendor"
      ? valueDifference(`providerExecuted of ${call.type}`, true, came.providerExecuted)
      : []),
    ...(call.hasResult && !result ? [`${call.type} ${call.ids[0]} has no result part`] : []),
    ...(call.input === undefined || containsJson(came.params, call.input)
      ? []
      : [`input of ${call.type}: expected ${show(call.input)}, got ${show(came.params)}`])
  ]
}

/** Every member of `part` is in `whole`, or in something inside it; a provider may add to what the model wrote. */
const containsJson = (whole: unknown, part: unknown): boolean => {
  if (sameJson(whole, part)) return true
  if (typeof whole !== "object" || whole === null) return false
  const members = new Map<string, unknown>(Object.entries(whole))
  const wanted = typeof part === "object" && part !== null && !Array.isArray(part) ? Object.entries(part) : []
  if (wanted.length > 0 && wanted.every(([key, value]) => sameJson(members.get(key), value))) return true
  return [...members.values()].some((member) => containsJson(member, part))
}

/** The calls left to the caller in their order, and those of the vendor's own tools by their ids. */
export const compareToolCalls = (
  expected: AnswerExpectation,
  observed: ObservedAnswer,
  { customName, declared }: Asked
): ReadonlyArray<string> => {
  const hostedIds = new Set(expected.hosted.flatMap((call) => call.ids))
  const left = observed.toolCalls.filter((call) => !hostedIds.has(call.id))
  const lines: Array<string> = []
  for (const called of expected.toolCalls) {
    const call = { ...called, name: customName(called.name) }
    const place = left.findIndex((part) => call.id === undefined ? part.name === call.name : part.id === call.id)
    const [came] = place < 0 ? [] : left.splice(place, 1)
    lines.push(...(came === undefined ? compareAbsent(call, observed) : compareCall(call, came)))
  }
  for (const call of left) {
    // A provider may surface an item this reader only wants kept, as a call it made itself.
    if (!call.providerExecuted) lines.push(`a tool call nobody made: ${call.id} ${call.name}(${show(call.params)})`)
  }
  const order = observed.toolCalls.map((call) => call.id).filter((id) =>
    expected.toolCalls.some((call) => call.id === id)
  )
  const wanted = expected.toolCalls.map((call) => call.id).filter((id) => id !== undefined && order.includes(id))
  if (!sameJson(order, wanted)) lines.push(`tool calls are out of order: expected ${show(wanted)}, got ${show(order)}`)
  return [...lines, ...expected.hosted.flatMap((call) => compareHosted(call, observed, declared))]
}
