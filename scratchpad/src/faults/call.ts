/** Makes one call through the public API, and keeps what it gives out. */
import { Cause, Effect, Exit, Redacted, Schema, Stream } from "effect"
import { AiError, LanguageModel, type Response, Tool, Toolkit } from "effect/ai"
import type { Ask, Stage, Target, Way } from "./Fault.ts"

/** Has no form by which keys are found in text, so that it is left out only where it is known to be the key. */
export const secretEnd = "0123456789"
export const secret = `fault+key/${secretEnd}`

/** How a call ended. */
export type Ended =
  | { readonly _tag: "Succeeded" }
  | { readonly _tag: "Failed"; readonly error: AiError.AiError }
  | { readonly _tag: "NoLayer"; readonly message: string }
  | { readonly _tag: "Left" }
  | { readonly _tag: "Died"; readonly message: string }
  | { readonly _tag: "Hung" }

/** What a call gives out, as it does. */
export interface Given {
  readonly parts: ReadonlyArray<Response.AnyPart>
  readonly ran: ReadonlyArray<string>
  /** Becomes true with the stage of the call; `text` and `finish` are parts, which a stream alone gives before its end. */
  readonly reached: (stage: "key" | "text" | "finish") => Effect.Effect<void>
}

/** A call that was not made yet. */
export interface Prepared {
  readonly given: Given
  readonly run: Effect.Effect<void, unknown>
}

const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })
const Forecast = Tool.make("Forecast", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String,
  failureMode: "return"
})
const tools = Toolkit.make(Weather, Forecast)

/** What a consumer that has enough fails with. */
const enough = "enough"

export const prepare = ({ way, wire }: Target, baseUrl: string, ask: Ask, leave: Stage | undefined): Prepared => {
  const parts: Array<Response.AnyPart> = []
  const ran: Array<string> = []
  const seen = new Set<string>()
  const waiting = new Set<() => void>()
  const reach = (stage: string): void => {
    seen.add(stage)
    waiting.forEach((check) => check())
  }
  const reached: Given["reached"] = (stage) =>
    Effect.callback((resume) => {
      const check = () => {
        if (seen.has(stage)) resume(Effect.void)
      }
      waiting.add(check)
      check()
      return Effect.sync(() => waiting.delete(check))
    })

  const keep = (part: Response.AnyPart): Effect.Effect<void, typeof enough> =>
    Effect.suspend(() => {
      parts.push(part)
      if (part.type === "text-delta") reach("text")
      if (part.type === "finish") reach("finish")
      if (leave === "fails" && part.type === "text-delta") return Effect.fail(enough)
      // Who leaves at the last part is still busy with it.
      return leave === "finish" && part.type === "finish" ? Effect.never : Effect.void
    })

  const run = Effect.suspend(() => {
    const client = {
      apiKey: leave === "key"
        ? Effect.andThen(Effect.sync(() => reach("key")), Effect.never)
        : Redacted.make(secret),
      ...ask.client,
      baseUrl
    }
    const layer = ask.layer?.(baseUrl) ?? wire.layer(ask.model ?? wire.model, client)
    return Effect.provide(asked(way, ask, leave, keep, (city) => ran.push(city)), layer)
  })
  return { given: { parts, ran, reached }, run }
}

const asked = (
  way: Way,
  ask: Ask,
  leave: Stage | undefined,
  keep: (part: Response.AnyPart) => Effect.Effect<void, typeof enough>,
  ran: (city: string) => void
): Effect.Effect<void, unknown, LanguageModel.LanguageModel> => {
  const prompt = ask.prompt ?? "Hello"
  if (ask.tools !== true) {
    if (way === "generateText") return Effect.flatMap(LanguageModel.generateText({ prompt }), keepAll(keep))
    const stream = LanguageModel.streamText({ prompt })
    return Stream.runForEach(
      leave === "takes one" ? Stream.take(Stream.filter(stream, (part) => part.type === "text-delta"), 1) : stream,
      keep
    )
  }
  const handler = ({ city }: { readonly city: string }) => Effect.as(Effect.sync(() => ran(city)), `${city}: sunny`)
  const options = { prompt, toolkit: tools }
  const running = way === "generateText"
    ? Effect.flatMap(LanguageModel.generateText(options), keepAll(keep))
    : Stream.runForEach(LanguageModel.streamText(options), keep)
  return Effect.provide(running, tools.toLayer({ Weather: handler, Forecast: handler }))
}

const keepAll =
  (keep: (part: Response.AnyPart) => Effect.Effect<void, typeof enough>) =>
  ({ content }: { readonly content: ReadonlyArray<Response.AnyPart> }) =>
    Effect.forEach(content, keep, { discard: true })

/** How a call ended that was asked to leave at a stage, or was not. */
export const endedOf = (exit: Exit.Exit<void, unknown>, leave: Stage | undefined): Ended => {
  if (Exit.isSuccess(exit)) return leave === "takes one" ? { _tag: "Left" } : { _tag: "Succeeded" }
  if (Cause.hasInterruptsOnly(exit.cause)) return { _tag: "Left" }
  const thrown = Cause.squash(exit.cause)
  if (thrown === enough) return { _tag: "Left" }
  if (AiError.isAiError(thrown) && !Cause.hasDies(exit.cause)) return { _tag: "Failed", error: thrown }
  return isConfigError(thrown)
    ? { _tag: "NoLayer", message: String(thrown) }
    : { _tag: "Died", message: Cause.pretty(exit.cause) }
}

const isConfigError = (thrown: unknown): boolean =>
  typeof thrown === "object" && thrown !== null && "_tag" in thrown && thrown._tag === "ConfigError"
