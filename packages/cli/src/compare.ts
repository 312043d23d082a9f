/** The answers of several models to one question. A model that fails does not end the others. */
import * as Prompt from "effect/ai/Prompt"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Answer from "./answer.ts"
import * as Failure from "./failure.ts"
import * as Inputs from "./inputs.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as Screen from "./screen.ts"
import * as SideBySide from "./sideBySide.ts"
import * as Spent from "./spent.ts"

/** What the flags said. */
export interface Options {
  readonly words: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  readonly models: ReadonlyArray<string>
  readonly system: string | undefined
  readonly settings: Models.Settings
  readonly json: boolean
  readonly mock: boolean
}

/** How it went with one model, so far. */
interface Try {
  /** As it was asked for. */
  readonly name: string
  readonly heard: Answer.Heard
  seconds: number
  /** Absent while it runs. */
  exit?: Exit.Exit<void, unknown>
}

export const run = ({ files, json, mock, models, settings, system, words }: Options) =>
  Effect.gen(function*() {
    const names = [...new Set(models)]
    if (names.length < 2) {
      return yield* new Failure.Usage({ message: "Say which models to compare: --model twice or more" })
    }
    const parts = yield* Effect.forEach(files, Inputs.file)
    const asked = yield* Inputs.question(words.join(" "), yield* Inputs.standard, parts)
    const plain = Prompt.fromMessages([asked])
    const prompt = system === undefined ? plain : Prompt.setSystem(plain, system)
    const tries = names.map((name): Try => ({ name, heard: Answer.nothing(), seconds: 0 }))
    const show = Effect.suspend(() => json ? Screen.json(tries.map(encode)) : shown(tries))
    yield* Effect.forEach(tries, (one) => ask(one, prompt, settings, mock), { concurrency: "unbounded" }).pipe(
      // What has come by then is what there is to compare.
      Effect.onInterrupt(() => Effect.ignore(show))
    )
    yield* show
    const failures = tries.flatMap(({ exit }) => exit !== undefined && Exit.isFailure(exit) ? [exit] : [])
    const [first] = failures
    if (first !== undefined && failures.length === tries.length) return yield* first
  }).pipe(Effect.provide(Models.layer(mock)))

/** Goes on until the model is done or has failed. */
const ask = (one: Try, prompt: Prompt.Prompt, settings: Models.Settings, mock: boolean) =>
  Effect.gen(function*() {
    const startedAt = yield* Clock.currentTimeMillis
    const answering = Effect.gen(function*() {
      const model = mock ? `mock/${one.name}` : yield* Models.nameOf(one.name)
      yield* Answer.ask({ model, settings, prompt, show: false, usage: false }, one.heard)
    })
    const exit = yield* Effect.onExit(Effect.exit(answering), () =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        one.seconds = (now - startedAt) / 1000
      }))
    one.exit = exit
    if (!(yield* Output.watched)) return
    const how = Exit.isSuccess(exit) ? "answered" : "failed"
    yield* Output.noteRaw(yield* Output.dim(`${erase}${one.name} ${how} after ${one.seconds.toFixed(1)} s\n`))
  })

/** Takes away what a spinner left on the line. */
const erase = "\r\u001B[2K"

/** Side by side where there is room, else one under the other. */
const shown = (tries: ReadonlyArray<Try>) =>
  Effect.gen(function*() {
    const width = yield* Screen.width
    const answers = tries.map((one): SideBySide.Answer => ({
      title: one.name,
      text: one.heard.text.trim(),
      notes: notes(one)
    }))
    yield* Output.write(`${SideBySide.lines(answers, width).join("\n")}\n`)
  })

const notes = (one: Try): ReadonlyArray<string> => {
  const { heard: { entries }, seconds } = one
  const error = problem(one)
  return [
    ...error === undefined ? [] : [error],
    ...entries.length === 0 ? [`${seconds.toFixed(1)} s`] : Spent.shown(one.name, Spent.of(entries), seconds).slice(1)
  ]
}

const problem = ({ exit }: Try): string | undefined => {
  if (exit === undefined) return "interrupted"
  return Exit.isFailure(exit) ? `failed: ${Failure.show(Cause.squash(exit.cause)).message}` : undefined
}

/** For programs. What is not known is absent. */
const encode = (one: Try) => {
  const spent = Spent.of(one.heard.entries)
  return {
    model: one.name,
    text: one.heard.text,
    error: problem(one)?.replace(/^failed: /, ""),
    seconds: one.seconds,
    inputTokens: spent.input,
    outputTokens: spent.output,
    costUsd: Spent.dollars(spent)
  }
}
