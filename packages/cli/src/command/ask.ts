/** `llm-layers "question"`: one answer, as it comes. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

export const ask = Command.make(
  "llm-layers",
  {
    words: Argument.String("question").pipe(
      Argument.withDescription("What to ask. Standard input is added to it, or is the question where there is none"),
      Argument.variadic()
    ),
    model: Flags.model,
    system: Flags.system,
    files: Flag.String("file").pipe(
      Flag.withAlias("f"),
      Flag.withDescription("A file that belongs to the question: text, image, PDF, audio; may be repeated"),
      Flag.atLeast(0)
    ),
    schema: Flag.String("schema").pipe(
      Flag.withDescription("A file with a JSON Schema: the answer is JSON that fits it"),
      Flag.optional
    ),
    settings: Flags.settings,
    usage: Flag.Boolean("usage").pipe(
      Flag.withDescription("Say tokens, cost and time on standard error, also where that is no terminal"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("../ask.ts")), ({ run }) =>
      run({
        ...input,
        model: Option.getOrUndefined(input.model),
        system: Option.getOrUndefined(input.system),
        schema: Option.getOrUndefined(input.schema),
        settings: Flags.given(input.settings)
      }))
).pipe(
  Command.withDescription("Ask language models of any vendor"),
  Command.withExamples([
    { command: "llm-layers \"Why is the sky blue?\"", description: "An answer as it comes" },
    { command: "git diff | llm-layers \"Review this\" -m anthropic/claude-sonnet-4-5", description: "With a pipe" },
    { command: "llm-layers \"What is in it?\" -f photo.jpg --schema things.json", description: "JSON of an image" },
    { command: "llm-layers --mock \"Hello\"", description: "Without a key or a network" }
  ])
)
