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
export const waiting = (method: "generateText" | "streamText", calls: number): Promise<Waiting> => {
  const driver: Driver.Driver = {
    ...driverOf(readsOf(0, 1)),
    generateText: () => Effect.never,
    streamText: () => Stream.never
  }
  const policy = RateLimit.make({ concurrency: 1, maxQueued: calls, maxWait: "1 hour" })
  const call = method === "generateText"
    ? Effect.asVoid(LanguageModel.generateText({ prompt }))
    : Stream.runDrain(LanguageModel.streamText({ prompt }))
  const program = Effect.gen(function*() {
    yield* Effect.forkChild(call, { startImmediately: true })
    const before = inUse()
    const queue = yield* Effect.replicateEffect(Effect.forkChild(call, { startImmediately: true }), calls)
    // Who comes now is one too many: all the others wait.
    const kind = yield* Effect.map(Effect.flip(call), ProviderError.kindOf)
    if (kind !== "QueueFull") return yield* Effect.die(new Error(`the queue was not full: ${kind}`))
    yield* Effect.sleep(10)
    const after = inUse()
    yield* Fiber.interruptAll(queue)
    return { held: after.held - before.held, grown: after.grown - before.grown }
  })
  return Effect.runPromise(Effect.provide(program, Driver.layer(Effect.succeed(driver), policy)))
}
