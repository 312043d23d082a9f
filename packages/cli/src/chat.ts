/** A conversation: what was said so far stays, whatever model is asked next. */
import * as Prompt from "effect/ai/Prompt"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Answer from "./answer.ts"
import * as Failure from "./failure.ts"
import * as Interrupt from "./interrupt.ts"
import * as Lines from "./lines.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as Sessions from "./sessions.ts"

/** What the flags said. */
export interface Options {
  readonly model: string | undefined
  readonly system: string | undefined
  readonly saved: string | undefined
  readonly settings: Models.Settings
  readonly mock: boolean
}

/** A conversation, and the name it is kept by. */
interface State extends Sessions.Session {
  readonly name: string | undefined
}

export const run = ({ mock, model, saved, settings, system }: Options) =>
  Effect.gen(function*() {
    const before = saved === undefined ? undefined : yield* Sessions.load(saved)
    const prompt = before?.prompt ?? Prompt.empty
    let state: State | undefined = {
      name: saved,
      model: yield* Models.nameOf(model ?? before?.model),
      prompt: system === undefined ? prompt : Prompt.setSystem(prompt, system)
    }
    const lines = yield* Lines.make
    yield* Output.note(`${state.model}. /help lists commands, Ctrl-D ends`)
    while (state !== undefined) {
      const line: Lines.Line = yield* lines.next
      if (line._tag === "Interrupted") return yield* Effect.interrupt
      if (line._tag === "End") return
      state = yield* said(line.text, state, settings)
    }
  }).pipe(Effect.scoped, Effect.provide(Models.layer(mock)))

/** The conversation after a line; `undefined` after its end. What fails is said, and leaves it as it was. */
const said = (line: string, state: State, settings: Models.Settings) => {
  const [, command, argument = ""] = /^\/(\S*)\s*(.*)$/.exec(line) ?? []
  if (command === undefined) return line.trim() === "" ? Effect.succeed(state) : answered(line.trim(), state, settings)
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined
  return known === undefined
    ? Effect.as(
      Output.note(`There is no /${command}: /help lists what there is. A space before it makes it text`),
      state
    )
    : known.run(argument.trim(), state).pipe(
      Effect.catch((error) => Effect.as(failed(error), state))
    )
}

interface ChatCommand {
  readonly use: string
  readonly does: string
  readonly run: (
    argument: string,
    state: State
  ) => Effect.Effect<State | undefined, unknown, Models.Models | Output.Services | Sessions.Services>
}

const commands: { readonly [name: string]: ChatCommand } = {
  model: {
    use: "/model NAME",
    does: "asks another model from here on",
    run: (name, state) =>
      Effect.gen(function*() {
        const model = name === "" ? state.model : yield* Models.nameOf(name)
        yield* Output.note(model)
        return { ...state, model }
      })
  },
  system: {
    use: "/system TEXT",
    does: "tells the model what it is to be",
    run: (text, state) => Effect.succeed({ ...state, prompt: Prompt.setSystem(state.prompt, text) })
  },
  save: {
    use: "/save NAME",
    does: "keeps the conversation, for chat --continue NAME",
    run: (name, state) =>
      Effect.gen(function*() {
        const as = name === "" && state.name !== undefined ? state.name : name
        yield* Output.note(`Saved as ${yield* Sessions.save(as, state)}`)
        return { ...state, name: as }
      })
  },
  help: {
    use: "/help",
    does: "lists these",
    run: (_, state) =>
      Effect.as(Output.note(Object.values(commands).map(({ does, use }) => `${use}\n  ${does}`).join("\n")), state)
  },
  quit: { use: "/quit", does: "ends, as Ctrl-D does", run: () => Effect.succeed(undefined) }
}

/** What was heard belongs to the conversation, also where Ctrl-C ended it. */
const answered = (question: string, state: State, settings: Models.Settings) =>
  Effect.gen(function*() {
    const heard = Answer.nothing()
    const prompt = Prompt.concat(state.prompt, [{ role: "user", content: [{ type: "text", text: question }] }])
    const { model } = state
    const exit = yield* Interrupt.alone(Answer.ask({ model, settings, prompt, show: true }, heard))
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
      const error = Cause.squash(exit.cause)
      // Nobody reads what would come next.
      if (error instanceof Output.Closed) return yield* error
      yield* failed(error)
    }
    const whole = Exit.isSuccess(exit)
    if (!whole && heard.text === "") return state
    const answer = whole
      ? Prompt.fromResponseParts(heard.parts)
      : Prompt.make([{ role: "assistant", content: [{ type: "text", text: heard.text }] }])
    const next = { ...state, prompt: Prompt.concat(prompt, answer) }
    if (next.name !== undefined) yield* Effect.catch(Sessions.save(next.name, next), failed)
    return next
  })

const failed = (error: unknown) =>
  Effect.flatMap(Output.red(`llm-layers: ${Failure.show(error).message}`), (line) => Effect.ignore(Output.note(line)))
