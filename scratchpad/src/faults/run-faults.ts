/** Runs faults one after the other, so that times are those of one call, and what nobody caught belongs to one. */
import { ProviderError } from "@llm-layers/core"
import { Clock, Effect } from "effect"
import type { Ended } from "./call.ts"
import { type Fault, type Target, type Way, ways } from "./Fault.ts"
import { problemsOf } from "./judge.ts"
import { runCase } from "./run-case.ts"
import { watchUnhandled } from "./unhandled.ts"
import type { Wire } from "./Wire.ts"

/** What came of a fault, in all its cases. */
export interface Result {
  readonly provider: string
  readonly fault: string
  readonly way: Way
  readonly cases: number
  /** What came out, each once. */
  readonly ends: ReadonlyArray<End>
  readonly requests: number
  /** The longest time to the end of a call, and from there until its sockets were closed, in milliseconds. */
  readonly millis: number
  readonly closedAfter: number | undefined
  readonly problems: ReadonlyArray<string>
  /** Why it was not run. */
  readonly skipped?: string | undefined
}

/** A reason and a kind, or what else a call came to. */
export interface End {
  readonly reason: string
  readonly kind: string
}

export interface Options {
  /** Milliseconds after which a call is held to hang. Default: 10 seconds. */
  readonly hang?: number | undefined
  readonly onResult?: ((result: Result) => void) | undefined
}

export const runFaults = (
  wires: ReadonlyArray<Wire>,
  faults: ReadonlyArray<Fault>,
  options: Options = {}
): Effect.Effect<ReadonlyArray<Result>> =>
  Effect.gen(function*() {
    const watch = yield* Effect.acquireRelease(Effect.sync(watchUnhandled), ({ stop }) => Effect.sync(stop))
    const runs = wires.flatMap((wire) =>
      faults.flatMap((fault) => ways.filter((way) => happensIn(fault, way)).map((way) => ({ fault, wire, way })))
    )
    return yield* Effect.forEach(runs, ({ fault, ...target }, index) =>
      Effect.gen(function*() {
        const result = yield* runFault(target, fault, options.hang)
        const unhandled = yield* Effect.promise(() => watch.seen(index === runs.length - 1 ? 100 : 0))
        const problems = [...result.problems, ...unhandled.map((error) => `unhandled: ${error}`)]
        options.onResult?.({ ...result, problems })
        return { ...result, problems }
      }))
  }).pipe(Effect.scoped)

export const happensIn = (fault: Fault, way: Way): boolean => fault.ways?.includes(way) ?? true

/** One fault, in all its cases. */
export const runFault = (target: Target, fault: Fault, hang?: number): Effect.Effect<Result> =>
  Effect.gen(function*() {
    const about = { provider: target.wire.name, fault: fault.name, way: target.way }
    const now = yield* Clock.currentTimeMillis
    const cases = fault.cases(target, now)
    if (typeof cases === "string") {
      return {
        ...about,
        cases: 0,
        ends: [],
        requests: 0,
        millis: 0,
        closedAfter: undefined,
        problems: [],
        skipped: cases
      }
    }
    const outcomes = yield* Effect.forEach(cases, (one) =>
      Effect.gen(function*() {
        const outcome = yield* runCase(target, one, hang)
        const problems = problemsOf(target, one, outcome, (yield* Clock.currentTimeMillis) - now)
        return { ...outcome, problems: problems.map((problem) => one.variant ? `${one.variant}: ${problem}` : problem) }
      }))
    const closed = outcomes.map(({ closedAfter }) => closedAfter)
    return {
      ...about,
      cases: cases.length,
      ends: unique(outcomes.map(({ ended }) => endOf(ended))),
      requests: outcomes.reduce((sum, { requests }) => sum + requests.length, 0),
      millis: Math.max(...outcomes.map(({ millis }) => millis)),
      closedAfter: closed.includes(undefined) ? undefined : Math.max(...closed.map((millis) => millis ?? 0)),
      problems: outcomes.flatMap(({ problems }) => problems)
    }
  })

const endOf = (ended: Ended): End => {
  switch (ended._tag) {
    case "Succeeded":
      return { reason: "(answer)", kind: "" }
    case "Failed":
      return { reason: ended.error.reason._tag, kind: ProviderError.kindOf(ended.error) }
    case "NoLayer":
      return { reason: "ConfigError", kind: "" }
    case "Left":
      return { reason: "(left)", kind: "" }
    case "Died":
      return { reason: "(defect)", kind: "" }
    case "Hung":
      return { reason: "(hang)", kind: "" }
  }
}

const unique = (ends: ReadonlyArray<End>): ReadonlyArray<End> =>
  ends.filter((end, index) => ends.findIndex((one) => one.reason === end.reason && one.kind === end.kind) === index)
