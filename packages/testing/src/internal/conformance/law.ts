/** How laws are written, and what is watched while one is checked. */
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Law, LawBroken } from "../../Law.ts"
import { broken } from "./broken.ts"
import * as Detached from "./detached.ts"
import { watchRejections } from "./rejections.ts"

/** A check may leave what it opened to its scope. */
export type Check = Effect.Effect<void, LawBroken, Scope.Scope>

/** How laws are checked. */
export interface Options {
  /**
   * Starts the random cuts; the names of their laws have it. Default: `CONFORMANCE_SEED` of the environment, else
   * another one each run.
   */
  readonly seed?: number | undefined
  /** How long one law may take before it counts as broken. Default: 2 minutes. */
  readonly patience?: Duration.Input | undefined
  /**
   * Failures after which a policy is right to ask again although the same request would fail again, because it changes
   * something: another key. Default: none.
   */
  readonly asksAgainAfter?: ReadonlyArray<ErrorKind.Name> | undefined
}

const defaultPatience = Duration.minutes(2)

/** Makes a law of a group. */
export type Make = (name: string, check: Check, skipped?: string | undefined) => Law

/** What makes the laws of a group. */
export const makeFor = (group: string, options: Options): Make => (name, check, skipped) => {
  const patience = Duration.fromInputUnsafe(options.patience ?? defaultPatience)
  return {
    group,
    name,
    skipped,
    check: Detached.run(Effect.scoped(check)).pipe(
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () => broken("it does not end", `an end within ${Duration.format(patience)}`, "none")
      }),
      Effect.catchDefect((defect) => broken("something was thrown", "a typed failure, or none", defect)),
      watchRejections,
      Effect.mapError(({ actual, expected, message, where }) =>
        new LawBroken({ law: `${group}: ${name}`, where, expected, actual, message: `${name}: ${message}` })
      )
    )
  }
}
