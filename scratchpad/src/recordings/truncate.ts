import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { textDifference } from "./difference.ts"
import { brokenAnswer, type Expectation } from "./expectation/Expectation.ts"
import type { Heard } from "./heard.ts"
import type { observeParts } from "./observe.ts"
import type { RecordedExchange } from "./record.ts"
import { partsDifference } from "./same-parts.ts"
import { readServerSentEvents, type ServerSentEvent } from "./sse.ts"

/** What has to be known of an API's streams to cut them. */
export interface StreamForm {
  /** Whether an answer is whole, or failed, once the event has come. */
  readonly isLast: (event: ServerSentEvent) => boolean
  /** Events that end an answer, for reading what there was of one without its own. */
  readonly ending: string
}

/** A stream that breaks off after so many bytes. */
export interface Truncation {
  readonly name: string
  readonly bytes: Uint8Array
  /** What had come, as if it had ended there. */
  readonly arrived: Expectation
  /** Whether any event had. */
  readonly begun: boolean
}

/** The last event need not be whole. Its text may be cut inside a character. */
const arrivedText = (bytes: Uint8Array): string => {
  const text = new TextDecoder().decode(bytes)
  const last = readServerSentEvents(text).at(-1)
  return last !== undefined && last.json === undefined && last.data !== "[DONE]" ? text.slice(0, last.start) : text
}

/** Before the last event: after the first one, in front of the last, and at two places between. */
export const truncationsOf = (
  exchange: RecordedExchange,
  form: StreamForm,
  read: (exchange: RecordedExchange) => Expectation,
  seed: string
): Effect.Effect<ReadonlyArray<Truncation>> =>
  Effect.gen(function*() {
    const { body } = exchange.response
    const events = readServerSentEvents(body)
    const last = events.find(form.isLast)
    const before = last === undefined ? [] : events.filter((event) => event.end <= last.start)
    const [first] = before
    const bytes = new TextEncoder().encode(body)
    const end = new TextEncoder().encode(last === undefined ? body : body.slice(0, last.start)).length
    const between = (least: number, most: number) =>
      most <= least ? Effect.succeed(least) : Random.nextIntBetween(least, most)
    const lengthTo = (event: ServerSentEvent | undefined) =>
      new TextEncoder().encode(body.slice(0, event?.end ?? 0)).length
    const [anywhere, boundary] = [yield* between(1, end), before[yield* between(0, before.length)] ?? first]
    const places = new Set([lengthTo(first), lengthTo(boundary), anywhere, last === undefined ? 0 : end])
    return [...places].filter((place) => place > 0 && place < bytes.length).map((place) => {
      const text = arrivedText(bytes.subarray(0, place))
      const arrived = { ...exchange, response: { ...exchange.response, body: `${text}\n\n${form.ending}` } }
      return {
        name: `cut after ${place} of ${bytes.length} bytes`,
        bytes: bytes.subarray(0, place),
        arrived: read(arrived),
        begun: readServerSentEvents(text).length > 0
      }
    })
  }).pipe(Random.withSeed(seed))

/** A stream that breaks off is an error, which carries what had come. `whole` is the same stream to its end. */
export const compareTruncated = (
  { arrived, begun }: Truncation,
  whole: Heard,
  observed: Heard
): ReadonlyArray<string> => {
  if (observed.kind !== "error") return [`expected an error, got ${observed.kind}`]
  const kind = ProviderError.kindOf(observed.error)
  const reasons: ReadonlyArray<string> = brokenAnswer.reasons
  const right = begun ? kind === "StreamInterrupted" : reasons.includes(observed.error.reason._tag)
  return [
    ...(right ? [] : [`expected a stream that was interrupted, got ${kind}: ${observed.error.message}`]),
    ...(!("parts" in whole) ? [] : partsDifference(whole.parts, observed.parts, true)),
    ...comparePartial(arrived, observed.error)
  ]
}

const comparePartial = (
  arrived: Expectation,
  error: Parameters<typeof ProviderError.partial>[0]
): ReadonlyArray<string> => {
  if (arrived.kind !== "answer") return []
  // Parts of plain answers, encoded: texts, reasoning and calls are what they are in either form.
  const parts = (ProviderError.partial(error)?.parts ?? []) as unknown as Parameters<typeof observeParts>[0]
  const texts = (type: "text" | "reasoning") =>
    parts.map((part) => part.type === type && "text" in part ? part.text : "").join("")
  return [
    ...textDifference("text that had come", arrived.text, texts("text")),
    ...textDifference(
      "reasoning that had come",
      arrived.reasoning.replace(/\s+/g, ""),
      texts("reasoning").replace(/\s+/g, "")
    )
  ]
}
