/** `llm-layers models`: what there is, what it takes and what it costs. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flags from "../flags.ts"

const wanted = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.optional)

export const models = Command.make(
  "models",
  {
    words: Argument.String("text").pipe(
      Argument.withDescription("Words that the model's name has"),
      Argument.variadic()
    ),
    provider: Flag.String("provider").pipe(
      Flag.withAlias("p"),
      Flag.withDescription("Of this provider"),
      Flag.optional
    ),
    tools: wanted("tools", "That call tools"),
    reasoning: wanted("reasoning", "That reason"),
    structured: wanted("structured-output", "That answer by a JSON schema"),
    input: Flag.String("input").pipe(
      Flag.withDescription("That take this, as image, pdf, audio or video; may be repeated"),
      Flag.atLeast(0)
    ),
    maxPrice: Flag.Finite("max-price").pipe(
      Flag.withDescription("Whose input and output cost at most so many US dollars for a million tokens"),
      Flag.optional
    ),
    minContext: Flag.Int("min-context").pipe(
      Flag.withDescription("That take at least so many tokens"),
      Flag.optional
    ),
    deprecated: Flag.Boolean("deprecated").pipe(
      Flag.withDescription("Deprecated ones too"),
      Flag.withDefault(false)
    ),
    live: Flag.Boolean("live").pipe(
      Flag.withDescription("What the vendors list now for your keys, instead of the catalogue of this program"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("../catalogue.ts")), ({ run }) =>
      run({
        ...input,
        provider: Option.getOrUndefined(input.provider),
        tools: Option.getOrUndefined(input.tools),
        reasoning: Option.getOrUndefined(input.reasoning),
        structured: Option.getOrUndefined(input.structured),
        maxPrice: Option.getOrUndefined(input.maxPrice),
        minContext: Option.getOrUndefined(input.minContext)
      }))
).pipe(
  Command.withDescription("List models with their limits, prices and abilities"),
  Command.withExamples([
    { command: "llm-layers models --provider anthropic", description: "All of one provider" },
    { command: "llm-layers models --input image --tools --max-price 5", description: "By what they can do" },
    { command: "llm-layers models --live mini", description: "What the vendors list now, by name" }
  ])
)
