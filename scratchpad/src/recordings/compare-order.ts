import { show } from "./difference.ts"
import type { Step } from "./expectation/Expectation.ts"
import type { ObservedAnswer } from "./observe.ts"

/** Texts that follow each other are one, and white space does not count; what says nothing is no step. */
const simplify = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> => {
  const simple: Array<Step> = []
  for (const step of steps) {
    const last = simple.at(-1)
    if (!("text" in step)) simple.push(step)
    else {
      const text = step.text.replace(/\s+/g, "")
      if (text === "") continue
      if (last !== undefined && "text" in last && last.kind === step.kind) {
        simple[simple.length - 1] = { ...last, text: last.text + text }
      } else simple.push({ ...step, text })
    }
  }
  return simple
}

const describe = (step: Step): string =>
  `${step.kind} ${"text" in step ? step.text.slice(0, 40) : step.ids.join(" or ")}`

const same = (expected: Step, observed: Step): boolean => {
  if ("text" in expected) {
    return "text" in observed && expected.kind === observed.kind && expected.text === observed.text
  }
  return expected.kind === observed.kind && !("text" in observed) &&
    observed.ids.some((id) => expected.ids.includes(id))
}

const isPart = (step: Step, observed: ReadonlyArray<Step>): boolean =>
  "text" in step || observed.some((other) => other.kind === step.kind && same(step, other))

/**
 * What came in which order. Calls and results that are no parts of the answer (of tools nobody declared) are looked for
 * elsewhere.
 */
export const compareOrder = (
  expected: ReadonlyArray<Step> | undefined,
  observed: ObservedAnswer
): ReadonlyArray<string> => {
  if (expected === undefined) return []
  const came = simplify(observed.order)
  const wanted = simplify(expected.filter((step) => isPart(step, came)))
  const made = came.filter((step) => "text" in step || expected.some((other) => same(other, step)))
  const at = wanted.findIndex((step, place) => {
    const other = made[place]
    return other === undefined || !same(step, other)
  })
  if (at < 0) return []
  return [`out of order at ${at}: expected ${describeAt(wanted, at)}, got ${describeAt(made, at)}`]
}

const describeAt = (steps: ReadonlyArray<Step>, at: number): string => {
  const step = steps[at]
  return show(step === undefined ? "nothing" : describe(step))
}
