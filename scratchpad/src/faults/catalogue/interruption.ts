/** A caller that leaves, at every stage. */
import { Faults } from "@llm-layers/testing"
import { pipe } from "effect"
import type { Case, Fault, Leaves } from "../Fault.ts"
import { eventsBefore, eventStream, whole } from "./answers.ts"

const leaves: Leaves = { _tag: "Leaves" }

const fault = (name: string, one: (target: Parameters<Fault["cases"]>[0]) => Case, ways?: Fault["ways"]): Fault => ({
  name,
  ways,
  cases: (target) => [one(target)]
})

const streamAlone: Fault["ways"] = ["streamText"]

export const interruption: ReadonlyArray<Fault> = [
  fault("interrupted before the request", () => ({ leave: "key", expected: { ...leaves, requests: 0 } })),
  fault("interrupted before the head", () => ({ plans: ["silence"], leave: "sent", expected: leaves })),
  fault("interrupted before the body", () => ({
    plans: [{ headers: eventStream, body: [], end: "silence" }],
    leave: "arrived",
    expected: leaves
  })),
  fault("interrupted before the first text", (target) => ({
    plans: [
      target.way === "generateText"
        ? pipe(whole(target), Faults.silentAt(30))
        : { headers: eventStream, body: eventsBefore(target).slice(0, 1), end: "silence" }
    ],
    leave: "arrived",
    expected: leaves
  })),
  fault("interrupted in an error's body", ({ wire }) => ({
    plans: [{ status: 500, body: [wire.error({ message: "It broke" }).slice(0, 10)], end: "silence" }],
    leave: "arrived",
    expected: leaves
  })),
  fault("interrupted in the middle of the stream", (target) => ({
    plans: [{ headers: eventStream, body: eventsBefore(target), end: "silence" }],
    leave: "text",
    expected: leaves
  }), streamAlone),
  fault("interrupted after the finish, before the close", (target) => ({
    plans: [{ ...whole(target), end: "silence" }],
    leave: "finish",
    expected: leaves
  }), streamAlone),
  fault("consumer that needs no more", (target) => ({
    plans: [{ headers: eventStream, body: eventsBefore(target), end: "silence" }],
    leave: "takes one",
    expected: leaves
  }), streamAlone),
  fault("consumer that fails", (target) => ({
    plans: [{ headers: eventStream, body: eventsBefore(target), end: "silence" }],
    leave: "fails",
    expected: leaves
  }), streamAlone)
]
