/** Where a network cuts a stream, and how its lines are written, says nothing. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import * as Chunking from "../../../Chunking.ts"
import type { Said } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { brief, everything } from "../answers.ts"
import * as Frames from "../frames.ts"
import { allEvents, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import * as Replay from "../replay.ts"

/** Random plans of cuts for each answer. */
const plans = 24

export const splits = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("splits", kit.options)
  const seed = kit.options.seed ?? seedOf(process.env["CONFORMANCE_SEED"])
  const all = everything(kit.claims)
  return [
    law("each single cut gives the same parts", singleCuts(kit, brief(kit.claims))),
    law("reads of one byte give the same parts", each(kit, (replay) => bytewise(replay))),
    law(
      `random cuts give the same parts (CONFORMANCE_SEED=${seed})`,
      each(kit, (replay, name) =>
        Effect.forEach(
          Array.from({ length: plans }, (_, index) => `${seed}/${name}/${index}`),
          (one, index) => {
            // From some bytes a read to a few reads in all.
            const largest = index % 2 === 0 ? 16 : replay.bytes.length / 2
            const reads = Chunking.split(replay.bytes, Chunking.random(one, largest))
            return replay.gives(
              () => `random cuts ${one}: reads of ${reads.map((read) => read.length).join(", ")} bytes`,
              reads,
              {
                slowly: index % 4 < 2
              }
            )
          },
          { discard: true }
        ))
    ),
    law("other ways to write the same events give the same parts", framings(kit, all))
  ]
}

const seedOf = (given: string | undefined): number => {
  const seed = Number(given)
  return given === undefined || given === "" || !Number.isSafeInteger(seed)
    ? Math.floor(Math.random() * 1_000_000_000)
    : seed
}

const each = <S extends Settings.Common>(
  kit: WireKit<S>,
  look: (replay: Replay.Replay, name: string) => ReturnType<Replay.Replay["gives"]>
): Check =>
  Effect.gen(function*() {
    for (const { name, said, skipped } of kit.scenarios) {
      if (skipped === undefined) yield* look(yield* Replay.make(kit, said), name)
    }
  })

/** Each read waits, so that what comes before the cut is decoded without what comes after it. */
const singleCuts = <S extends Settings.Common>(kit: WireKit<S>, said: Said): Check =>
  Effect.gen(function*() {
    const replay = yield* Replay.make(kit, said)
    for (let at = 1; at < replay.bytes.length; at++) {
      yield* replay.gives(() => cutAt(replay.bytes, at), Chunking.split(replay.bytes, Chunking.at(at)), {
        slowly: true
      })
    }
  })

/** With what stands around the cut, because a number of bytes says little. */
const cutAt = (bytes: Uint8Array, at: number): string => {
  const shown = (from: number, to: number) => JSON.stringify(Buffer.from(bytes.subarray(from, to)).toString("latin1"))
  return `cut at byte ${at}, between ${shown(Math.max(0, at - 20), at)} and ${shown(at, at + 20)}`
}

const bytewise = (replay: Replay.Replay) =>
  Effect.andThen(
    replay.gives(() => "one byte a read", Chunking.split(replay.bytes, Chunking.every(1))),
    replay.gives(
      () => "reads that end inside every character",
      Chunking.split(replay.bytes, Chunking.insideCharacters),
      {
        slowly: true
      }
    )
  )

/** Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
const variations: ReadonlyArray<readonly [name: string, framing: Frames.Framing]> = [
  ["lines that end with \\r\\n", { newline: "\r\n" }],
  ["lines that end with \\r", { newline: "\r" }],
  ["no space after the colon", { tight: true }],
  ["JSON over several lines", { indented: true }],
  ["JSON over several lines that end with \\r\\n", { indented: true, newline: "\r\n" }],
  ["a byte order mark at the start", { mark: true }],
  ["comments and empty lines between the events", { between: ": keep-alive\n\n\n:\n" }],
  ["comments and other fields between the events, with \\r\\n", {
    between: ":ping\n\nid: 7\nretry: 3000\n\n",
    newline: "\r\n"
  }]
]

const framings = <S extends Settings.Common>(kit: WireKit<S>, said: Said): Check =>
  Effect.gen(function*() {
    const replay = yield* Replay.make(kit, said)
    const events = allEvents(kit.harness.answer(said))
    for (const [name, framing] of variations) {
      const bytes = Frames.bytes(events, framing)
      const cuts: ReadonlyArray<Chunking.Chunking> = [Chunking.at(), Chunking.insideLineEnds, Chunking.every(1)]
      for (const chunking of cuts) {
        const reads = Chunking.split(bytes, chunking)
        yield* replay.gives(() => `${name}, ${reads.length} reads`, reads, { slowly: reads.length < 1_000 })
      }
    }
  })
