import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../../src/recordings/json.ts"
import { LeafIndex } from "../../src/recordings/leaves.ts"
import { type Form, lostLines } from "../../src/recordings/lost.ts"

const apart: Form = {
  spared: [{ where: /^echo$/, why: "repeats the request" }],
  takenApart: [{ where: /^$|^list(?:\[\])?$/, why: "parts" }]
}

const lost = (recorded: Json, told: unknown) => lostLines(recorded, new LeafIndex().add(told), apart)

describe("what is lost", () => {
  it("is nothing where every value is somewhere, under whatever name", () => {
    assert.deepStrictEqual(
      lost({ id: "an-id-of-it", service_tier: 3, ok: true, none: null, empty: "", no: [], echo: "unheard" }, [
        { key: "an-id-of-it" },
        { serviceTier: 3, ok: true }
      ]),
      []
    )
  })

  it("is a text, a number or a truth value that is nowhere", () => {
    assert.deepStrictEqual(
      lost({ a: "some text", b: 7, c: false, d: 12345 }, { a: "other", b: 8, c: true, x: 12345 }),
      [
        "lost: a \"some text\"",
        "lost: b 7",
        "lost: c false"
      ]
    )
  })

  it("is no short text because a longer one has its letters", () => {
    assert.deepStrictEqual(lost({ a: "able" }, { a: "unbelievable, able to" }), ["lost: a \"able\""])
    assert.deepStrictEqual(lost({ a: "believable" }, { a: "unbelievable" }), [])
  })

  it("is found inside JSON that is a text, on either side", () => {
    assert.deepStrictEqual(lost({ arguments: "{\"city\":\"Lima\"}" }, { params: { city: "Lima" } }), [])
    assert.deepStrictEqual(lost({ city: "Lima" }, { params: "{\"city\":\"Lima\"}" }), [])
    assert.deepStrictEqual(lost({ arguments: "{\"city\":\"Lima\"}" }, { params: { city: "Oslo" } }), [
      "lost: arguments.city \"Lima\""
    ])
  })

  it("is an object or a list that is there in pieces alone, but for those that become parts", () => {
    const logprobs = [{ token: "a", logprob: -0.5 }, { token: "a", logprob: -0.5 }]
    assert.deepStrictEqual(lost({ logprobs }, { logprobs }), [])
    assert.lengthOf(lost({ logprobs }, { logprobs: logprobs.slice(1) }), 1)
    assert.lengthOf(lost({ order: [1, 2] }, { order: [2, 1] }), 1)
    assert.deepStrictEqual(lost({ list: [{ n: 1 }, { n: 2 }] }, [{ n: 2 }, { n: 1 }]), [])
  })

  it("counts what says nothing as nothing, and the order of members neither", () => {
    assert.deepStrictEqual(lost({ usage: { a: 1, b: null, c: [] } }, { usage: { c: [], a: 1, d: null } }), [])
  })

  it("is counted where there is much", () => {
    const recorded = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`k${index}`, `value ${index}`]))
    assert.lengthOf(lost(recorded, {}), 5)
    assert.include(lost(recorded, {}), "lost: 3 more")
  })
})
