/** What was said is what comes out, streamed and whole. */
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import type { Law } from "../../../Law.ts"
import { same } from "../broken.ts"
import { expected, factsOf } from "../facts.ts"
import { callsTools, type Kit, succeeds } from "../kit.ts"
import { makeFor } from "../law.ts"
import type { Plain } from "../parts.ts"
import { ways } from "../subject.ts"

export const answers = (kit: Kit): ReadonlyArray<Law> => {
  const law = makeFor("answers", kit.options)
  return kit.scenarios.flatMap(({ name, said, skipped }) => {
    const ask = { tools: callsTools(said) }
    return [
      ...ways.map((way) =>
        law(
          `${name}: ${way} gives what was said`,
          Effect.gen(function*() {
            const came = factsOf(yield* succeeds(yield* kit.ready(said, way), way, ask))
            yield* same("what was said", expected(said, kit.claims.lacks, came), came)
          }),
          skipped
        )
      ),
      law(
        `${name}: streamText gives the parts of generateText`,
        Effect.gen(function*() {
          const whole = yield* succeeds(yield* kit.ready(said, "generateText"), "generateText", ask)
          const streamed = yield* succeeds(yield* kit.ready(said, "streamText"), "streamText", ask)
          yield* same("the parts, put together", withoutTimes(whole), withoutTimes(folded(streamed)))
        }),
        skipped
      )
    ]
  })
}

/** The parts of a stream in the form of a whole answer. */
const folded = (parts: ReadonlyArray<Plain>): ReadonlyArray<unknown> => {
  const collector = new PartCollector.Collector()
  // They are parts of a stream, as data.
  collector.push(parts as unknown as ReadonlyArray<Response.StreamPartEncoded>)
  return collector.parts.map(({ metadata: _, ...part }) => part)
}

/** Ids that a provider makes up differ from call to call; those of the vendor are looked at above. */
const withoutTimes = (parts: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  parts.map((part) => ({ ...Object(part), id: undefined }))
