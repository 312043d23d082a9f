/**
 * Several models as one: a request goes to the first, and to the next where that failed in a way another model may not.
 *
 * It works on Layers that supply `LanguageModel`, anybody's, and not on drivers: policies say what happens to a request,
 * this says which model gets it. Policies of the members stay theirs.
 *
 * Once an answer has begun, or a handler of the program's tools has, the request stays with its model: what was said is
 * not said again in other words, and a tool does not run twice. A request that continues an approval runs its tools
 * before any model is asked, so it stays with the first.
 */
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Account from "./internal/fallback/account.ts"
import type { Answered, Failure } from "./internal/fallback/account.ts"
import { build } from "./internal/fallback/build.ts"
import type { Member, Members } from "./internal/fallback/request.ts"
import { serviceOf } from "./internal/fallback/service.ts"
import { ofCount, ofDuration } from "./internal/options.ts"

export type { Answered, Failure }
export type { Member, Members }

/** When and how often another model is asked. */
export interface Options {
  /** Whether the next model is asked after this failure. Default: {@link movesOn} says so of its kind. */
  readonly when?: ((error: AiError.AiError, kind: ErrorKind.Name) => boolean) | undefined
  /**
   * What may be sent again for one request, by the retries of all members together: a model that fails leaves the rest to
   * the next. Going to the next model takes nothing of it, as each is asked once. What is around the request already, of
   * a `Fallback` or `Retry` further out, counts instead. Default: 4 times, nothing begun after 5 minutes.
   */
  readonly retries?: {
    readonly times?: number | undefined
    readonly totalTime?: Duration.Input | undefined
  } | undefined
  /**
   * What a member does whose Layer cannot be built, for want of a key: `fail` fails the Layer, so that a missing second
   * model is found when the program starts and not when it is needed; `skip` goes without, with a warning in the log,
   * unless none is left. Default: `fail`.
   */
  readonly onBuildFailure?: "fail" | "skip" | undefined
}

/** What is passed to {@link layer}: whatever it is, one at least. */
export type Layers = readonly [unknown, ...ReadonlyArray<unknown>]

/**
 * Holds each of {@link Layers} to be one that supplies a model and fails with `E` at most. Were this a constraint, a
 * generic `model(…)` written in its place would take its requirements from there.
 */
export type Supplying<All extends Layers, E> = {
  readonly [K in keyof All]: All[K] extends Layer.Layer<LanguageModel.LanguageModel, E, unknown> ? unknown
    : Layer.Layer<LanguageModel.LanguageModel>
}

/** What Layers fail with, together. */
export type ErrorOf<All extends Layers> = Layer.Error<Extract<All[number], Layer.Any>>

/** What Layers need, together. */
export type ServicesOf<All extends Layers> = Layer.Services<Extract<All[number], Layer.Any>>

/**
 * After which kinds of failure another model is asked.
 *
 * Not after a request that is wrong by itself or was refused for its content, which another vendor should not be tried
 * with unasked; nor after an answer that came and was too long for its limit.
 */
export const movesOn: { readonly [kind in ErrorKind.Name]: boolean } = {
  RateLimited: true,
  QuotaExhausted: true,
  AuthenticationFailed: true,
  ContentRefused: false,
  // Its window may be larger, as may be what else it takes.
  ContextOverflow: true,
  RequestTooLarge: true,
  ModelNotFound: true,
  InvalidRequest: false,
  Unsupported: true,
  Overloaded: true,
  ProviderFailed: true,
  TimedOut: true,
  StreamInterrupted: true,
  ConnectionFailed: true,
  InvalidResponse: true,
  EventTooLarge: false,
  OutputTruncated: false,
  InvalidOutput: true,
  // Those of the member's own policies; where the next has the same, it fails at once.
  BudgetExceeded: true,
  QueueFull: true,
  CircuitOpen: true,
  StoreFailed: true,
  // Statuses that other makers of providers have no reason for: 404 and 408 among them.
  Unknown: true
}

/**
 * The models as one service, the first to be asked first.
 */
export const make = (members: Members, options: Options = {}): LanguageModel.LanguageModel => {
  const { times = 4, totalTime = "5 minutes" } = options.retries ?? {}
  const problem = ofCount("retries.times", times, 0) ?? ofDuration("retries.totalTime", totalTime)
  return serviceOf(members, {
    when: options.when ?? ((_, kind) => movesOn[kind]),
    limits: { times, totalTime: problem === undefined ? Duration.fromInputUnsafe(totalTime) : Duration.zero },
    problem
  })
}

/**
 * A Layer that supplies the models as one. It fails with the errors of all members and needs what each of them needs.
 *
 * When all have failed, the error is that of the last one asked, with its reason; `Fallback.failures` has the others.
 *
 * @example
 * ```ts
 * import { Fallback } from "@llm-layers/policies"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const response = yield* LanguageModel.generateText({ prompt: "Hello" })
 *   strictEqual(response.text, "Hi.")
 *   const answered = Fallback.answeredBy(response)
 *   strictEqual(answered?.model, "second")
 *   strictEqual(answered?.failed[0]?.kind, "Overloaded")
 * })
 *
 * const first = ScriptedModel.layer([ScriptedModel.fail("Overloaded")], { model: "first" })
 * const second = ScriptedModel.layer(["Hi."], { model: "second" })
 * await Effect.runPromise(Effect.provide(program, Fallback.layer([first, second])))
 * ```
 */
export const layer = <const All extends Layers>(
  members: All & Supplying<All, unknown>,
  options: Options = {}
): Layer.Layer<LanguageModel.LanguageModel, ErrorOf<All>, ServicesOf<All>> =>
  Layer.fromBuildMemo((memoMap, scope) => {
    // Each is a Layer, by `Supplying`; together they fail with this and need that.
    const layers = members as unknown as ReadonlyArray<
      Layer.Layer<LanguageModel.LanguageModel, ErrorOf<All>, ServicesOf<All>>
    >
    const built = build(layers, options.onBuildFailure === "skip", memoMap, scope)
    return Effect.map(built, (all) => Context.make(LanguageModel.LanguageModel, make(all, options)))
  })

/**
 * The models as one `Model`, for where one is wanted. Its provider is `fallback`, its name that of the options. Members
 * whose Layer can fail are for {@link layer}.
 *
 * @example
 * ```ts
 * import { Fallback } from "@llm-layers/policies"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { Model } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const models = Fallback.model([ScriptedModel.layer(() => "Hi."), ScriptedModel.layer(() => "Hello.")], { name: "chat" })
 * strictEqual(models.provider, "fallback")
 * strictEqual(await Effect.runPromise(Effect.provide(Model.ModelName, models)), "chat")
 * ```
 */
export const model = <const All extends Layers>(
  members: All & Supplying<All, never>,
  { name = "fallback", ...options }: Options & { readonly name?: string | undefined } = {}
): Model.Model<"fallback", LanguageModel.LanguageModel, ServicesOf<All>> => {
  // None of them fails, by `Supplying`.
  const supplied = layer(members as All & Supplying<All, unknown>, options) as Layer.Layer<
    LanguageModel.LanguageModel,
    never,
    ServicesOf<All>
  >
  return Model.make("fallback", name, supplied)
}

/**
 * Who answered, from a response or from parts of a stream; of the parts, `response-metadata` says it, before anything
 * else. `undefined` where it was no `Fallback`.
 *
 * @example
 * ```ts
 * import { Fallback } from "@llm-layers/policies"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect, Stream } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const models = Fallback.layer([
 *   ScriptedModel.layer([ScriptedModel.fail("RateLimited")], { model: "small" }),
 *   ScriptedModel.layer(["Hi."], { model: "large" })
 * ])
 * const parts = await LanguageModel.streamText({ prompt: "Hello" }).pipe(
 *   Stream.runCollect,
 *   Effect.provide(models),
 *   Effect.runPromise
 * )
 * strictEqual(Fallback.answeredBy(parts)?.model, "large")
 * ```
 */
export const answeredBy: typeof Account.answeredBy = Account.answeredBy

/**
 * Who failed before the model whose error this is; empty where nobody had. What they had answered, where anything, is
 * there too.
 *
 * @example
 * ```ts
 * import { Fallback } from "@llm-layers/policies"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const failing = (kind: "Overloaded" | "QuotaExhausted") => ScriptedModel.layer([ScriptedModel.fail(kind)])
 * const error = await LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   Effect.flip,
 *   Effect.provide(Fallback.layer([failing("Overloaded"), failing("QuotaExhausted")])),
 *   Effect.runPromise
 * )
 * strictEqual(error.reason._tag, "QuotaExhaustedError")
 * deepStrictEqual(Fallback.failures(error).map(({ kind }) => kind), ["Overloaded"])
 * ```
 */
export const failures: typeof Account.failures = Account.failures
