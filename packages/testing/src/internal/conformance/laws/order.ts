/** The parts of a stream are in order, and what they count is sound. */
import * as Metadata from "@llm-layers/core/Metadata"
import * as Effect from "effect/Effect"
import type { Law, LawBroken } from "../../../Law.ts"
import { broken, holds } from "../broken.ts"
import { countsOf } from "../facts.ts"
import { callsTools, type Kit, succeeds, succeedsWhole } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import * as Order from "../order.ts"
import type { Plain } from "../parts.ts"
import { type Way, ways } from "../subject.ts"

export const order = (kit: Kit): ReadonlyArray<Law> => {
  const law = makeFor("order", kit.options)
  const check = (which: ReadonlyArray<Way>, problemOf: (parts: ReadonlyArray<Plain>) => Order.Problem | undefined) =>
    each(kit, which, (parts, where) => report(problemOf(parts), where))
  return [
    law("every start has one end, and nothing is outside", check(["streamText"], Order.startsAndEnds)),
    law("ids are unique", check(ways, Order.uniqueIds)),
    law("there is one finish, and it is last", check(ways, Order.oneFinish)),
    law("the pieces of arguments are the arguments", check(["streamText"], Order.wholeArguments))
  ]
}

export const usage = (kit: Kit): ReadonlyArray<Law> => {
  const law = makeFor("usage", kit.options)
  return [
    law(
      "is there, in whole numbers, and the totals are the sums",
      each(kit, ways, (parts, where) => {
        const told = parts.at(-1)?.["usage"]
        const { input, output } = countsOf(told)
        return Effect.andThen(
          holds(input !== undefined && output !== undefined, where, "counts of input and output", told),
          report(Order.soundUsage(told), where)
        )
      })
    ),
    law(
      "never decreases in a stream that tells it more than once",
      Effect.gen(function*() {
        for (const { name, said, skipped } of kit.scenarios) {
          if (skipped !== undefined) continue
          const model = yield* kit.ready(said, "streamText")
          const parts = yield* succeedsWhole(model, "streamText", { tools: callsTools(said) }, () => name)
          yield* growing(parts.flatMap(toldBy), name)
        }
      })
    )
  ]
}

/** What a part tells of token counts: the last has them, and an early one in the metadata of this project. */
const toldBy = (part: object): ReadonlyArray<unknown> => {
  const usage = Reflect.get(part, "usage") ?? Metadata.get(Reflect.get(part, "metadata"), Metadata.namespace, "usage")
  return usage === undefined ? [] : [usage]
}

/** Breaks the law where a count is smaller than one before. */
export const growing = (told: ReadonlyArray<unknown>, where: string): Effect.Effect<void, LawBroken> => {
  let before: { readonly [name: string]: unknown } = {}
  for (const usage of told) {
    const now = { ...countsOf(usage) }
    for (const [name, count] of Object.entries(now)) {
      const least = before[name]
      if (typeof least === "number" && typeof count === "number" && count < least) {
        return broken(`${where}: ${name}`, `at least ${least}`, count)
      }
    }
    before = { ...before, ...Object.fromEntries(Object.entries(now).filter(([, count]) => count !== undefined)) }
  }
  return Effect.void
}

const report = (problem: Order.Problem | undefined, where: string): Effect.Effect<void, LawBroken> =>
  problem === undefined ? Effect.void : broken(`${where}: ${problem.where}`, problem.expected, problem.actual)

/** Looks at the parts of every answer. */
const each = (
  kit: Kit,
  which: ReadonlyArray<Way>,
  look: (parts: ReadonlyArray<Plain>, where: string) => Effect.Effect<void, LawBroken>
): Check =>
  Effect.gen(function*() {
    for (const { name, said, skipped } of kit.scenarios) {
      if (skipped !== undefined) continue
      for (const way of which) {
        const parts = yield* succeeds(yield* kit.ready(said, way), way, { tools: callsTools(said) }, name)
        yield* look(parts, `${name}, ${way}`)
      }
    }
  })
