/**
 * A `LanguageModel` that answers from a script and keeps what it was asked: for tests of programs that use a model.
 *
 * It is built as the providers are, on `Driver`: tools run, schemas are checked, spans are marked and a stream has
 * starts, deltas and ends, so that a program meets here what it meets with a vendor.
 *
 * The script has to fit. A call that finds no answer and an answer that no call used fail the test when the Layer ends,
 * with a message that shows what was asked beside what the script has.
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Answer, Part, Piece, ToolCall } from "./internal/scripted/answer.ts"
import type { Cut, CutKind, Delivery, StreamPart } from "./internal/scripted/delivery.ts"
import type { Conditional, Delivered, Entry, Reply, Respond } from "./internal/scripted/entry.ts"
import { type Call, lastText, play, type Script, type Seen } from "./internal/scripted/play.ts"
import { expectDoneAtEnd, type Outcome, quoted } from "./internal/scripted/script.ts"

export { lastText } from "./internal/scripted/play.ts"
export { ScriptMismatch } from "./internal/scripted/script.ts"
export type {
  Answer,
  Call,
  Conditional,
  Cut,
  CutKind,
  Delivered,
  Delivery,
  Entry,
  Outcome,
  Part,
  Piece,
  Reply,
  Respond,
  Script,
  Seen,
  StreamPart,
  ToolCall
}

/**
 * What a scripted model saw.
 */
export class ScriptedModel extends Context.Service<ScriptedModel, Seen>()("@llm-layers/testing/ScriptedModel") {}

/** How the model is. */
export interface Options<R = never> {
  /** Its name. Default: `scripted`. */
  readonly model?: string | undefined
  /** What it cannot do, as a vendor's model might not. Default: it can do everything. */
  readonly capabilities?: Partial<Capability.Capabilities> | undefined
  /** What happens to every request. */
  readonly policy?: Policy.Policy<R> | undefined
}

/** The driver of a script, for those who test a policy. Nothing is checked at its end but by `expectDone`. */
export const make = (
  script: Script,
  options: Pick<Options, "model" | "capabilities"> = {}
): Effect.Effect<Seen & { readonly driver: Driver.Driver }> =>
  Effect.map(
    play(script, options),
    ({ calls, driver, expectDone, prompts }) => ({ calls, driver, expectDone, prompts })
  )

/**
 * A `LanguageModel` that gives the answers of the script, one a call, in order; or those of a function.
 *
 * A call that finds no answer fails with an `AiError` of kind `Unknown`. When the Layer ends, it dies with
 * {@link ScriptMismatch} where that had happened or answers are left, so that a test fails although the program handled
 * the error. Provide the Layer around the whole test: what catches every cause outside of it hides the mismatch. A
 * function has an answer for every call.
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
 *   const calls = yield* ScriptedModel.calls
 *   deepStrictEqual(calls.map((call) => call.tools.map((tool) => tool.name)), [["Weather"], []])
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
  script: Script,
  options: Options<R> = {}
): Model.Model<"scripted", LanguageModel.LanguageModel | ScriptedModel, R> =>
  Model.make(
    "scripted",
    options.model ?? "scripted",
    Layer.unwrap(Effect.gen(function*() {
      const { driver, played, ...seen } = yield* play(script, options)
      yield* Effect.addFinalizer(expectDoneAtEnd(played))
      return Layer.merge(Driver.layer(Effect.succeed(driver), options.policy), Layer.succeed(ScriptedModel, seen))
    }))
  )

/** The calls the model saw so far, in their order. */
export const calls: Effect.Effect<ReadonlyArray<Call>, never, ScriptedModel> = Effect.flatMap(
  ScriptedModel,
  (model) => model.calls
)

/** The prompts the model saw so far, in the order of the calls. */
export const prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>, never, ScriptedModel> = Effect.flatMap(
  ScriptedModel,
  (model) => model.prompts
)

/** Dies with {@link ScriptMismatch} where a call found no answer or an answer is left. */
export const expectDone: Effect.Effect<void, never, ScriptedModel> = Effect.flatMap(
  ScriptedModel,
  (model) => model.expectDone
)

/**
 * An answer with how it comes: when, in which deltas, and how many parts of a stream at once. Time is that of the
 * `Clock`; a test rules it with `TestClock`.
 *
 * @example
 * ```ts
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect, Stream } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const deltas = LanguageModel.streamText({ prompt: "Hello" }).pipe(
 *   Stream.runCollect,
 *   Effect.map((parts) => parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : [])),
 *   Effect.provide(ScriptedModel.layer([ScriptedModel.deliver("Hello", { deltas: 2, every: "5 millis" })]))
 * )
 *
 * deepStrictEqual(await Effect.runPromise(deltas), ["He", "ll", "o"])
 * ```
 */
export const deliver = (answer: Answer, delivery: Delivery): Delivered => ({ _tag: "Delivered", answer, delivery })

/**
 * An entry for a call that it fits: whose last text contains the string or matches the expression, or of which the
 * function says so. Each call gets the first entry left that fits it, so the order of such calls does not matter.
 *
 * @example
 * ```ts
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const weather = (city: string) =>
 *   Effect.map(LanguageModel.generateText({ prompt: `The weather in ${city}` }), (response) => response.text)
 *
 * const both = Effect.all([weather("Rome"), weather("Oslo")], { concurrency: 2 }).pipe(
 *   Effect.provide(ScriptedModel.layer([
 *     ScriptedModel.when("Oslo", "snow"),
 *     ScriptedModel.when(/rome/i, "sun")
 *   ]))
 * )
 *
 * deepStrictEqual(await Effect.runPromise(both), ["sun", "snow"])
 * ```
 */
export const when = (condition: string | RegExp | Conditional["fits"], entry: Reply | Respond): Conditional => ({
  _tag: "Conditional",
  entry,
  label: typeof condition === "string"
    ? quoted(condition)
    : typeof condition === "function"
    ? "a function says so"
    : String(condition),
  fits: typeof condition === "function"
    ? condition
    : typeof condition === "string"
    ? (prompt) => lastText(prompt).includes(condition)
    : (prompt) => lastText(prompt).search(condition) >= 0
})

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
 * A failure, from a reason of `AiError` or from a kind of this project's. As an entry it is how a call fails; at the end
 * of a list, how a stream breaks off after the pieces before it.
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
  if (typeof error === "string") return ProviderError.make(origin, error, detail)
  return AiError.isAiError(error) ? error : AiError.make({ module: "ScriptedModel", method: "fail", reason: error })
}

const origin: ProviderError.Origin = { provider: "scripted", module: "ScriptedModel", method: "fail" }
