/** Answers with a good status that are none, or are cut up. */
import { Chunking, Faults } from "@llm-layers/testing"
import { pipe } from "effect"
import { secret } from "../call.ts"
import type { Case, Fault } from "../Fault.ts"
import { eventWithUnheard, withUnheard } from "../unheard.ts"
import { events, eventStream, interruptedAtOnce, invalidResponse, said, succeeds, whole } from "./answers.ts"

export const bodies: ReadonlyArray<Fault> = [
  {
    name: "unknown fields and events",
    cases: (target) => {
      const { way, wire } = target
      if (way === "generateText") return [{ plans: [{ body: withUnheard(wire.answer(said)) }], expected: succeeds }]
      const between = events(target).flatMap((event, index) => [
        ...(index === 0 ? [] : wire.unheard),
        eventWithUnheard(event)
      ])
      return [
        { variant: "between", plans: [{ headers: eventStream, body: between }], expected: succeeds },
        {
          variant: "before the first",
          plans: [{ headers: eventStream, body: [...wire.unheard, ...events(target)] }],
          expected: succeeds
        }
      ]
    }
  },
  {
    name: "reads of any size, any line end",
    cases: (target) =>
      ([
        ["1 byte", Faults.chunked(Chunking.every(1))],
        ["7 bytes", Faults.chunked(Chunking.every(7))],
        ["random", Faults.chunked(Chunking.random("faults"))],
        ["inside characters", Faults.chunked(Chunking.insideCharacters)],
        ["CRLF", Faults.lineEnds("\r\n")],
        ["CR", Faults.lineEnds("\r")]
      ] as const).map(([variant, fault]): Case => ({
        variant,
        plans: [pipe(whole(target), fault)],
        expected: succeeds
      }))
  },
  {
    name: "HTML page with a good status",
    cases: () => [{
      plans: [{
        headers: { "content-type": "text/html" },
        body: `<!DOCTYPE html>\n<html><body>Sign in, ${secret}</body></html>\n`
      }],
      expected: { ...invalidResponse, says: ["The answer is a page"] }
    }]
  },
  {
    name: "empty body",
    cases: ({ way }) => [
      way === "generateText"
        ? { plans: [{ body: "" }], expected: invalidResponse }
        : { plans: [{ headers: eventStream, body: "" }], expected: interruptedAtOnce }
    ]
  },
  {
    name: "garbage",
    cases: (target) => [{
      plans: [pipe(whole(target), Faults.garbage({ length: 256 }))],
      // Lines that are no field of an event are passed over; so ends a stream without events.
      expected: target.way === "generateText" ? invalidResponse : interruptedAtOnce
    }]
  },
  {
    name: "JSON error with a good status",
    cases: ({ wire: { error, errorEvents } }) => [{
      plans: [{ body: error({ ...errorEvents.overloaded ?? errorEvents["server error"], message: "Overloaded" }) }],
      expected: {
        _tag: "Fails",
        kind: errorEvents.overloaded === undefined ? "ProviderFailed" : "Overloaded",
        tag: "InternalProviderError",
        retryable: true,
        says: ["Overloaded"]
      }
    }]
  },
  {
    name: "JSON cut short",
    ways: ["generateText"],
    cases: ({ wire }) => {
      const body = wire.answer(said)
      return [1, Math.floor(body.length / 2), body.length - 1].map((length): Case => ({
        variant: `${length} characters`,
        plans: [{ body: body.slice(0, length) }],
        expected: { ...invalidResponse, says: ["cut short"] }
      }))
    }
  },
  {
    name: "JSON of another kind",
    ways: ["generateText"],
    cases: () =>
      ["null", "[]", "{}", "\"text\"", "1"].map((body): Case => ({
        variant: body,
        plans: [{ body }],
        expected: invalidResponse
      }))
  }
]
