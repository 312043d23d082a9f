/** Ledgers of single calls: what is booked inside of one is told to it. */
import * as Context from "effect/Context"
import type { Entry } from "./entry.ts"

/** The entries of one call, by what stands for the attempt. */
export interface Collector {
  readonly entries: Map<object, Entry>
}

/** The collectors around a call. */
export const Collectors = Context.Reference<ReadonlyArray<Collector>>("@llm-layers/policies/UsageLedger/Collectors", {
  defaultValue: () => none
})

const none: ReadonlyArray<Collector> = []

/** Tells of an attempt. An entry of the same attempt is taken back. */
export const tell = (collectors: ReadonlyArray<Collector>, attempt: object, entry: Entry): void => {
  for (const { entries } of collectors) entries.set(attempt, entry)
}
