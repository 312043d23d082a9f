/** One answer as it comes, with what it took. */
import * as Warning from "@llm-layers/core/Warning"
import * as UsageLedger from "@llm-layers/policies/UsageLedger"
import * as Cost from "@llm-layers/registry/Cost"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import type * as SchemaFile from "./schemaFile.ts"
import * as Spent from "./spent.ts"
import * as Spinner from "./spinner.ts"

type Part = Response.AnyPart

/** What had come of an answer, also where it did not come to its end. */
export interface Heard {
  readonly parts: Array<Part>
  text: string
  /** With a schema. */
  object?: unknown
  entries: ReadonlyArray<UsageLedger.Entry>
}

export const nothing = (): Heard => ({ parts: [], text: "", entries: [] })

/** What is asked, and what is shown of it. */
export interface Options {
  /** As `Models.nameOf` gives it. */
  readonly model: string
  readonly settings?: Models.Settings | undefined
  readonly prompt: Prompt.Prompt
  readonly schema?: SchemaFile.AnswerSchema | undefined
  /** Whether the text is written as it comes. */
  readonly show: boolean
  /** Whether tokens, cost and time are noted. Default: on a terminal, and where the answer was interrupted. */
  readonly usage?: boolean | undefined
}

/**
 * Asks. What comes goes into `heard`, so that it is there after a failure and after Ctrl-C as well; the line of the
 * answer is ended, and what it took is noted, in any case.
 */
export const ask = (options: Options, heard: Heard) =>
  Effect.gen(function*() {
    const ledger = yield* UsageLedger.UsageLedger
    const startedAt = yield* Clock.currentTimeMillis
    const listen = options.schema === undefined ? streamed(options, heard) : object(options.schema, options, heard)
    yield* Effect.onExit(
      Effect.provide(Effect.scoped(listen), Models.languageModel(options.model, options.settings)),
      (exit) =>
        Effect.ignore(Effect.gen(function*() {
          heard.entries = yield* ledger.entries
          if (options.show && heard.text !== "" && !heard.text.endsWith("\n")) yield* Output.write("\n")
          const left = Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
          if (!(options.usage ?? (left || (yield* Output.watched)))) return
          const seconds = ((yield* Clock.currentTimeMillis) - startedAt) / 1000
          yield* Spent.note(options.model, heard.entries, seconds)
        }))
    )
    for (const { about, message } of Warning.of(heard.parts)) {
      yield* Output.note(`Warning: ${about}: ${message}`)
    }
  }).pipe(Effect.provide(Layer.provide(UsageLedger.layer(), Cost.layer)))

const streamed = ({ prompt, show }: Options, heard: Heard) =>
  Effect.gen(function*() {
    const still = yield* Spinner.start
    yield* LanguageModel.streamText({ prompt }).pipe(
      Stream.runForEachArray((parts) => {
        let piece = ""
        for (const part of parts) {
          heard.parts.push(part)
          if (part.type === "text-delta") piece += part.delta
        }
        heard.text += piece
        return piece === "" || !show ? Effect.void : Effect.andThen(still, Output.write(piece))
      })
    )
  })

const object = (schema: SchemaFile.AnswerSchema, { prompt, show }: Options, heard: Heard) =>
  Effect.gen(function*() {
    const still = yield* Spinner.start
    const response = yield* LanguageModel.generateObject({ prompt, schema, objectName: "answer" })
    heard.parts.push(...response.content)
    heard.object = response.value
    yield* still
    if (!show) return
    heard.text = `${JSON.stringify(response.value, null, 2)}\n`
    yield* Output.write(heard.text)
  })
