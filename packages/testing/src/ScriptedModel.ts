/**
 * A `LanguageModel` that answers from a script and keeps the prompts it saw: for tests of programs that use a model.
 *
 * It is built as the providers are, on `Driver`: tools run, schemas are checked, spans are marked and a stream has
 * starts, deltas and ends, so that a program meets here what it meets with a vendor.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { type Part, type ToolCall, toStream, whole } from "./internal/answer.ts"

export type { Part, ToolCall }

/**
 * One answer: a text, a part, several parts, or the error the call fails with. What is left out is added: ids of tool
 * calls, the response's metadata, and a `finish` with reason `tool-calls` where a tool was called, else `stop`.
 */
export type Answer = string | Part | ToolCall | ReadonlyArray<Part | ToolCall> | AiError.AiError

/** One turn of the script: an answer, or how to make it from what was asked. */
export type Entry = Answer | ((prompt: Prompt.Prompt, options: LanguageModel.ProviderOptions) => Answer)

/**
 * What a scripted model saw.
 */
export class ScriptedModel extends Context.Service<ScriptedModel, {
  /** The prompts so far, in the order of the calls; those of failed calls, too. */
  readonly prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>>
}>()("@llm-layers/testing/ScriptedModel") {}

/** How the model is. */
export interface Options<R = never> {
  /** Its name. Default: `scripted`. */
  readonly model?: string | undefined
  /** What it cannot do, as a vendor's model might not. Default: it can do everything. */
  readonly capabilities?: Partial<Capability.Capabilities> | undefined
  /** What happens to every request. */
  readonly policy?: Policy.Policy<R> | undefined
}

/** The driver of a script, for those who test a policy. */
export const make = (
  script: ReadonlyArray<Entry>,
  options: Pick<Options, "model" | "capabilities"> = {}
): Effect.Effect<{
  readonly driver: Driver.Driver
  readonly prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>>
}> =>
  Effect.sync(() => {
    const seen: Array<Prompt.Prompt> = []
    const model = options.model ?? "scripted"
    let toolCalls = 0

    const next = (
      asked: LanguageModel.ProviderOptions,
      method: string
    ): Effect.Effect<Array<Part>, AiError.AiError> =>
      Effect.suspend(() => {
        const call = seen.push(asked.prompt)
        const entry = script[call - 1]
        if (entry === undefined) return Effect.fail(usedUp(script.length, call, asked.prompt, method))
        const answer = typeof entry === "function" ? entry(asked.prompt, asked) : entry
        if (AiError.isAiError(answer)) return Effect.fail(answer)
        return Effect.succeed(whole(answer, {
          id: `scripted-${call}`,
          model,
          prompt: asked.prompt.content.map(textOf),
          toolCallId: () => `call-${++toolCalls}`
        }))
      })

    return {
      prompts: Effect.sync(() => [...seen]),
      driver: {
        provider: "scripted",
        module: "ScriptedModel",
        model,
        capabilities: { ...Capability.all, ...options.capabilities },
        codecTransformer: ToolParameters.plain,
        generateText: (asked) => next(asked, "generateText"),
        // One part a read, as a slow vendor sends them.
        streamText: (asked) =>
          Stream.unwrap(
            Effect.map(next(asked, "streamText"), (parts) => Stream.rechunk(Stream.fromArray(toStream(parts)), 1))
          )
      }
    }
  })

/**
 * A `LanguageModel` that gives the answers of the script, one a call, in order. A call after the last fails with an
 * `AiError` of kind `Unknown` that says which call it was and what it asked.
 *
 * Tokens are counted as words. Each time the Layer is built the script starts again.
 *
 * @example
 * ```ts
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect, Schema } from "effect"
 * import { LanguageModel, Tool, Toolkit } from "effect/ai"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const Weather = Tool.make("Weather", {
 *   parameters: Schema.Struct({ city: Schema.String }),
 *   success: Schema.String
 * })
 * const tools = Toolkit.make(Weather)
 *
 * const program = Effect.gen(function*() {
 *   const called = yield* LanguageModel.generateText({ prompt: "Rome?", toolkit: tools })
 *   strictEqual(called.toolResults[0]?.result, "sunny in Rome")
 *
 *   const told = yield* LanguageModel.generateText({ prompt: "And now?" })
 *   strictEqual(told.text, "You asked: And now?")
 *
 *   const { length } = yield* ScriptedModel.prompts
 *   deepStrictEqual(length, 2)
 * })
 *
 * await program.pipe(
 *   Effect.provide(tools.toLayer({ Weather: ({ city }) => Effect.succeed(`sunny in ${city}`) })),
 *   Effect.provide(ScriptedModel.layer([
 *     ScriptedModel.toolCall("Weather", { city: "Rome" }),
 *     (prompt) => `You asked: ${ScriptedModel.lastText(prompt)}`
 *   ])),
 *   Effect.runPromise
 * )
 * ```
 */
export const layer = <R = never>(
  script: ReadonlyArray<Entry>,
  options: Options<R> = {}
): Model.Model<"scripted", LanguageModel.LanguageModel | ScriptedModel, R> =>
  Model.make(
    "scripted",
    options.model ?? "scripted",
    Layer.unwrap(Effect.map(make(script, options), ({ driver, prompts }) =>
      Layer.merge(
        Driver.layer(Effect.succeed(driver), options.policy),
        Layer.succeed(ScriptedModel, { prompts })
      )))
  )

/** The prompts the model saw so far, in the order of the calls. */
export const prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>, never, ScriptedModel> = Effect.flatMap(
  ScriptedModel,
  (model) => model.prompts
)

/**
 * A tool call, with the arguments as a model would write them: JSON. Several in an array are one answer with parallel
 * calls.
 */
export const toolCall = (name: string, params: unknown = {}, id?: string): ToolCall => ({
  type: "tool-call",
  name,
  // Through text and back, because that is all a model can write: a `Date` becomes a string, `undefined` is left out.
  params: JSON.parse(JSON.stringify(params)),
  ...(id === undefined ? undefined : { id })
})

/** An answer to `generateObject`: the value as JSON text. */
export const object = (value: unknown): Part => ({ type: "text", text: JSON.stringify(value) })

/**
 * A failure, from a reason of `AiError` or from a kind of this project's.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Duration } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const error = ScriptedModel.fail("RateLimited", { retryAfter: Duration.seconds(2) })
 * strictEqual(ProviderError.kindOf(error), "RateLimited")
 * strictEqual(error.isRetryable, true)
 * ```
 */
export const fail = (
  error: AiError.AiError | AiError.AiErrorReason | ErrorKind.Name,
  detail?: ProviderError.Detail
): AiError.AiError => {
  if (typeof error === "string") return ProviderError.make(originOf("fail"), error, detail)
  return AiError.isAiError(error) ? error : AiError.make({ module: "ScriptedModel", method: "fail", reason: error })
}

/** The text of the last message that has one. */
export const lastText = (prompt: Prompt.Prompt): string => {
  for (const message of prompt.content.toReversed()) {
    const text = textOf(message)
    if (text !== "") return text
  }
  return ""
}

const originOf = (method: string): ProviderError.Origin => ({ provider: "scripted", module: "ScriptedModel", method })

const textOf = (message: Prompt.Message): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.flatMap((part) => part.type === "text" ? [part.text] : []).join("")

const usedUp = (answers: number, call: number, prompt: Prompt.Prompt, method: string): AiError.AiError =>
  ProviderError.make(originOf(method), "Unknown", {
    description: `The script has ${answers} ${
      answers === 1 ? "answer" : "answers"
    }; this is call ${call} (${method}), which asked: ${JSON.stringify(lastText(prompt).slice(0, 500))}`,
    facts: { call, answers }
  })
