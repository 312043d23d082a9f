/** A driver whose answers are kept. */
import type * as Driver from "@llm-layers/core/Driver"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as Arr from "effect/Array"
import * as Channel from "effect/Channel"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Entry from "./entry.ts"
import * as Flights from "./flights.ts"
import { type CacheWhen, isKept, whole } from "./keeping.ts"
import * as RequestKey from "./requestKey.ts"
import type { Opened } from "./settings.ts"
import { Down } from "./store.ts"

/** How calls use a cache. */
export type Mode = "use" | "refresh" | "bypass"

export const CurrentMode = Context.Reference<Mode>("@llm-layers/policies/ResponseCache/Mode", {
  defaultValue: () => "use"
})

/** What a look into the store found: parts, nothing, or that there is no use in keeping the answer. */
type Found<P> = { readonly parts: Array<P> } | "nothing" | "down"

interface Answered {
  readonly parts: Array<Response.PartEncoded>
  readonly isCached: boolean
}

export const cached = (driver: Driver.Driver, opened: Opened, cacheWhen: CacheWhen): Driver.Driver => {
  const { isClosed, store, timeToLive } = opened
  const { identity } = driver
  if (identity === undefined) return driver
  const keyOf = RequestKey.make(driver)
  const plain = Flights.makeEffects<Answered, AiError.AiError>()
  const streams = Flights.makeStreams<PartStream.Part, AiError.AiError>({
    last: (read) => read.some((part) => part.type === "finish"),
    unpaid: (read) => asRead(Entry.unpaid(read, "joined"))
  })

  const find = <P extends Response.PartEncoded | PartStream.Part>(
    way: RequestKey.Way,
    key: string
  ): Effect.Effect<Found<P>, AiError.AiError> =>
    Effect.withFiber((fiber) =>
      Effect.flatMap(store.get(key), (value): Effect.Effect<Found<P>, AiError.AiError> => {
        if (value instanceof Down) return isClosed ? Effect.fail(failure(driver, way, value)) : Effect.succeed("down")
        const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
        const parts = value === undefined ? undefined : Entry.decode<P>(key, value, now, timeToLive)
        return Effect.succeed(parts === undefined ? "nothing" : { parts: Entry.unpaid(parts, "cached") })
      })
    )

  /** Keeps an answer. The caller waits for it: the next call finds it, and a program that ends has kept it. */
  const keep = (key: string, parts: ReadonlyArray<Response.PartEncoded | PartStream.Part>): Effect.Effect<unknown> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => store.setMany([[key, Entry.encode(key, parts, now)]]))

  const askPlain = (key: string, options: LanguageModel.ProviderOptions, isWritable: boolean) =>
    Effect.flatMap(driver.generateText(options), (parts) => {
      const answered: Answered = { parts, isCached: false }
      return isWritable && isKept(driver, options, cacheWhen, parts)
        ? Effect.as(keep(key, parts), answered)
        : Effect.succeed(answered)
    })

  const askStream = (key: string, options: LanguageModel.ProviderOptions, isWritable: boolean) => {
    const stream = driver.streamText(options)
    if (!isWritable) return stream
    return Stream.transformPull(stream, (pull) =>
      Effect.sync(() => {
        const reads: Array<ReadonlyArray<PartStream.Part>> = []
        return Effect.flatMap(pull, (read) => {
          reads.push(read)
          if (!read.some((part) => part.type === "finish")) return Effect.succeed(read)
          const parts = reads.flat()
          return isKept(driver, options, cacheWhen, whole(parts))
            ? Effect.as(keep(key, parts), read)
            : Effect.succeed(read)
        })
      }))
  }

  /** The key of a call that may be answered from the store, and how; else `undefined`. */
  const lookedAt = (way: RequestKey.Way, options: LanguageModel.ProviderOptions) =>
    Effect.withFiber((fiber) => {
      const mode = fiber.getRef(CurrentMode)
      if (mode === "bypass") return none
      return Effect.map(identity, (own) => {
        const key = own === undefined ? undefined : keyOf(way, own, options)
        return key === undefined ? undefined : { key, mode }
      })
    })

  return {
    ...driver,
    generateText: (options) =>
      Effect.flatMap(lookedAt("generateText", options), (at) => {
        if (at === undefined) return driver.generateText(options)
        const { key, mode } = at
        if (mode === "refresh") return Effect.map(askPlain(key, options, true), ({ parts }) => parts)
        const work = Effect.flatMap(
          find<Response.PartEncoded>("generateText", key),
          (found) =>
            typeof found === "string"
              ? askPlain(key, options, found === "nothing")
              : Effect.succeed<Answered>({ parts: found.parts, isCached: true })
        )
        return plain(
          key,
          work,
          ({ isCached, parts }, isFirst) => isFirst ? parts : isCached ? [...parts] : Entry.unpaid(parts, "joined")
        )
      }),
    streamText: (options) =>
      Stream.unwrap(Effect.map(lookedAt("streamText", options), (at) => {
        if (at === undefined) return driver.streamText(options)
        const { key, mode } = at
        if (mode === "refresh") return askStream(key, options, true)
        return streams(
          key,
          Effect.flatMap(find<PartStream.Part>("streamText", key), (found) => {
            const isCached = typeof found !== "string"
            const stream = isCached
              ? Stream.fromIterable(found.parts)
              : askStream(key, options, found === "nothing")
            // One fiber reads at a time: `Stream.toPull` sees to that as well, at the price of all the rest of a read.
            return Effect.flatMap(Effect.scope, (scope) =>
              Effect.map(Channel.toPullScoped(Stream.toChannel(stream), scope), (pull) => ({ pull, isCached })))
          })
        )
      }))
  }
}

const none = Effect.succeed(undefined)

// As many parts as there were in the read, of which there is one at least.
const asRead = (parts: ReadonlyArray<PartStream.Part>) => parts as Arr.NonEmptyReadonlyArray<PartStream.Part>

const failure = (driver: Driver.Driver, method: string, { cause, description }: Down): AiError.AiError =>
  ProviderError.make(ProviderError.originOf(driver, method), "StoreFailed", {
    description: `The store of the response cache failed: ${description}`,
    cause
  })
