import { assert, describe, it } from "@effect/vitest"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import { compare } from "../../src/recordings/compare.ts"
import { observeParts } from "../../src/recordings/observe.ts"
import { partsDifference } from "../../src/recordings/same-parts.ts"
import { stubTransport } from "../../src/recordings/stub.ts"
import { type Recorded, recorded } from "./answers.ts"
import { mutants } from "./mutants.ts"

/** What the provider makes of the answer, and what the comparison says of any parts. */
const played = ({ api, exchange }: Recorded) =>
  Effect.gen(function*() {
    const expected = api.read(exchange)
    const attempt = api.attempt(exchange, expected)
    const heard = yield* attempt.run(stubTransport(exchange.response))
    if (heard.kind !== "answer") throw new Error(heard.kind === "error" ? heard.error.message : heard.kind)
    const differences = (parts: ReadonlyArray<Response.AnyPart>) => compare(expected, observeParts(parts), attempt)
    return { parts: heard.parts, differences }
  })

describe("a wrong decoder", () => {
  it.effect("is not what the answers are decoded with", () =>
    Effect.forEach(
      recorded,
      (one) =>
        Effect.map(played(one), ({ differences, parts }) => assert.deepStrictEqual(differences(parts), [], one.name))
    ))

  it.effect("is found whatever it gets wrong", () =>
    Effect.gen(function*() {
      const all = yield* Effect.forEach(recorded, (one) => Effect.map(played(one), (two) => ({ ...one, ...two })))
      for (const { apply, harmlessIn, name } of mutants) {
        const wrong = all.map(({ parts, ...one }) => ({ ...one, parts, mutated: apply(parts) }))
          .filter(({ mutated, parts }) => partsDifference(parts, mutated).length > 0)
        assert.isAbove(wrong.length, 0, `nothing to get wrong: ${name}`)
        for (const { differences, mutated, name: of } of wrong) {
          if (harmlessIn?.includes(of)) continue
          assert.isAbove(differences(mutated).length, 0, `not found: ${name}, in ${of}`)
        }
      }
    }))
})
