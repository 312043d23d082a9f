import type * as Policy from "@llm-layers/core/Policy"
import * as Retry from "@llm-layers/policies/Retry"
import { type Effect, Schedule, type Stream } from "effect"

declare const effect: Effect.Effect<number, "failed", "service">
declare const unsure: Schedule.Schedule<number, unknown, "failed">
declare const stream: Stream.Stream<number, "failed", "service">

export const policy: Policy.Policy = Retry.make({ schedule: Schedule.recurs(2), totalTime: "1 minute" })
export const budgeted: Effect.Effect<number, "failed", "service"> = effect.pipe(
  Retry.withBudget({ times: 2, totalTime: "1 minute" })
)
export const read: Stream.Stream<number, "failed", "service"> = stream.pipe(
  Retry.withBudget({ times: 2, totalTime: "1 minute" })
)

// @ts-expect-error: a schedule says how often, and after which waits
export const both = Retry.make({ schedule: Schedule.recurs(2), times: 3 })
// @ts-expect-error: a schedule that can fail has no place for its failure
export const failing = Retry.make({ schedule: unsure })
// @ts-expect-error: a budget has both limits
export const endless = Retry.withBudget({ times: 2 })
