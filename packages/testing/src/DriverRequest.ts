/**
 * Calls of a driver as `effect/ai` makes them, for tests of a driver or a policy without the framework above it.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as PartStream from "@llm-layers/core/PartStream"
import type * as AiError from "effect/ai/AiError"
import * as IdGenerator from "effect/ai/IdGenerator"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"

/** A span that keeps what it is told. */
export const span = (): Tracer.NativeSpan =>
  new Tracer.NativeSpan({
    name: "LanguageModel",
    parent: Option.none(),
    annotations: Context.empty(),
    links: [],
    startTime: 0n,
    kind: "client",
    sampled: true
  })

/** What a driver is asked: "Hello", without tools, for a text, unless the options say otherwise. */
export const make = (options: Partial<LanguageModel.ProviderOptions> = {}): LanguageModel.ProviderOptions => ({
  prompt: Prompt.make("Hello"),
  tools: [],
  toolChoice: "auto",
  responseFormat: { type: "text" },
  span: span(),
  previousResponseId: undefined,
  incrementalPrompt: undefined,
  ...options
})

/**
 * Asks a driver for a plain answer.
 *
 * @example
 * ```ts
 * import * as DriverRequest from "@llm-layers/testing/DriverRequest"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const { driver } = await Effect.runPromise(ScriptedModel.make(["Good morning"]))
 * const parts = await Effect.runPromise(DriverRequest.generate(driver))
 * strictEqual(parts.at(-1)?.type, "finish")
 * ```
 */
export const generate = (
  driver: Driver.Driver,
  request: LanguageModel.ProviderOptions = make()
): Effect.Effect<Array<Response.PartEncoded>, AiError.AiError> =>
  Effect.provideService(driver.generateText(request), IdGenerator.IdGenerator, IdGenerator.defaultIdGenerator)

/** Asks a driver for a stream. */
export const stream = (
  driver: Driver.Driver,
  request: LanguageModel.ProviderOptions = make()
): Stream.Stream<PartStream.Part, AiError.AiError> =>
  Stream.provideService(driver.streamText(request), IdGenerator.IdGenerator, IdGenerator.defaultIdGenerator)
