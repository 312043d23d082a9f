/** What tokens, or texts, cost with models. */
import * as Cost from "@llm-layers/registry/Cost"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as TokenCounter from "@llm-layers/registry/TokenCounter"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Figures from "./figures.ts"
import * as Models from "./models.ts"
import * as Named from "./named.ts"
import * as Output from "./output.ts"
import * as Screen from "./screen.ts"
import type * as Table from "./table.ts"
import * as Text from "./text.ts"

/** What is asked, of which models. */
export interface Options {
  readonly words: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  readonly models: ReadonlyArray<string>
  /** Tokens, in place of a text. */
  readonly input: number | undefined
  readonly output: number
  readonly batch: boolean
  readonly json: boolean
  readonly mock: boolean
}

export const run = ({ batch, files, input, json, mock, models, output, words }: Options) =>
  Effect.gen(function*() {
    const { providers } = yield* Models.Models
    const catalog = yield* ModelCatalog.ModelCatalog
    const asked = yield* Effect.forEach(yield* Named.asked(models), Named.keyless)
    const texts = input === undefined ? yield* Text.read(words, files) : []
    const rows = yield* Effect.gen(function*() {
      const counter = yield* TokenCounter.TokenCounter
      return yield* Effect.forEach(asked, ({ model, name, provider }) =>
        Effect.map(
          Effect.forEach(texts, ({ text }) => counter.count(name, { prompt: text })),
          (counts) => {
            const inputTokens = input ?? sum(counts)
            const prices = catalog.get(provider, model)?.prices
            const cost = inputTokens === undefined
              ? undefined
              : Cost.estimate(prices, { inputTokens, outputTokens: output }, { batch })
            return { name, inputTokens, outputTokens: output, estimated: input === undefined, cost }
          }
        ))
    }).pipe(Effect.provide(TokenCounter.layer({ providers, methods: ["local", "heuristic"] })))
    const sorted = rows.toSorted(cheaper)
    if (json) return yield* Screen.json(sorted.map(encode))
    yield* Screen.table(columns, sorted)
    for (const { cost, name } of sorted) {
      if (cost === undefined) yield* Output.note(unknown(catalog, name, batch))
    }
  }).pipe(Effect.provide(Models.layer(mock)))

interface Row {
  readonly name: string
  readonly inputTokens: number | undefined
  readonly outputTokens: number
  /** The tokens of the input were counted without the vendor. */
  readonly estimated: boolean
  readonly cost: Cost.Cost | undefined
}

const sum = (counts: ReadonlyArray<TokenCounter.Count>): number | undefined => {
  let total = 0
  for (const count of counts) {
    if (count._tag === "Unknown") return undefined
    total += count.tokens
  }
  return total
}

/** Unknown costs come last. */
const cheaper = (one: Row, other: Row): number => {
  if (one.cost === undefined || other.cost === undefined) {
    return Number(one.cost === undefined) - Number(other.cost === undefined)
  }
  return BigDecimal.Order(one.cost.total, other.cost.total)
}

const columns: ReadonlyArray<Table.Column<Row>> = [
  { title: "model", cell: ({ name }) => name },
  {
    title: "input tokens",
    cell: ({ estimated, inputTokens }) =>
      inputTokens === undefined ? "unknown" : `${estimated ? "≈" : ""}${Figures.whole(inputTokens)}`,
    align: "right",
    rank: 3
  },
  { title: "output tokens", cell: ({ outputTokens }) => Figures.whole(outputTokens), align: "right", rank: 4 },
  { title: "input", cell: ({ cost }) => part(cost?.input), align: "right", rank: 2 },
  { title: "output", cell: ({ cost }) => part(cost?.output), align: "right", rank: 1 },
  { title: "total", cell: ({ cost }) => Figures.dollars(cost?.total), align: "right" }
]

const part = (dollars: BigDecimal.BigDecimal | undefined): string => dollars === undefined ? "" : Cost.format(dollars)

const unknown = (catalog: ModelCatalog.Catalog, name: string, batch: boolean): string => {
  const [provider = "", ...rest] = name.split("/")
  const known = catalog.get(provider, rest.join("/"))
  if (known?.prices !== undefined) {
    return `The catalogue has no ${batch ? "batch " : ""}prices of ${name} for these tokens`
  }
  const like = known === undefined ? catalog.nearest(name) : []
  return `The catalogue has no prices of ${name}${like.length === 0 ? "" : `. Did you mean ${like.join(", ")}?`}`
}

/** Dollars as texts: numbers of JSON would round them. */
const encode = ({ cost, estimated, inputTokens, name, outputTokens }: Row) => ({
  model: name,
  inputTokens: inputTokens ?? null,
  outputTokens,
  estimated,
  usd: cost === undefined ? null : Cost.format(cost.total).slice(1)
})
