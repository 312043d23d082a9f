/** What an answer took: tokens, money, time. */
import type * as UsageLedger from "@llm-layers/policies/UsageLedger"
import * as Cost from "@llm-layers/registry/Cost"
import type * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Figures from "./figures.ts"
import * as Output from "./output.ts"

/** Of all requests that were made for it. What is not known is absent. */
export interface Spent {
  readonly input: number | undefined
  readonly output: number | undefined
  /** Whether some of the tokens are not the vendor's figures. */
  readonly estimated: boolean
  readonly cost: BigDecimal.BigDecimal | undefined
}

/** From the entries of a ledger. Requests that failed are mostly for free: those of unknown cost are left out. */
export const of = (entries: ReadonlyArray<UsageLedger.Entry>): Spent => {
  const paid = entries.filter(({ cost, outcome }) => outcome !== "failed" || cost !== undefined)
  const { total, unknown } = Cost.sum(paid)
  const sum = (tokens: (entry: UsageLedger.Entry) => number | undefined) =>
    entries.reduce<number | undefined>((before, entry) => {
      const more = tokens(entry)
      return more === undefined ? before : (before ?? 0) + more
    }, undefined)
  return {
    input: sum(({ usage }) => usage.inputTokens.total),
    output: sum(({ usage }) => usage.outputTokens.total),
    estimated: entries.some(({ status }) => status === "estimated"),
    cost: paid.length === 0 || unknown > 0 ? undefined : total
  }
}

/** In US dollars, for JSON. */
export const dollars = ({ cost }: Spent): number | undefined =>
  cost === undefined ? undefined : Number(Cost.format(cost).slice(1))

/** The parts of a line for people. */
export const shown = (model: string, spent: Spent, seconds: number): ReadonlyArray<string> => {
  const tokens = (count: number | undefined) =>
    count === undefined ? "unknown" : `${spent.estimated ? "~" : ""}${Figures.whole(count)}`
  return [
    model,
    `${tokens(spent.input)} tokens in`,
    `${tokens(spent.output)} out`,
    spent.cost === undefined ? "cost unknown" : Figures.dollars(spent.cost),
    `${seconds.toFixed(1)} s`
  ]
}

/** Writes the line, as several where the terminal is narrow. */
export const note = (model: string, entries: ReadonlyArray<UsageLedger.Entry>, seconds: number) =>
  Effect.gen(function*() {
    const columns = yield* Output.columns
    const lines: Array<string> = []
    for (const part of shown(model, of(entries), seconds)) {
      const longer = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`
      if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer
      else lines.push(part)
    }
    yield* Output.note(yield* Output.dim(lines.join("\n")))
  })
