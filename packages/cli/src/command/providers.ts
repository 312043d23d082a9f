/** `llm-layers providers`: whose models can be asked. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Flags from "../flags.ts"

export const providers = Command.make(
  "providers",
  {
    check: Flag.Boolean("check").pipe(
      Flag.withDescription("Ask each vendor for its models, and say whether that works"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  (options) => Effect.flatMap(Effect.promise(() => import("../keys.ts")), ({ run }) => run(options))
).pipe(
  Command.withDescription("Say whose keys are set, and which of them work"),
  Command.withExamples([
    { command: "llm-layers providers", description: "Whose keys are found, and under which names" },
    { command: "llm-layers providers --check", description: "Exit code 1 where one that is set does not work" }
  ])
)
