/** The driver that plays a script, and what it keeps of the calls. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { momentsOf, whole } from "./answer.ts"
import { type Delivery, type Moment, timeOf, toStream } from "./delivery.ts"
import { type Entry, fits, labelOf, resolve, type Respond } from "./entry.ts"
import * as Played from "./script.ts"

/** One entry a call, in order; or a function that answers every call. */
export type Script = ReadonlyArray<Entry> | Respond

/** A call as it reached the model. Of calls that a policy repeats, each attempt. */
export interface Call {
  readonly method: "generateText" | "streamText" | "generateObject"
  readonly prompt: Prompt.Prompt
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolChoice: LanguageModel.ToolChoice<string>
  readonly responseFormat: LanguageModel.ProviderOptions["responseFormat"]
  /** How it ended. `interrupted` is also a stream that was not read to its end. */
  readonly outcome: Played.Outcome
}

/** What a scripted model saw. */
export interface Seen {
  /** The calls so far, in their order; failed ones, too. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  /** The prompts of the calls. */
  readonly prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>>
  /** Dies with a `ScriptMismatch` where a call found no answer or an answer is left. */
  readonly expectDone: Effect.Effect<void>
}

/** How the model is, apart from its policy. */
export interface Character {
  readonly model?: string | undefined
  readonly capabilities?: Partial<Capability.Capabilities> | undefined
}

type Playing = Seen & { readonly driver: Driver.Driver; readonly played: Played.Played<Entry> }

type Recorded = Call & { outcome: Played.Outcome }

/** A script from its beginning. */
export const play = (script: Script, character: Character): Effect.Effect<Playing> =>
  Effect.sync(() => {
    const calls: Array<Recorded> = []
    const played = Played.start(typeof script === "function" ? [] : script, labelOf)
    const model = character.model ?? "scripted"
    let toolCalls = 0

    const record = (
      { prompt, responseFormat, toolChoice, tools }: LanguageModel.ProviderOptions,
      method: Call["method"]
    ) => {
      const call: Recorded = { method, prompt, tools, toolChoice, responseFormat, outcome: "running" }
      calls.push(call)
      return call
    }

    const answer = (
      asked: LanguageModel.ProviderOptions,
      call: Recorded
    ): Effect.Effect<{ readonly moments: ReadonlyArray<Moment>; readonly delivery: Delivery }, AiError.AiError> =>
      Effect.suspend(() => {
        const number = calls.indexOf(call) + 1
        const label = `${call.method} ${Played.quoted(lastText(asked.prompt))}`
        const entry = typeof script === "function" ? script : played.take(label, (one) => fits(one, asked))
        if (entry === undefined) return Effect.fail(missing(call.method, `call ${number}, ${label}`, played.show()))
        return Effect.map(resolve(entry, asked), ({ answer, delivery }) => ({
          delivery,
          moments: momentsOf(answer, {
            id: `scripted-${number}`,
            model,
            prompt: asked.prompt.content.map(textOf),
            toolCallId: () => `call-${++toolCalls}`
          }, delivery.deltas)
        }))
      })

    return {
      played,
      calls: Effect.sync(() => calls.map((call) => ({ ...call }))),
      prompts: Effect.sync(() => calls.map((call) => call.prompt)),
      expectDone: Played.expectDone(played),
      driver: {
        provider: "scripted",
        module: "ScriptedModel",
        model,
        capabilities: { ...Capability.all, ...character.capabilities },
        codecTransformer: ToolParameters.plain,
        identity: Effect.succeed({}),
        generateText: (asked) =>
          Effect.suspend(() => {
            const call = record(asked, asked.responseFormat.type === "json" ? "generateObject" : "generateText")
            return answer(asked, call).pipe(
              Effect.flatMap(({ delivery, moments }) => {
                const last = moments.at(-1)
                const end = AiError.isAiError(last) ? Effect.fail(last) : Effect.sync(() => whole(moments))
                const time = timeOf(moments, delivery)
                return Duration.isZero(time) ? end : Effect.delay(end, time)
              }),
              Played.settle(call)
            )
          }),
        streamText: (asked) =>
          Stream.suspend(() => {
            const call = record(asked, "streamText")
            return Stream.unwrap(
              Effect.map(answer(asked, call), ({ delivery, moments }) =>
                toStream(moments, delivery, (read) => {
                  if (AiError.isAiError(read)) call.outcome = "failed"
                  else if (read.some((part) => part.type === "finish")) call.outcome = "answered"
                }))
            ).pipe(Stream.onExit((exit) =>
              Effect.sync(() => {
                if (call.outcome !== "running") return
                const outcome = Played.outcomeOf(exit)
                call.outcome = outcome === "answered" ? "interrupted" : outcome
              })
            ))
          })
      }
    }
  })

/** The text of the last message that has one. */
export const lastText = (prompt: Prompt.Prompt): string => {
  for (const message of prompt.content.toReversed()) {
    const text = textOf(message)
    if (text !== "") return text
  }
  return ""
}

const textOf = (message: Prompt.Message): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.flatMap((part) => part.type === "text" ? [part.text] : []).join("")

const missing = (method: string, call: string, table: string): AiError.AiError =>
  ProviderError.make({ provider: "scripted", module: "ScriptedModel", method }, "Unknown", {
    description: `The script has no answer for ${call}.\n${table}`
  })
