/**
 * Several keys for one model: calls take turns with them, and a key that is refused or limited is left alone for a while.
 *
 * A pool gives the client its key for each request; the policy picks it, and learns what becomes of it. A failure that is
 * not the key's, such as a server's, passes as it is: `Retry` outside of this policy asks again.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { firstToSpeak, onlyError } from "./internal/content.ts"
import { type Entries, type Entry, type Failed, isOut, Keys } from "./internal/keyPool.ts"
import { ofDuration, type Problem, refusal, refuse } from "./internal/options.ts"

/** A key of a pool, with what it is called where its state is shown. */
export interface Key {
  readonly key: Redacted.Redacted
  /** Its share of the calls, more than 0. Default: 1. */
  readonly weight?: number | undefined
  /** Default: `key 1` and so on. */
  readonly name?: string | undefined
}

/** How long keys are left alone. */
export interface Options {
  /**
   * A key that was refused or has no credit: `AuthenticationFailed`, `QuotaExhausted` (401, 402, 403). Default: 10 minutes,
   * after which one call finds out whether somebody has seen to it.
   */
  readonly refusedFor?: Duration.Input | undefined
  /** A key that is rate limited, where the server does not say how long. Default: 1 minute, the window of most limits. */
  readonly limitedFor?: Duration.Input | undefined
}

/** What is known of a key. */
export interface State {
  readonly name: string
  /** Why it is out; `undefined` where it is in. */
  readonly out: { readonly kind: ErrorKind.Name; readonly until: Date } | undefined
}

/** Keys that take turns. */
export interface KeyPool {
  /** For the `apiKey` of a client. Outside of the policy it takes turns as well, and learns nothing. */
  readonly apiKey: Effect.Effect<Redacted.Redacted, AiError.AiError>
  /** Which keys are in. Names, never keys. */
  readonly states: Effect.Effect<ReadonlyArray<State>>
}

/** By pool, so that a pool shows nothing of them. */
const inside = new WeakMap<KeyPool, { readonly keys: Keys; readonly problem: Problem | undefined }>()

/** The key of the attempt that runs. */
const Chosen = Context.Reference<Entry | undefined>("@llm-layers/policies/KeyRotation/Chosen", {
  defaultValue: () => undefined
})

/**
 * A pool of keys, one at least. Its state is of this process.
 *
 * A weight or time that cannot be used fails each call with `Unsupported` and the option's name.
 */
export const pool = (
  keys: readonly [Redacted.Redacted | Key, ...ReadonlyArray<Redacted.Redacted | Key>],
  { limitedFor = "1 minute", refusedFor = "10 minutes" }: Options = {}
): Effect.Effect<KeyPool> =>
  Effect.sync(() => {
    const [first, ...others] = keys
    const entries: Entries = [entryOf(first, 0), ...others.map((given, index) => entryOf(given, index + 1))]
    const problem = ofDuration("refusedFor", refusedFor) ?? ofDuration("limitedFor", limitedFor) ?? ofWeights(entries)
    const millis = (time: Duration.Input) =>
      problem === undefined ? Duration.toMillis(Duration.fromInputUnsafe(time)) : 0
    const own = new Keys(entries, { refused: millis(refusedFor), limited: millis(limitedFor) })
    const made: KeyPool = {
      apiKey: Effect.withFiber((fiber) => {
        const chosen = fiber.getRef(Chosen)
        if (own.has(chosen)) return Effect.succeed(chosen.key)
        const origin = { provider: "pool", module: "KeyRotation", method: "apiKey" }
        if (problem !== undefined) return Effect.fail(refusal(origin, problem))
        const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
        const entry = own.pick(now, [])
        return entry === undefined ? Effect.fail(own.noneLeft(origin, now, [])) : Effect.succeed(entry.key)
      }),
      states: Effect.map(Clock.currentTimeMillis, (now) =>
        entries.map((entry) => ({
          name: entry.name,
          out: isOut(entry, now) && entry.out !== undefined
            ? { kind: entry.out.kind, until: new Date(entry.out.until) }
            : undefined
        })))
    }
    inside.set(made, { keys: own, problem })
    return made
  })

const entryOf = (given: Redacted.Redacted | Key, index: number): Entry => {
  const { key, name = `key ${index + 1}`, weight = 1 } = Redacted.isRedacted(given) ? { key: given } : given
  return { name, key, weight, turn: 0, out: undefined }
}

const ofWeights = (entries: ReadonlyArray<Entry>): Problem | undefined =>
  entries.every(({ weight }) => Number.isFinite(weight) && weight > 0)
    ? undefined
    : { parameter: "weight", description: "A key's weight must be a number above zero" }

/**
 * The policy: each call is made with a key of the pool, which has to be the `apiKey` of the model's client.
 *
 * A key that is refused, out of credit or rate limited is left alone for a while, and the call is made with the next at
 * once, each key once; of a stream only before it has said something. A rate limit's own wait is kept. When no key is
 * left, the call fails with the error of the key that is back soonest.
 *
 * Such a change takes nothing of the retry budget: what was refused was no work, and there are only so many keys.
 *
 * @example
 * ```ts
 * import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
 * import { KeyRotation } from "@llm-layers/policies"
 * import { Config, Effect, Layer } from "effect"
 *
 * export const model = Layer.unwrap(Effect.gen(function*() {
 *   const pool = yield* KeyRotation.pool([
 *     { key: yield* Config.Redacted("OPENAI_API_KEY_LARGE"), weight: 3 },
 *     yield* Config.Redacted("OPENAI_API_KEY_SMALL")
 *   ])
 *   return OpenAiLanguageModel.model("gpt-5.5", { policy: KeyRotation.make(pool) }).pipe(
 *     Layer.provide(OpenAiClient.layer({ apiKey: pool.apiKey }))
 *   )
 * }))
 * ```
 */
export const make = (pool: KeyPool): Policy.Policy => (driver) =>
  Effect.sync(() => {
    const own = inside.get(pool)
    if (own === undefined) return refuse(driver, unmade)
    return own.problem === undefined ? rotate(driver, own.keys) : refuse(driver, own.problem)
  })

const unmade: Problem = { parameter: "pool", description: "The pool must be made by `KeyRotation.pool`" }

const rotate = (driver: Driver.Driver, keys: Keys): Driver.Driver => ({
  ...driver,
  generateText: (options) =>
    Effect.suspend(() => {
      const next = turns(keys, ProviderError.originOf(driver, "generateText"))
      const call = driver.generateText(options)
      const attempt = (failed: AiError.AiError | undefined): typeof call =>
        Effect.flatMap(next(failed), (entry) =>
          Effect.catchCause(Effect.provideService(call, Chosen, entry), (cause) => {
            const error = onlyError(cause)
            return error._tag === "None" ? Effect.failCause(cause) : attempt(error.value)
          }))
      return attempt(undefined)
    }),
  streamText: (options) =>
    Stream.suspend(() => {
      const next = turns(keys, ProviderError.originOf(driver, "streamText"))
      let chosen: Entry | undefined
      return firstToSpeak(
        (failed: AiError.AiError | undefined) =>
          Effect.map(next(failed), (entry) => {
            chosen = entry
            return driver.streamText(options)
          }),
        { beginning: (effect) => Effect.provideService(effect, Chosen, chosen) }
      )
    })
})

/** The key of each attempt of one call: the first, and after a failure of a key another. */
const turns = (keys: Keys, origin: ProviderError.Origin) => {
  const failures: Array<Failed> = []
  let entry: Entry | undefined
  return (failed: AiError.AiError | undefined): Effect.Effect<Entry, AiError.AiError> =>
    Effect.withFiber((fiber) => {
      const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
      if (failed !== undefined && entry !== undefined) {
        if (!keys.takeOut(entry, failed, now)) return Effect.fail(failed)
        failures.push({ entry, error: failed })
      }
      entry = keys.pick(now, failures)
      return entry === undefined ? Effect.fail(keys.noneLeft(origin, now, failures)) : Effect.succeed(entry)
    })
}
