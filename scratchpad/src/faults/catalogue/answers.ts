/** Answers without a fault, and what they must become. */
import type { LoopbackServer } from "@llm-layers/testing"
import type { Fails, StartOf, Succeeds, Target } from "../Fault.ts"
import type { Said } from "../Wire.ts"

export const eventStream = { "content-type": "text/event-stream; charset=utf-8" }

export const deltas = ["Hel", "lo ", "🙂!"]

/** A text in three deltas. */
export const said: Said = { deltas }

/** The whole of it. */
export const text = deltas.join("")

/** The answer, as the way of asking wants it. */
export const whole = ({ way, wire }: Target, what: Said = said): LoopbackServer.Answer =>
  way === "generateText"
    ? { body: wire.answer(what) }
    : { headers: eventStream, body: events({ wire }, what) }

export const events = ({ wire }: Pick<Target, "wire">, what: Said = said): ReadonlyArray<string> => {
  const { before, terminal } = wire.stream(what)
  return [...before, ...terminal]
}

/** The events of the text that come before its last: without them the stream was cut. */
export const eventsBefore = ({ wire }: Pick<Target, "wire">): ReadonlyArray<string> => wire.stream(said).before

/** How many events of the text there are up to a delta, itself included; deltas are counted from 1. */
export const upTo = (target: Pick<Target, "wire">, delta: number): number => {
  const places = eventsBefore(target).flatMap((event, index) => hasDelta(event) ? [index] : [])
  return (places[delta - 1] ?? 0) + 1
}

/** The text in some events. */
export const textIn = (some: ReadonlyArray<string>): string => deltas.slice(0, some.filter(hasDelta).length).join("")

const hasDelta = (event: string): boolean => deltas.some((delta) => event.includes(`":${JSON.stringify(delta)}`))

/** The whole text, with its tokens. */
export const succeeds: Succeeds = {
  _tag: "Succeeds",
  text,
  parts: [{
    type: "finish",
    reason: "stop",
    usage: { inputTokens: { total: 5 }, outputTokens: { total: 7 } }
  }]
}

export const connectionFailed: Fails = {
  _tag: "Fails",
  kind: "ConnectionFailed",
  tag: "NetworkError",
  retryable: true
}

export const timedOut: Fails = { _tag: "Fails", kind: "TimedOut", tag: "InternalProviderError", retryable: true }

export const invalidResponse: Fails = {
  _tag: "Fails",
  kind: "InvalidResponse",
  tag: "InvalidResponseError",
  retryable: false
}

/** Of a stream, which keeps the text that came, and had given it out. */
export const interrupted = (came: string | StartOf): Fails => ({
  _tag: "Fails",
  kind: "StreamInterrupted",
  tag: "InternalProviderError",
  retryable: true,
  given: came,
  partial: came
})

/** Of a stream that ended before its first part. */
export const interruptedAtOnce: Fails = { ...interrupted(""), given: undefined }

/** Nothing was sent, because it cannot be asked. */
export const unsupported: Fails = {
  _tag: "Fails",
  kind: "Unsupported",
  tag: "InvalidRequestError",
  retryable: false,
  requests: 0
}
