/** What calls take of memory that wait. */
import * as Driver from "@llm-layers/core/Driver"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RateLimit from "@llm-layers/policies/RateLimit"
import { Effect, Fiber, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { driverOf, prompt, readsOf } from "./answers.ts"

/** Bytes, of all that wait together. */
export interface Waiting {
  /** What they hold. */
  readonly held: number
  /** By how much the process has grown, what was left behind on the way included. */
  readonly grown: number
}

const inUse = () => {
  globalThis.gc?.()
  const { arrayBuffers, external, heapUsed, rss } = process.memoryUsage()
  return { held: heapUsed + external + arrayBuffers, grown: rss }
}

/** So many calls in the queue of a rate limit, behind one that does not end. */
export const waiting = (method: Method, calls: number): Promise<Waiting> => {
  const policy = RateLimit.make({ concurrency: 1, maxQueued: calls, maxWait: "1 hour" })
  const call = callOf(method)
  const program = Effect.gen(function*() {
    yield* Effect.forkChild(call, { startImmediately: true })
    const { queue, waiting } = yield* begun(call, calls)
    // Who comes now is one too many: all the others wait.
    const kind = yield* Effect.map(Effect.flip(call), ProviderError.kindOf)
    if (kind !== "QueueFull") return yield* Effect.die(new Error(`the queue was not full: ${kind}`))
    yield* Fiber.interruptAll(queue)
    return waiting
  })
  return Effect.runPromise(Effect.provide(program, Driver.layer(Effect.succeed(silent), policy)))
}

/** So many calls that wait for a vendor, without a policy. */
export const running = (method: Method, calls: number): Promise<Waiting> => {
  const program = Effect.gen(function*() {
    const { queue, waiting } = yield* begun(callOf(method), calls)
    yield* Fiber.interruptAll(queue)
    return waiting
  })
  return Effect.runPromise(Effect.provide(program, Driver.layer(Effect.succeed(silent))))
}

type Method = "generateText" | "streamText"

const silent: Driver.Driver = {
  ...driverOf(readsOf(0, 1)),
  generateText: () => Effect.never,
  streamText: () => Stream.never
}

const callOf = (method: Method) =>
  method === "generateText"
    ? Effect.asVoid(LanguageModel.generateText({ prompt }))
    : Stream.runDrain(LanguageModel.streamText({ prompt }))

const begun = <E, R>(call: Effect.Effect<void, E, R>, calls: number) =>
  Effect.gen(function*() {
    const before = inUse()
    const queue = yield* Effect.replicateEffect(Effect.forkChild(call, { startImmediately: true }), calls)
    yield* Effect.sleep(10)
    const after = inUse()
    return { queue, waiting: { held: after.held - before.held, grown: after.grown - before.grown } }
  })
