/** The model under test over a transport, and calls of it whose outcome is data. */
import type * as Settings from "@llm-layers/core/Settings"
import * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { inspect } from "node:util"
import type { Harness, Setup } from "../../Harness.ts"
import type { LawBroken } from "../../Law.ts"
import { broken, holds } from "./broken.ts"
import * as Tools from "./tools.ts"
import * as Transport from "./transport.ts"

/** How an answer is asked for. */
export type Way = "generateText" | "streamText"

export const ways: ReadonlyArray<Way> = ["generateText", "streamText"]

/** What is asked. */
export interface Ask {
  readonly prompt?: Prompt.RawInput | undefined
  /** Offers the kit's tools. Their calls are not run. */
  readonly tools?: boolean | undefined
}

/** What came: the parts as the caller got them, and the failure after them. */
export interface Outcome {
  readonly parts: ReadonlyArray<object>
  readonly error: AiError.AiError | undefined
}

/** What a model supplies. */
export type Model = Context.Context<LanguageModel.LanguageModel>

/** Calls the model. */
export const call = (model: Model, way: Way, { prompt = "Hello", tools = false }: Ask = {}): Called => {
  const options = { prompt, toolkit: tools ? Tools.offered : Tools.none, disableToolCallResolution: true } as const
  return outcome(
    model,
    way,
    (keep) =>
      way === "streamText"
        ? Stream.runForEachArray(LanguageModel.streamText(options), keep)
        : Effect.flatMap(LanguageModel.generateText(options), (response) => keep(response.content))
  )
}

/** Calls the model with the kit's tools, whose handlers are run. */
export const run = (
  model: Model,
  way: Way,
  tell: (ran: Tools.Ran) => void,
  prompt: Prompt.RawInput = "Hello"
): Called =>
  outcome(model, way, (keep) =>
    Effect.flatMap(Tools.handled(tell), (toolkit) =>
      way === "streamText"
        ? Stream.runForEachArray(LanguageModel.streamText({ prompt, toolkit }), keep)
        : Effect.flatMap(LanguageModel.generateText({ prompt, toolkit }), (response) => keep(response.content))))

type Called = Effect.Effect<Outcome, LawBroken>

/** What is thrown, and what fails with something else than `AiError`, breaks the law. */
const outcome = (
  model: Model,
  way: Way,
  asked: (
    keep: (parts: ReadonlyArray<object>) => Effect.Effect<void>
  ) => Effect.Effect<void, unknown, LanguageModel.LanguageModel>
): Called =>
  Effect.suspend(() => {
    const parts: Array<object> = []
    const keep = (more: ReadonlyArray<object>) =>
      Effect.sync(() => {
        for (const part of more) parts.push(part)
      })
    return Effect.matchCauseEffect(Effect.provide(asked(keep), model), {
      onSuccess: () => Effect.succeed<Outcome>({ parts, error: undefined }),
      onFailure: (cause): Called => {
        if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
        const error = Cause.squash(cause)
        return AiError.isAiError(error) && !Cause.hasDies(cause)
          ? Effect.succeed<Outcome>({ parts, error })
          : broken(way, "an AiError, or none", error)
      }
    })
  })

/** The key the kit gives to clients. Has none of the forms by which keys are found in a text. */
export const secret = "kit+key/0123456789"

/** Breaks the law where the key is in an error, however that is looked at. */
export const noKey = (error: AiError.AiError): Effect.Effect<void, LawBroken> => {
  const everything = { depth: 30, showHidden: true } as const
  const shown = [
    inspect(error, everything),
    inspect(error.reason, everything),
    JSON.stringify(error),
    error.stack ?? ""
  ]
  const found = shown.find((text) => text.includes(secret))
  return holds(found === undefined, "the error", "no key in it", found)
}

/** A model of the harness, and the transport it asks over. */
export interface Subject {
  readonly model: Model
  readonly transport: Transport.Transport
}

/** Builds a model of a harness over a transport of its own. */
export const make = <S extends Settings.Common>(
  harness: Harness<S>,
  setup: Partial<Setup<S>> = {}
): Effect.Effect<Subject, never, Scope.Scope> =>
  Effect.suspend(() => {
    const transport = Transport.make()
    return Effect.map(
      Layer.build(harness.layer({
        fetch: transport.fetch,
        baseUrl: "http://vendor.invalid",
        apiKey: Redacted.make(secret),
        model: harness.models[0],
        settings: {},
        ...setup
      })),
      (model) => ({ model, transport })
    )
  })
