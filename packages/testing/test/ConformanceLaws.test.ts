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

describe("random cuts", () => {
  const nameWith = (seed: string | undefined, option?: number) => {
    const before = process.env["CONFORMANCE_SEED"]
    try {
      if (seed === undefined) delete process.env["CONFORMANCE_SEED"]
      else process.env["CONFORMANCE_SEED"] = seed
      const laws = ConformanceLaws.languageModel(harness(), { seed: option })
      return laws.find(({ name }) => name.startsWith("random cuts"))?.name
    } finally {
      if (before === undefined) delete process.env["CONFORMANCE_SEED"]
      else process.env["CONFORMANCE_SEED"] = before
    }
  }

  it("start from the seed of the options, of the environment, or another one each time, and say so", () => {
    assert.include(nameWith("7", 5), "CONFORMANCE_SEED=5)")
    assert.include(nameWith("7"), "CONFORMANCE_SEED=7)")
    for (const none of [undefined, "", "soon"]) {
      assert.match(nameWith(none) ?? "", /CONFORMANCE_SEED=\d+\)/)
      assert.notStrictEqual(nameWith(none), nameWith(none))
    }
  })

  it("are the same for the same seed", async () => {
    const broken = (seed: number) => {
      const law = ConformanceLaws.languageModel(decoding, { seed }).find(({ name }) => name.startsWith("random cuts"))
      return law === undefined ? undefined : Effect.runPromise(Effect.map(Effect.flip(law.check), ({ where }) => where))
    }
    const decoding = saboteurs.find(({ name }) => name === "decodes each read by itself")?.harness ?? harness()
    assert.strictEqual(await broken(3), await broken(3))
    assert.notStrictEqual(await broken(3), await broken(4))
  })
})
