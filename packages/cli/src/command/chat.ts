/** `llm-layers chat`: a conversation. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

export const chat = Command.make(
  "chat",
  {
    model: Flags.model,
    system: Flags.system,
    saved: Flag.String("continue").pipe(
      Flag.withAlias("c"),
      Flag.withDescription("Go on with a conversation that was saved by this name"),
      Flag.optional
    ),
    settings: Flags.settings,
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("../chat.ts")), ({ run }) =>
      run({
        mock: input.mock,
        model: Option.getOrUndefined(input.model),
        system: Option.getOrUndefined(input.system),
        saved: Option.getOrUndefined(input.saved),
        settings: Flags.given(input.settings)
      }))
).pipe(
  Command.withDescription("Talk with a model; /help in it lists what else it can do"),
  Command.withExamples([
    { command: "llm-layers chat -m openai/gpt-5.5", description: "A new conversation" },
    { command: "llm-layers chat --continue holidays", description: "One that was saved with /save holidays" }
  ])
)
