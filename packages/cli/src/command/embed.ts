/** `llm-layers embed`: vectors of files or lines. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

export const embed = Command.make(
  "embed",
  {
    patterns: Argument.String("file").pipe(
      Argument.withDescription("Files, or patterns such as \"notes/**/*.md\"; else each line of what is piped in"),
      Argument.variadic()
    ),
    model: Flag.String("model").pipe(
      Flag.withAlias("m"),
      Flag.withDescription("The embedding model, as in openai/text-embedding-3-small, or the role embedding"),
      Flag.optional
    ),
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withDescription(
        "Where vectors go: a .jsonl file or a .db file of SQLite; default: standard output, as lines of JSON"
      ),
      Flag.optional
    ),
    resume: Flag.Boolean("resume").pipe(
      Flag.withDescription("Go on with what --out has, and leave out texts that have not changed"),
      Flag.withDefault(false)
    ),
    batch: Flag.Int("batch").pipe(
      Flag.filter((value) => value > 0, (value) => `it must be 1 or more, and is ${value}`),
      Flag.withDescription("How many texts are embedded, and written, at once; default: 64"),
      Flag.withDefault(64)
    ),
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../embed.ts")),
      ({ run }) => run({ ...input, model: Option.getOrUndefined(input.model), out: Option.getOrUndefined(input.out) })
    )
).pipe(
  Command.withDescription("Embed files, or lines, as vectors"),
  Command.withExamples([
    {
      command: "llm-layers embed -m openai/text-embedding-3-small \"notes/**/*.md\" --out notes.db",
      description: "Files, into SQLite"
    },
    {
      command: "llm-layers embed -m cohere/embed-v4.0 --out lines.jsonl --resume < lines.txt",
      description: "Lines; what was done before is not done again"
    }
  ])
)
