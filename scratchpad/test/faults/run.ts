/** Makes one call against a server that follows a plan, and looks at what is left behind. */
import { assert } from "@effect/vitest"
import { type Connection, ProviderError } from "@llm-layers/core"
import { LoopbackServer } from "@llm-layers/testing"
import { Effect, Redacted, Schema, Stream } from "effect"
import { type AiError, LanguageModel, type Prompt, type Response, Tool, Toolkit } from "effect/ai"
import { inspect } from "node:util"
import { anthropic } from "./wire/anthropic.ts"
import { openAiChat } from "./wire/openai-chat.ts"
import { openAiResponses } from "./wire/openai-responses.ts"
import type { Wire } from "./wire/Wire.ts"

export const wires: ReadonlyArray<Wire> = [openAiResponses, openAiChat, anthropic]

export const ways = ["generateText", "streamText"] as const
export type Way = (typeof ways)[number]

/** Has no form by which keys are found in text, so that it is left out only where it is known to be the key. */
export const secret = "fault+key/0123456789"

/** One call: the vendor, the way, and what to do with its requests. */
export interface Case {
  readonly wire: Wire
  readonly way: Way
}

export const cases: ReadonlyArray<Case & { readonly name: string }> = wires.flatMap((wire) =>
  ways.map((way) => ({ wire, way, name: `${wire.name}, ${way}` }))
)

/** Fails the call where its arguments are wrong; the other tells the model. */
const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })
const Forecast = Tool.make("Forecast", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String,
  failureMode: "return"
})
const tools = Toolkit.make(Weather, Forecast)

export interface Ask {
  readonly prompt?: Prompt.RawInput | undefined
  /** Offers the tools `Weather` and `Forecast`; gets the cities their handlers were run with. */
  readonly ran?: ((city: string) => void) | undefined
  readonly model?: string | undefined
  readonly client?: Partial<Connection.Options> | undefined
}

/** What came of a call. The parts of a stream are those given out before it failed. */
export interface Outcome {
  readonly parts: ReadonlyArray<Response.AnyPart>
  readonly error: AiError.AiError | undefined
}

/** The call, made against an address. */
export const call = (
  one: Case,
  baseUrl: string,
  ask: Ask = {},
  onPart: (part: Response.AnyPart) => Effect.Effect<unknown> = () => Effect.void
): Effect.Effect<Outcome> =>
  Effect.suspend(() => {
    const parts: Array<Response.AnyPart> = []
    const keep = (part: Response.AnyPart) => Effect.andThen(Effect.sync(() => parts.push(part)), onPart(part))
    const client = { apiKey: Redacted.make(secret), ...ask.client, baseUrl }
    return started(one.way, ask, keep).pipe(
      Effect.provide(one.wire.layer(ask.model ?? one.wire.model, client)),
      Effect.match({
        onSuccess: (): Outcome => ({ parts, error: undefined }),
        onFailure: (error): Outcome => ({ parts, error })
      })
    )
  })

const started = (
  way: Way,
  ask: Ask,
  keep: (part: Response.AnyPart) => Effect.Effect<unknown>
): Effect.Effect<void, AiError.AiError, LanguageModel.LanguageModel> => {
  const prompt = ask.prompt ?? "Hello"
  if (ask.ran === undefined) {
    return way === "streamText"
      ? Stream.runForEach(LanguageModel.streamText({ prompt }), keep)
      : Effect.flatMap(
        LanguageModel.generateText({ prompt }),
        (response) => Effect.forEach(response.content, keep, { discard: true })
      )
  }
  const { ran } = ask
  const handler = ({ city }: { readonly city: string }) => Effect.as(Effect.sync(() => ran(city)), `${city}: sunny`)
  const options = { prompt, toolkit: tools }
  const running = way === "streamText"
    ? Stream.runForEach(LanguageModel.streamText(options), keep)
    : Effect.flatMap(
      LanguageModel.generateText(options),
      (response) => Effect.forEach(response.content, keep, { discard: true })
    )
  return Effect.provide(running, tools.toLayer({ Weather: handler, Forecast: handler }))
}

/** The call against a server with the plan. No socket is open afterwards. */
export const run = (
  one: Case,
  plan: LoopbackServer.Plan,
  ask: Ask = {}
): Effect.Effect<Outcome & { readonly requests: ReadonlyArray<LoopbackServer.Request> }> =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* LoopbackServer.make([plan])
    const outcome = yield* call(one, server.url, ask)
    yield* server.closed
    const requests = yield* server.requests
    for (const request of requests) assert.strictEqual(request.path, one.wire.path)
    if (outcome.error !== undefined) noSecret(outcome.error)
    return { ...outcome, requests }
  }))

/** What the call fails with. One request was made: nothing retries behind the caller's back. */
export const failing = (
  one: Case,
  plan: LoopbackServer.Plan,
  ask: Ask = {}
) =>
  Effect.map(run(one, plan, ask), ({ error, parts, requests }) => {
    assert.lengthOf(requests, 1)
    assert.isDefined(error, `did not fail: ${inspect(parts)}`)
    return { error, parts }
  })

/** The key is nowhere in the error, however it is looked at. */
export const noSecret = (error: AiError.AiError): void => {
  const everything = { depth: 30, showHidden: true } as const
  const shown = [
    inspect(error, everything),
    inspect(error.reason, everything),
    inspect(error.reason.cause, everything),
    inspect(error.cause, everything),
    JSON.stringify(error),
    error.message,
    error.stack ?? ""
  ]
  for (const text of shown) assert.notInclude(text, secret)
}

/** The text that came. */
export const textOf = (parts: ReadonlyArray<Response.AnyPart | Response.PartEncoded>): string =>
  parts.map((part) => part.type === "text" ? part.text : part.type === "text-delta" ? part.delta : "").join("")

/** The parts that an error kept. */
export const kept = (error: AiError.AiError): ReadonlyArray<Response.PartEncoded> =>
  ProviderError.partial(error)?.parts ?? []

export const eventStream = { "content-type": "text/event-stream; charset=utf-8" }

/** Some turns of the event loop, in which what was sent arrives. */
export const turns = Effect.promise(async () => {
  for (let i = 0; i < 100; i++) await new Promise((resume) => setImmediate(resume))
})
