/** Holds rules to requests that break them, and to one each that nearly does. */
import { assert, describe, it } from "@effect/vitest"
import type { Sent } from "../../src/requests/capture.ts"
import type { Rule } from "../../src/requests/Vendor.ts"

export type Body = { readonly [member: string]: unknown }

export const sent = (body: Body, headers: { readonly [name: string]: string } = {}, path = "/"): Sent => ({
  path,
  headers: new Headers(headers),
  body
})

/** By the name of a rule: requests that break it, and one that nearly does. */
export interface Examples {
  readonly [rule: string]: { readonly wrong: ReadonlyArray<Sent>; readonly right: Sent }
}

export const suite = (name: string, rules: ReadonlyArray<Rule>, examples: Examples): void => {
  describe(`the rules of ${name}`, () => {
    for (const rule of rules) {
      it(`${rule.name}: can be broken, and kept`, () => {
        const example = examples[rule.name]
        assert(example !== undefined, "no example breaks this rule")
        for (const [index, wrong] of example.wrong.entries()) {
          assert.isAbove(rule.check(wrong).length, 0, `example ${index} breaks nothing`)
        }
        assert.deepStrictEqual(rule.check(example.right), [])
      })
    }
  })
}
