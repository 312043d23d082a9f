import type { Asked } from "./Asked.ts"
import { compareHosted } from "./compare-hosted.ts"
import { show, valueDifference } from "./difference.ts"
import type { AnswerExpectation, ExpectedToolCall } from "./expectation/Expectation.ts"
import { sameJson } from "./json.ts"
import type { ObservedAnswer, ObservedToolCall } from "./observe.ts"

const sameArguments = (expected: ExpectedToolCall, observed: ObservedToolCall): boolean =>
  expected.arguments.kind === "json"
    ? sameJson(expected.arguments.value, observed.params)
    : observed.params === expected.arguments.text

const argumentsOf = (call: ExpectedToolCall): unknown =>
  call.arguments.kind === "json" ? call.arguments.value : call.arguments.text

const compareCall = (expected: ExpectedToolCall, observed: ObservedToolCall): ReadonlyArray<string> => [
  ...(expected.id === undefined ? [] : valueDifference("tool call id", expected.id, observed.id)),
  ...valueDifference("tool name", expected.name, observed.name),
  ...valueDifference(`providerExecuted of ${expected.name}`, false, observed.providerExecuted),
  ...(sameArguments(expected, observed)
    ? []
    : [`arguments of ${expected.name}: expected ${show(argumentsOf(expected))}, got ${show(observed.params)}`])
]

/** Arguments that never became JSON may leave no call; then their text must be somewhere. */
const compareAbsent = (call: ExpectedToolCall, observed: ObservedAnswer): ReadonlyArray<string> => {
  const { arguments: args } = call
  const kept = args.kind === "broken" && observed.leaves.hasText(args.text)
  return kept ? [] : [`no tool call ${call.id ?? ""} of ${call.name}(${show(argumentsOf(call))})`]
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
