/** `llm-layers "question"`: one answer, as it comes. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ask from "../ask.ts"
import * as Failure from "../failure.ts"
import * as Models from "../models.ts"
import * as Output from "../output.ts"

export const model = Flag.String("model").pipe(
  Flag.withAlias("m"),
  Flag.withDescription("The model, as provider/model, a model's own name, or a role such as small"),
  Flag.optional
)

export const mock = Flag.Boolean("mock").pipe(
  Flag.withDescription("Ask a model that needs neither key nor network, and repeats what it is asked"),
  Flag.withDefault(false)
)

export const ask = Command.make(
  "llm-layers",
  {
    words: Argument.String("question").pipe(Argument.withDescription("What to ask"), Argument.variadic()),
    model,
    mock
  },
  ({ mock, model, words }) =>
    Effect.gen(function*() {
      const question = words.join(" ").trim()
      if (question === "") {
        return yield* new Failure.Usage({ message: "Say what to ask, as in: llm-layers \"Why is the sky blue?\"" })
      }
      const name = yield* Models.nameOf(Option.getOrUndefined(model))
      yield* Effect.provide(Ask.stream(question), Models.languageModel(name))
      yield* Output.write("\n")
    }).pipe(Effect.provide(Models.layer(mock)))
).pipe(Command.withDescription("Ask language models of any vendor"))
