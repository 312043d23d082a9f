import { assert, describe, it } from "@effect/vitest"
import { ConformanceLaws, type Law } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Effect } from "effect"
import { harness } from "./fixtures/honest.ts"
import { answers } from "./fixtures/saboteurs/answers.ts"
import { requests } from "./fixtures/saboteurs/requests.ts"
import type { Saboteur } from "./fixtures/saboteurs/tamper.ts"
import { wire } from "./fixtures/saboteurs/wire.ts"

const saboteurs = [...answers, ...wire, ...requests]

const nameOf = ({ group, name }: Law.Law): string => `${group}: ${name}`

const lawsOf = (saboteur: Pick<Saboteur, "harness">) =>
  ConformanceLaws.languageModel(saboteur.harness, { seed: 1, patience: "20 seconds" })

Conformance.suite("the honest provider", harness())

describe("a provider that", () => {
  it.each(saboteurs)("$name breaks the laws against it", async (saboteur) => {
    const laws = lawsOf(saboteur).filter((law) => saboteur.breaks.test(nameOf(law)))
    assert.isNotEmpty(laws)
    for (const law of laws) {
      const broken = await Effect.runPromise(
        Effect.flip(law.check).pipe(Effect.mapError(() => `${nameOf(law)}: holds`))
      )
      assert.strictEqual(broken.law, nameOf(law))
      if (saboteur.says !== undefined) assert.match(broken.message, saboteur.says)
    }
  }, 60_000)
})

it("each law can be broken", () => {
  const laws = lawsOf({ harness: harness() }).filter((law) => law.skipped === undefined).map(nameOf)
  assert.deepStrictEqual(laws.filter((law) => !saboteurs.some(({ breaks }) => breaks.test(law))), [])
})
