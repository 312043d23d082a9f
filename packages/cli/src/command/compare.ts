/** `llm-layers compare "question" -m a -m b`: several models, one question. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

export const compare = Command.make(
  "compare",
  {
    words: Argument.String("question").pipe(
      Argument.withDescription("What to ask. What is piped in is added to it"),
      Argument.variadic()
    ),
    models: Flag.String("model").pipe(
      Flag.withAlias("m"),
      Flag.withDescription("A model; twice or more"),
      Flag.atLeast(0)
    ),
    system: Flags.system,
    files: Flag.String("file").pipe(
      Flag.withAlias("f"),
      Flag.withDescription("A file that belongs to the question; may be repeated"),
      Flag.atLeast(0)
    ),
    settings: Flags.settings,
    json: Flags.json,
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("../compare.ts")), ({ run }) =>
      run({
        ...input,
        system: Option.getOrUndefined(input.system),
        settings: Flags.given(input.settings)
      }))
).pipe(
  Command.withDescription("Ask several models at once, with time, tokens and cost of each"),
  Command.withExamples([
    {
      command: "llm-layers compare \"Why is the sky blue?\" -m openai/gpt-5-mini -m anthropic/claude-haiku-4-5",
      description: "Fails only where all of them fail"
    }
  ])
)
