/** `llm-layers count`: tokens of a text, how they were counted, and how far off that may be. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

export const count = Command.make(
  "count",
  {
    words: Argument.String("text").pipe(
      Argument.withDescription("What is counted; else files, else what is piped in"),
      Argument.variadic()
    ),
    model: Flags.model,
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
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../count.ts")),
      ({ run }) => run({ ...input, model: Option.getOrUndefined(input.model) })
    )
).pipe(
  Command.withDescription("Count the tokens of a text for a model"),
  Command.withExamples([
    { command: "llm-layers count -m openai/gpt-4o \"How long is this?\"", description: "A text" },
    { command: "llm-layers count -m anthropic/claude-sonnet-4-5 --exact < notes.md", description: "By the vendor" }
  ])
)
