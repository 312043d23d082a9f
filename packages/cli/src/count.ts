/** Tokens of texts, each count with its method and how far off it may be. */
import * as TokenCounter from "@llm-layers/registry/TokenCounter"
import * as Effect from "effect/Effect"
import * as Failure from "./failure.ts"
import * as Figures from "./figures.ts"
import * as Models from "./models.ts"
import * as Named from "./named.ts"
import * as Output from "./output.ts"
import * as Screen from "./screen.ts"
import type * as Table from "./table.ts"
import * as Text from "./text.ts"

/** What is counted, for which model. */
export interface Options {
  readonly words: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  readonly model: string | undefined
  readonly exact: boolean
  readonly json: boolean
  readonly mock: boolean
}

export const run = ({ exact, files, json, mock, model, words }: Options) =>
  Effect.gen(function*() {
    const { providers } = yield* Models.Models
    const texts = yield* Text.read(words, files)
    const [asked = ""] = yield* Named.asked(model === undefined ? [] : [model])
    const { name, provider } = yield* Named.keyless(asked)
    if (exact && providers.find((one) => one.name === provider)?.countTokens === undefined) {
      return yield* new Failure.Usage({
        message: `${provider} has no endpoint that counts tokens: leave --exact out for an estimate`
      })
    }
    const counts = yield* Effect.gen(function*() {
      const counter = yield* TokenCounter.TokenCounter
      return yield* Effect.forEach(texts, (one) =>
        Effect.map(counter.fits(name, { prompt: one.text }), (fit) => ({ ...one, ...fit })))
    }).pipe(Effect.provide(TokenCounter.layer({
      providers,
      methods: exact ? ["endpoint"] : ["local", "heuristic"]
    })))
    for (const { count } of counts) {
      if (exact && count._tag === "Unknown" && count.failure !== undefined) {
        return yield* Effect.fail(count.failure)
      }
    }
    if (json) {
      return yield* Screen.json(
        counts.map(({ _tag, count, limit, name: text }) => ({
          text,
          model: name,
          ...encode(count),
          limit,
          fit: _tag
        }))
      )
    }
    if (counts.length === 1) {
      yield* Effect.forEach(counts, ({ count }) =>
        Output.write(`${inWords(count)}\n`))
    } else yield* Screen.table(columns, counts)
    for (const { _tag, limit = 0, name: text } of counts) {
      if (_tag === "TooLong") {
        yield* Output.note(`The ${text} is too long for ${name}, which takes ${Figures.whole(limit)}`)
      }
    }
  }).pipe(Effect.provide(Models.layer(mock)))

interface Counted extends Text.Text {
  readonly count: TokenCounter.Count
}

const columns: ReadonlyArray<Table.Column<Counted>> = [
  { title: "tokens", cell: ({ count }) => tokensOf(count), align: "right" },
  { title: "±", cell: ({ count }) => "errorBound" in count ? Figures.whole(count.errorBound) : "", align: "right" },
  { title: "method", cell: ({ count }) => "method" in count ? count.method : "", rank: 1 },
  { title: "of", cell: ({ name }) => name }
]

const tokensOf = (count: TokenCounter.Count): string =>
  count._tag === "Unknown" ? "unknown" : Figures.whole(count.tokens)

/** A count as a line. */
export const inWords = (count: TokenCounter.Count): string => {
  switch (count._tag) {
    case "Exact":
      return `${Figures.whole(count.tokens)} tokens (counted by the vendor)`
    case "Estimated":
      return `${Figures.whole(count.tokens)} tokens ± ${Figures.whole(count.errorBound)} (${count.method})`
    case "Unknown":
      return `unknown, at least ${Figures.whole(count.atLeast)} tokens (${count.reason})`
  }
}

const encode = (count: TokenCounter.Count) =>
  count._tag === "Unknown"
    ? { count: "Unknown", atLeast: count.atLeast, reason: count.reason }
    : {
      count: count._tag,
      tokens: count.tokens,
      method: count.method,
      ...("errorBound" in count ? { errorBound: count.errorBound } : undefined)
    }
