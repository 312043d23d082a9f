/** `llm-layers count`: tokens of a text, how they were counted, and how far off that may be. */
import * as TokenCounter from "@llm-layers/registry/TokenCounter"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Failure from "../failure.ts"
import * as Figures from "../figures.ts"
import * as Flags from "../flags.ts"
import * as Models from "../models.ts"
import * as Named from "../named.ts"
import * as Output from "../output.ts"
import * as Screen from "../screen.ts"
import type * as Table from "../table.ts"
import * as Text from "../text.ts"

export const count = Command.make(
  "count",
  {
    words: Argument.String("text").pipe(
      Argument.withDescription("What is counted; else files, else what is piped in"),
      Argument.variadic()
    ),
    model: Flag.String("model").pipe(
      Flag.withAlias("m"),
      Flag.withDescription("The model that would read it"),
      Flag.optional
    ),
    files: Flag.String("file").pipe(
      Flag.withAlias("f"),
      Flag.withDescription("A file of text; may be repeated"),
      Flag.atLeast(0)
    ),
    exact: Flag.Boolean("exact").pipe(
      Flag.withDescription("Ask the vendor, with a request for each text"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  ({ exact, files, json, mock, model, words }) =>
    Effect.gen(function*() {
      const { providers } = yield* Models.Models
      const texts = yield* Text.read(words, files)
      const [asked = ""] = yield* Named.asked(Option.toArray(model))
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
).pipe(
  Command.withDescription("Count the tokens of a text for a model"),
  Command.withExamples([
    { command: "llm-layers count -m openai/gpt-4o \"How long is this?\"", description: "A text" },
    { command: "llm-layers count -m anthropic/claude-sonnet-4-5 --exact < notes.md", description: "By the vendor" }
  ])
)

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
