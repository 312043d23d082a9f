/**
 * A law: something that holds for every implementation of a contract, as an effect that fails where it does not.
 *
 * Laws know of no test framework. `Conformance` and `PolicyLaws` register them with Vitest; with another framework, run
 * `check` yourself, one law after the other.
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"

/** One law, bound to what it is checked on. */
export interface Law {
  /** What it is about: `interruption`, `splits`. */
  readonly group: string
  /** What holds, as a sentence. Unique in its group. */
  readonly name: string
  /** Why it does not apply here: what the implementation says it cannot do. `undefined` where it applies. */
  readonly skipped: string | undefined
  /** Checks it. Promises that are rejected meanwhile with nobody waiting for them break it, too. */
  readonly check: Effect.Effect<void, LawBroken>
}

/**
 * A law that does not hold, with what was expected and what came. Test frameworks show the two side by side.
 */
export class LawBroken extends Data.TaggedError("LawBroken")<{
  /** Group and name of the law. */
  readonly law: string
  /** Where it was broken: the answer, the place of a cut. */
  readonly where: string
  readonly expected: unknown
  readonly actual: unknown
  readonly message: string
}> {}
