/**
 * The parser of server-sent events, loaded with the first stream: a program that streams nothing starts without it.
 *
 * It has to be there before a request is sent. What a connection brings while nobody reads is lost when it breaks.
 */
import * as Effect from "effect/Effect"
import type * as Sse from "effect/encoding/Sse"

let loaded: typeof Sse | undefined

export const eventParser: Effect.Effect<typeof Sse> = Effect.suspend(() =>
  loaded === undefined
    ? Effect.promise(async () => {
      loaded = await import("effect/encoding/Sse")
      return loaded
    })
    : Effect.succeed(loaded)
)
