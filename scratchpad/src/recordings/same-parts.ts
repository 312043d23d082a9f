import type * as Response from "effect/ai/Response"
import { show } from "./difference.ts"
import type { Heard, HeardAnswer, HeardError } from "./heard.ts"

/** Ids a provider makes for calls that have none hold the time and number of the answer, or come from an `IdGenerator`. */
const madeId = /"(?:call_[0-9a-z]{1,8}_[0-9a-z]+|id_[0-9A-Za-z]{16})(?:_(\d+))?"/g

const shownBytes = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value

/** Where the answer came from. */
const addresses = /http:\/\/(?:127\.0\.0\.1:\d+\/\d+|recording\.invalid)/g

const placeless = (text: string): string => text.replace(addresses, "")

/** A part as a text, equal for parts that say the same. */
const comparable = (part: Response.AnyPart): string => JSON.stringify(part, shownBytes).replace(madeId, `"call $1"`)

/** Where the parts begin to differ; nothing if they do not. With `prefix` the second may stop early. */
export const partsDifference = (
  expected: ReadonlyArray<Response.AnyPart>,
  observed: ReadonlyArray<Response.AnyPart>,
  prefix = false
): ReadonlyArray<string> => {
  const [wanted, came] = [expected.map(comparable), observed.map(comparable)]
  const length = prefix ? came.length : Math.max(wanted.length, came.length)
  for (let place = 0; place < length; place++) {
    if (wanted[place] !== came[place]) {
      return [`part ${place}: expected ${show(wanted[place])}, got ${show(came[place])}`]
    }
  }
  return []
}

/** The same for whole outcomes. */
export const heardDifference = (expected: Heard, observed: Heard): ReadonlyArray<string> => {
  if (!hasParts(expected) || !hasParts(observed)) return []
  if (expected.kind !== observed.kind) {
    return [`expected ${describe(expected)}, got ${describe(observed)}`]
  }
  const error = expected.kind === "error" && observed.kind === "error"
    && (expected.error.reason._tag !== observed.error.reason._tag
      || placeless(expected.error.message) !== placeless(observed.error.message))
  return [
    ...(error ? [`expected ${describe(expected)}, got ${describe(observed)}`] : []),
    ...partsDifference(expected.parts, observed.parts)
  ]
}

/** Whether it may have come as a stream. */
const hasParts = (heard: Heard): heard is HeardAnswer | HeardError => "parts" in heard

const describe = (heard: Heard): string =>
  heard.kind === "error" ? `${heard.error.reason._tag}: ${show(heard.error.message)}` : heard.kind
