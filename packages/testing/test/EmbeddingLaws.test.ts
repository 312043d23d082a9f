import { assert, describe, it } from "@effect/vitest"
import { ConformanceLaws, type Law } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Effect } from "effect"
import { harness, saboteurs } from "./fixtures/embedders.ts"

const nameOf = ({ group, name }: Law.Law): string => `${group}: ${name}`

Conformance.embeddings("the honest embedding model", harness())

Conformance.embeddings("one whose answers have no index", {
  ...harness({ decode: (data, inputs) => decodeInOrder(data, inputs.length) }),
  indexed: false
})

const decodeInOrder = (data: ReadonlyArray<{ readonly [name: string]: unknown }>, count: number) => {
  const vectors = data.map(({ vector }) => Array.isArray(vector) ? vector : [])
  const whole = vectors.length === count && vectors.every((one) => one.length > 0 && one.every(Number.isFinite))
  if (!whole) throw new Error("not the embeddings that were asked for")
  return vectors
}

describe("an embedding model that", () => {
  it.each(saboteurs)("$name breaks the laws against it", async ({ breaks, sabotage }) => {
    const laws = ConformanceLaws.embeddingModel(harness(sabotage), { patience: "20 seconds" })
      .filter((law) => breaks.test(nameOf(law)))
    assert.isNotEmpty(laws)
    for (const law of laws) {
      const broken = await Effect.runPromise(
        Effect.flip(law.check).pipe(Effect.mapError(() => `${nameOf(law)}: holds`))
      )
      assert.strictEqual(broken.law, nameOf(law))
    }
  })
})

it("each law can be broken", () => {
  const laws = ConformanceLaws.embeddingModel(harness()).map(nameOf)
  assert.deepStrictEqual(laws.filter((law) => !saboteurs.some(({ breaks }) => breaks.test(law))), [])
})
