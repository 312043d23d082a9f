/**
 * What a provider writes: two functions from the options of `effect/ai` to encoded response parts. All that vendors
 * share sits above it, once: capability checks, tool arguments, the laws of a stream, telemetry.
 *
 * Application code uses `LanguageModel`; this module is for those who write a provider or a policy.
 */
import type * as AiError from "effect/ai/AiError"
import type * as IdGenerator from "effect/ai/IdGenerator"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as AiTelemetry from "effect/ai/Telemetry"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Capability from "./Capability.ts"
import { keepAnswers, remember } from "./internal/keptAnswer.ts"
import { answerLaw, streamLaw } from "./internal/laws.ts"
import { type Hooks, shortenCalls } from "./internal/plainCalls.ts"
import { objectLaw } from "./internal/structuredOutput.ts"
import { decodeToolCalls, needDecoding } from "./internal/toolCalls.ts"
import * as ProviderError from "./ProviderError.ts"
import * as Telemetry from "./Telemetry.ts"
import * as ToolParameters from "./ToolParameters.ts"

/**
 * A model of a vendor, as data and two functions.
 *
 * `generateText` gives whole parts with one `finish`, last; `streamText` starts, deltas and ends, one `finish`, last.
 * Tool calls leave with the arguments as the model sent them under the transformed schema; decoding them is done above.
 * Both fail with `AiError` alone and keep no work going after an interruption.
 */
export interface Driver {
  /** The provider's name by the GenAI conventions, which is also its metadata namespace: `openai`. */
  readonly provider: string
  /** The public module that errors name: `OpenAiLanguageModel`. */
  readonly module: string
  readonly model: string
  readonly capabilities: Capability.Capabilities
  /** How schemas are changed for this vendor. One per driver; memoise it with `ToolParameters.memoize`. */
  readonly codecTransformer: LanguageModel.CodecTransformer
  /** Settings of the request for telemetry. */
  readonly settings?: Effect.Effect<AiTelemetry.RequestAttributes> | undefined
  /**
   * All that decides what is sent besides the options of a call: the settings, those around the call included, and the
   * address. For caches; `Settings.identity` makes it. `undefined` where the same request twice is not the same, as
   * in a conversation that the vendor keeps. Answers of a driver without it are not cached.
   */
  readonly identity?: Effect.Effect<object | undefined> | undefined
  readonly generateText: (
    options: LanguageModel.ProviderOptions
  ) => Effect.Effect<Array<Response.PartEncoded>, AiError.AiError, IdGenerator.IdGenerator>
  readonly streamText: (
    options: LanguageModel.ProviderOptions
  ) => Stream.Stream<Response.StreamPartEncoded, AiError.AiError, IdGenerator.IdGenerator>
}

/**
 * The `LanguageModel` of a driver.
 */
export const toLanguageModel = (driver: Driver): Effect.Effect<LanguageModel.LanguageModel> => {
  const codecTransformer = ToolParameters.memoize(driver.codecTransformer)
  const own = { ...driver, codecTransformer }
  const hooks: Hooks = {
    generateText: (options) => generateText(own, options),
    streamText: (options) => streamText(own, options)
  }
  const service = LanguageModel.make({
    ...hooks,
    codecTransformer,
    supportsSystemMessagesInHistory: Effect.succeed(driver.capabilities.systemInHistory)
  })
  return Effect.flatMap(service, (full) => shortenCalls(keepAnswers(full), hooks))
}

/**
 * A Layer with the `LanguageModel` of a driver, under a `Policy`.
 *
 * @example
 * ```ts
 * import { Capability, Driver, ToolParameters, Usage } from "@llm-layers/core"
 * import { Effect, Stream } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const finish = { type: "finish", reason: "stop", usage: Usage.unknown } as const
 *
 * const greeter: Driver.Driver = {
 *   provider: "acme",
 *   module: "GreeterLanguageModel",
 *   model: "greeter",
 *   capabilities: Capability.all,
 *   codecTransformer: ToolParameters.plain,
 *   generateText: () => Effect.succeed([{ type: "text", text: "Hello" }, finish]),
 *   streamText: () =>
 *     Stream.make(
 *       { type: "text-start", id: "0" },
 *       { type: "text-delta", id: "0", delta: "Hello" },
 *       { type: "text-end", id: "0" },
 *       finish
 *     )
 * }
 *
 * const program = Effect.map(LanguageModel.generateText({ prompt: "Hi" }), (response) => response.text)
 * const layer = Driver.layer(Effect.succeed(greeter))
 * strictEqual(await Effect.runPromise(Effect.provide(program, layer)), "Hello")
 * ```
 */
export const layer = <E, R, RP = never>(
  driver: Effect.Effect<Driver, E, R>,
  policy?: ((driver: Driver) => Effect.Effect<Driver, never, RP>) | undefined
): Layer.Layer<LanguageModel.LanguageModel, E, R | RP> =>
  Layer.effect(
    LanguageModel.LanguageModel,
    Effect.flatMap(
      policy === undefined ? driver : Effect.flatMap(driver, policy),
      toLanguageModel
    )
  )

const refusal = (driver: Driver, options: LanguageModel.ProviderOptions, streaming: boolean) =>
  Capability.checkRequest(
    {
      origin: ProviderError.originOf(driver, streaming ? "streamText" : "generateText"),
      model: driver.model,
      capabilities: driver.capabilities
    },
    options,
    streaming
  )

/** Marks the span with the request and says whether texts are to be put on it. */
const annotate = (driver: Driver, options: LanguageModel.ProviderOptions): Effect.Effect<boolean> =>
  Effect.withFiber((fiber) => {
    const capture = fiber.getRef(Telemetry.CaptureContent)
    if (capture) Telemetry.annotatePrompt(options.span, options.prompt)
    return Effect.map(driver.settings ?? noSettings, (settings) => {
      Telemetry.annotateRequest(options.span, { provider: driver.provider, model: driver.model, settings })
      return capture
    })
  })

const noSettings = Effect.succeed(undefined)

const annotateError = (options: LanguageModel.ProviderOptions) => (error: AiError.AiError) =>
  Effect.sync(() => noteError(options, error))

const noteError = (options: LanguageModel.ProviderOptions, error: AiError.AiError): void => {
  // The framework answers this one by sending the whole prompt, on the same span.
  const sentAgain = options.incrementalPrompt !== undefined && error.reason._tag === "InvalidRequestError"
  if (!sentAgain) Telemetry.annotateError(options.span, ProviderError.kindOf(error))
}

const generateText = (
  driver: Driver,
  options: LanguageModel.ProviderOptions
): Effect.Effect<Array<Response.PartEncoded>, AiError.AiError, IdGenerator.IdGenerator> => {
  const refused = refusal(driver, options, false)
  const answer = refused === undefined
    ? Effect.flatMap(
      annotate(driver, options),
      (capture) =>
        Effect.flatMap(driver.generateText(options), (answered) => checked(driver, options, answered, capture))
    )
    : Effect.fail(refused)
  return Effect.tapError(answer, annotateError(options))
}

const checked = (
  driver: Driver,
  options: LanguageModel.ProviderOptions,
  answered: Array<Response.PartEncoded>,
  capture: boolean
): Effect.Effect<Array<Response.PartEncoded>, AiError.AiError> => {
  const origin = ProviderError.originOf(driver, "generateText")
  // The answer is paid for: a failure below keeps it.
  const withAnswer = (error: AiError.AiError) =>
    ProviderError.withPartial(origin, error, {
      parts: answered,
      usage: answered.find((part) => part.type === "finish")?.usage
    })
  const unlawful = answerLaw(origin, answered)
  if (unlawful !== undefined) return Effect.fail(withAnswer(unlawful))
  Telemetry.annotateResponse(options.span, answered)
  if (capture) Telemetry.annotateAnswer(options.span, answered)
  const decoded = needDecoding(answered, [])
    ? Effect.mapError(decodeToolCalls(origin, options, driver.codecTransformer, answered, []), withAnswer)
    : Effect.succeed(answered)
  const objectless = options.responseFormat.type === "text" ? undefined : objectLaw(origin, answered)
  return objectless === undefined ? Effect.andThen(remember(answered), decoded) : Effect.fail(withAnswer(objectless))
}

const streamText = (
  driver: Driver,
  options: LanguageModel.ProviderOptions
): Stream.Stream<Response.StreamPartEncoded, AiError.AiError, IdGenerator.IdGenerator> => {
  const origin = ProviderError.originOf(driver, "streamText")
  const refused = refusal(driver, options, true)
  if (refused !== undefined) return Stream.tapError(Stream.fail(refused), annotateError(options))
  const law = Effect.withFiber((fiber) => {
    const clock = fiber.getRef(Clock.Clock)
    const undeclared: Array<Response.StreamPartEncoded> = []
    return Effect.map(annotate(driver, options), (capture) =>
      streamLaw(driver.streamText(options), {
        origin,
        started: clock.currentTimeMillisUnsafe(),
        now: () => clock.currentTimeMillisUnsafe(),
        onFirst: (millis) => Telemetry.annotateFirstToken(options.span, millis / 1000),
        onFinish: (collected) => {
          Telemetry.annotateResponse(options.span, collected)
          if (capture) Telemetry.annotateAnswer(options.span, collected)
        },
        onFailure: (error) => noteError(options, error),
        decode: (parts) =>
          needDecoding(parts, undeclared)
            ? decodeToolCalls(origin, options, driver.codecTransformer, parts, undeclared)
            : undefined
      }))
  })
  return Stream.unwrap(law)
}
