/** Streams that break, and what is wrong inside them. */
import { Faults } from "@llm-layers/testing"
import { pipe, Redacted } from "effect"
import { secret } from "../call.ts"
import type { Case, Fails, Fault, Target } from "../Fault.ts"
import type { Failed } from "../Wire.ts"
import {
  connectionFailed,
  events,
  eventsBefore,
  eventStream,
  interrupted,
  invalidResponse,
  text,
  textIn,
  upTo
} from "./answers.ts"

/** After every event but the last, in each way to end. */
const cutBetweenEvents = (target: Target): ReadonlyArray<Case> => {
  const before = eventsBefore(target)
  return (["complete", "cut", "reset"] as const).flatMap((end) =>
    before.map((_, index): Case => {
      const body = before.slice(0, index + 1)
      return {
        variant: `${end} after event ${index + 1}`,
        plans: [{ headers: eventStream, body, end }],
        expected: interrupted(textIn(body)),
        // A reset may overtake what was sent before it, the head included.
        or: end === "reset"
          ? [connectionFailed, interrupted({ startOf: textIn(body) })]
          : []
      }
    })
  )
}

const cutInsideAnEvent = (target: Target): ReadonlyArray<Case> => {
  const body = events(target).join("")
  const at = new TextEncoder().encode(body.slice(0, body.indexOf("lo ") + 1)).length
  return (["complete", "cut"] as const).map((end): Case => ({
    variant: `${end} inside an event`,
    plans: [{ headers: eventStream, body: [body], bytes: at, end }],
    expected: interrupted("Hel")
  }))
}

/** A stream with something put in after its first delta. */
const withPiece = (target: Target, ...pieces: ReadonlyArray<string>) => {
  const all = events(target)
  const at = upTo(target, 1)
  return { headers: eventStream, body: [...all.slice(0, at), ...pieces, ...all.slice(at)] }
}

const failed = (kind: Fails["kind"], tag: Fails["tag"]): Fails => ({
  _tag: "Fails",
  kind,
  tag,
  retryable: true,
  keeps: ["It broke"],
  given: "Hello ",
  partial: "Hello "
})

const errorEvent = (target: Target, what: Omit<Failed, "message">, expected: Fails): Case => ({
  variant: what.code ?? what.type,
  plans: [{
    headers: eventStream,
    body: [
      ...eventsBefore(target).slice(0, upTo(target, 2)),
      target.wire.errorEvent({ ...what, message: `It broke (${secret})` }),
      "data: {}\n\n"
    ]
  }],
  expected
})

export const streams: ReadonlyArray<Fault> = [
  {
    name: "stream cut before its last event",
    ways: ["streamText"],
    cases: (target) => [...cutBetweenEvents(target), ...cutInsideAnEvent(target)]
  },
  {
    name: "stream under generateText, cut",
    ways: ["generateText"],
    cases: (target) => {
      const { generateOverStream: layer, model } = target.wire
      if (layer === undefined) return "generateText never goes over a stream"
      return [{
        plans: [{ headers: eventStream, body: eventsBefore(target).slice(0, -2), end: "cut" }],
        ask: { layer: (baseUrl) => layer(model, { apiKey: Redacted.make(secret), baseUrl }) },
        expected: { ...interrupted(text), given: undefined }
      }]
    }
  },
  {
    name: "error event inside a stream",
    ways: ["streamText"],
    cases: (target) => {
      const { overloaded, "rate limit": limit, "server error": server = {} } = target.wire.errorEvents
      const internal = failed("ProviderFailed", "InternalProviderError")
      const busy = failed("Overloaded", "InternalProviderError")
      return [
        ...(overloaded === undefined ? [] : [errorEvent(target, overloaded, busy)]),
        ...(limit === undefined ? [] : [errorEvent(target, limit, failed("RateLimited", "RateLimitError"))]),
        errorEvent(target, server, internal),
        errorEvent(target, { type: "never_heard_of" }, failed("ProviderFailed", "InternalProviderError")),
        {
          variant: "before anything else",
          plans: [{
            headers: eventStream,
            body: [target.wire.errorEvent({ ...overloaded ?? server, message: "It broke" })]
          }],
          expected: { ...(overloaded === undefined ? internal : busy), given: undefined, partial: undefined }
        }
      ]
    }
  },
  {
    name: "event that is not JSON",
    ways: ["streamText"],
    cases: (target) => {
      const expected = { ...invalidResponse, given: "Hel", partial: "Hel" }
      const inside = events(target).join("")
      const at = new TextEncoder().encode(inside.slice(0, inside.indexOf("lo "))).length
      return [
        { plans: [withPiece(target, `data: {"oops": ${secret}\n\n`)], expected },
        {
          variant: "garbage inside an event",
          plans: [pipe({ headers: eventStream, body: [inside] }, Faults.garbage({ at }))],
          expected
        }
      ]
    }
  },
  {
    name: "event larger than the limit",
    ways: ["streamText"],
    cases: (target) => [{
      plans: [withPiece(target, `data: {"text":"${"x".repeat(20_000)}"}\n\n`)],
      ask: { client: { maxEventBytes: 10_000 } },
      expected: {
        ...invalidResponse,
        kind: "EventTooLarge",
        says: ["larger than 10000 bytes"],
        given: "Hel",
        partial: "Hel"
      }
    }]
  }
]
