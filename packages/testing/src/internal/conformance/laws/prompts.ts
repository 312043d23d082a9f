/** Of what a caller asks, nothing is lost: it is in the request, or there is none. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import * as ConformancePrompts from "../../../ConformancePrompts.ts"
import type { Law } from "../../../Law.ts"
import { broken, holds } from "../broken.ts"
import type { WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import * as Prompting from "../prompting.ts"
import * as Subject from "../subject.ts"

export const prompts = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("prompts", kit.options)
  return Object.entries(ConformancePrompts.groups).map(([group, cases]) =>
    law(`${group}: all that is asked is in the request, or none is made`, complete(kit, cases))
  )
}

/** What is left out with a warning in the answer is not lost. */
const complete = <S extends Settings.Common>(
  kit: WireKit<S>,
  cases: ReadonlyArray<ConformancePrompts.PromptCase>
): Check =>
  Effect.gen(function*() {
    const [model] = kit.harness.models
    for (const asked of cases) {
      for (const way of Subject.ways) {
        if (way === "streamText" && !kit.claims.capabilities.streaming) continue
        const where = `${way}, ${asked.name}`
        const { body, refusal, warnings } = yield* Effect.scoped(Prompting.made(kit, { model }, way, asked))
        if (refusal !== undefined) {
          const kind = ProviderError.kindOf(refusal)
          yield* holds(
            kind === "Unsupported" || kind === "InvalidRequest",
            where,
            "a refusal before the network",
            refusal
          )
          continue
        }
        const lost = Prompting.missing(way, asked, body)
        if (lost !== undefined && warnings.length === 0) yield* broken(where, lost, body)
      }
    }
  })
