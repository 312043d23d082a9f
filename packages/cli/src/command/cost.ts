/** `llm-layers cost`: what tokens cost, the cheapest model first. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

const tokens = (name: string, description: string) =>
  Flag.Int(name).pipe(
    Flag.filter((value) => value >= 0, (value) => `it must be 0 or more, and is ${value}`),
    Flag.withDescription(description)
  )

export const cost = Command.make(
  "cost",
  {
    words: Argument.String("text").pipe(
      Argument.withDescription("What would be asked; else --input, files, or what is piped in"),
      Argument.variadic()
    ),
    models: Flag.String("model").pipe(
      Flag.withAlias("m"),
      Flag.withDescription("A model; may be repeated"),
      Flag.atLeast(0)
    ),
    input: tokens("input", "Tokens of input, in place of a text").pipe(Flag.optional),
    output: tokens("output", "Tokens of the answer; default: 0").pipe(Flag.withDefault(0)),
    files: Flag.String("file").pipe(
      Flag.withAlias("f"),
      Flag.withDescription("A file of text; may be repeated"),
      Flag.atLeast(0)
    ),
    batch: Flag.Boolean("batch").pipe(
      Flag.withDescription("By the prices of the vendor's batch API"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../cost.ts")),
      ({ run }) => run({ ...input, input: Option.getOrUndefined(input.input) })
    )
).pipe(
  Command.withDescription("Say what tokens, or a text, cost with models"),
  Command.withExamples([
    {
      command: "llm-layers cost -m openai/gpt-5-mini -m anthropic/claude-haiku-4-5 --input 10000 --output 500",
      description: "So many tokens"
    },
    { command: "llm-layers cost -m openai/gpt-4o --file report.md --output 1000", description: "A file" }
  ])
)
