import { assert, describe, it } from "@effect/vitest"
import * as Policy from "@llm-layers/core/Policy"
import { ConformanceLaws, type Law } from "@llm-layers/testing"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Context, Effect, Layer } from "effect"
import { saboteurs } from "./fixtures/policies.ts"

const nameOf = ({ group, name }: Law.Law): string => `${group}: ${name}`

const lawsOf = (policy: () => Policy.Policy) =>
  ConformanceLaws.policy({ policy, layer: Layer.empty }, { patience: "20 seconds" })

class Need extends Context.Service<Need, string>()("@test/Need") {}

PolicyLaws.suite("no policy at all", () => Policy.compose())

PolicyLaws.suite("a policy that needs something", () => (driver) => Effect.as(Need, driver), {
  layer: Layer.succeed(Need, "here")
})

describe("a policy that", () => {
  it.each(saboteurs)("$name breaks the laws against it", async ({ breaks, policy }) => {
    const laws = lawsOf(policy).filter((law) => breaks.test(nameOf(law)))
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
  const laws = lawsOf(() => Policy.compose()).map(nameOf)
  assert.deepStrictEqual(laws.filter((law) => !saboteurs.some(({ breaks }) => breaks.test(law))), [])
})
