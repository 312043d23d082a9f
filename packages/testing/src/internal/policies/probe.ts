/** A driver that tells what a policy makes of it. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** What a caller sets around a call, and a driver reads, as a provider reads its settings. */
export const Around = Context.Reference<string>("@llm-layers/testing/policies/Around", {
  defaultValue: () => "nothing"
})

/** How the driver answers; calls are counted from 1. */
export interface Behaviour {
  readonly generate?: (call: number) => Effect.Effect<Array<Response.PartEncoded>, AiError.AiError>
  readonly stream?: (call: number) => Stream.Stream<PartStream.Part, AiError.AiError>
}

/** A driver and what happened to it. */
export interface Probe {
  readonly driver: Driver.Driver
  readonly asked: Array<LanguageModel.ProviderOptions>
  readonly around: Array<string>
  /** Calls that run. */
  running: number
  /** Parts of streams that were pulled. */
  pulled: number
}

const finish = { type: "finish", reason: "stop", usage: Usage.make({ inputTotal: 3, outputTotal: 4 }) } as const

export const whole: ReadonlyArray<Response.PartEncoded> = [
  { type: "response-metadata", id: "answer_1", modelId: "probe-1" },
  { type: "text", text: "Hello" },
  finish
]

export const streamed: ReadonlyArray<PartStream.Part> = [
  { type: "response-metadata", id: "answer_1", modelId: "probe-1" },
  { type: "text-start", id: "0" },
  ...["H", "e", "l", "l", "o"].map((delta) => ({ type: "text-delta", id: "0", delta } as const)),
  { type: "text-end", id: "0" },
  finish
]

/** One part a read. */
export const parts = (all: ReadonlyArray<PartStream.Part> = streamed): Stream.Stream<PartStream.Part> =>
  Stream.rechunk(Stream.fromIterable(all), 1)

export const make = (behaviour: Behaviour = {}): Probe => {
  const asked = (options: LanguageModel.ProviderOptions): Effect.Effect<number> =>
    Effect.map(Around, (around) => {
      probe.around.push(around)
      return probe.asked.push(options)
    })
  const running = Effect.acquireRelease(
    Effect.sync(() => probe.running++),
    () => Effect.sync(() => probe.running--)
  )
  const probe: Probe = {
    asked: [],
    around: [],
    running: 0,
    pulled: 0,
    driver: {
      provider: "probe",
      module: "ProbeLanguageModel",
      model: "probe-1",
      capabilities: { ...Capability.all, seed: false },
      codecTransformer: ToolParameters.plain,
      identity: Effect.map(Around, (around) => ({ around })),
      generateText: (options) =>
        Effect.scoped(Effect.gen(function*() {
          yield* running
          const call = yield* asked(options)
          return yield* behaviour.generate?.(call) ?? Effect.succeed([...whole])
        })),
      streamText: (options) =>
        Stream.unwrap(Effect.gen(function*() {
          yield* running
          const call = yield* asked(options)
          return Stream.tap(behaviour.stream?.(call) ?? parts(), () => Effect.sync(() => probe.pulled++))
        }))
    }
  }
  return probe
}
