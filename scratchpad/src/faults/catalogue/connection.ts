/** Connections that are not made, break or are silent. */
import { Faults, LoopbackServer } from "@llm-layers/testing"
import { Effect, pipe } from "effect"
import type { Ask, Fault } from "../Fault.ts"
import { connectionFailed, eventsBefore, eventStream, succeeds, timedOut, upTo, whole } from "./answers.ts"

/** Long enough for an answer that is there, short enough to wait for one that is not. */
const impatient: Ask = { client: { timeout: "150 millis" } }

/** Its port is free again. */
const nobody = Effect.scoped(Effect.map(LoopbackServer.make([]), ({ url }) => url))

export const connection: ReadonlyArray<Fault> = [
  {
    name: "connection reset",
    cases: ({ way, wire }) => [{
      plans: ["reset"],
      expected: { ...connectionFailed, says: [way === "streamText" ? wire.streamPath ?? wire.path : wire.path] }
    }]
  },
  {
    name: "host that does not resolve",
    cases: () => [{
      address: "http://nonexistent.invalid",
      expected: { ...connectionFailed, says: ["nonexistent.invalid"], requests: 0 }
    }]
  },
  {
    name: "port on which nobody listens",
    cases: () => [{ address: nobody, expected: { ...connectionFailed, says: ["ECONNREFUSED"], requests: 0 } }]
  },
  {
    name: "answer that is not HTTP",
    cases: () => [{ plans: ["not-http"], expected: connectionFailed }]
  },
  {
    name: "server that never answers",
    cases: () => [{ plans: ["silence"], ask: impatient, expected: { ...timedOut, says: ["150ms"] } }]
  },
  {
    name: "server that stops in the middle of its answer",
    cases: (target) => [
      target.way === "generateText"
        ? { plans: [pipe(whole(target), Faults.silentAt(30))], ask: impatient, expected: timedOut }
        : {
          plans: [{ headers: eventStream, body: eventsBefore(target).slice(0, upTo(target, 2)), end: "silence" }],
          ask: impatient,
          expected: { ...timedOut, given: "Hello ", partial: "Hello " }
        }
    ]
  },
  {
    name: "slow server that is never silent for long",
    ways: ["streamText"],
    cases: (target) => [{ plans: [pipe(whole(target), Faults.paced("40 millis"))], ask: impatient, expected: succeeds }]
  },
  {
    name: "JSON cut short by the connection",
    ways: ["generateText"],
    cases: (target) =>
      [Faults.cutAt(40), Faults.resetAt(40)].map((fault) => ({
        plans: [fault(whole(target))],
        expected: connectionFailed
      }))
  },
  {
    name: "connection that breaks after the last event",
    ways: ["streamText"],
    cases: (target) => [{ plans: [{ ...whole(target), end: "cut" }], expected: succeeds }]
  },
  {
    name: "connection that stays open after the last event",
    ways: ["streamText"],
    // By the client's own patience of a second, long before its time limit.
    cases: (target) => [{ plans: [{ ...whole(target), end: "silence" }], expected: succeeds }]
  }
]
