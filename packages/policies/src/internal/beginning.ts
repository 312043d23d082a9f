/** A stream that something comes before: it costs where the stream begins and ends, and little at each read. */
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** As `Stream.unwrap`, of which every read goes through a second stream. Its effect needs no scope. */
export const stream = <Part, E, R, E2, R2>(
  begin: () => Effect.Effect<Stream.Stream<Part, E, R>, E2, R2>
): Stream.Stream<Part, E | E2, R | R2> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope) =>
      Effect.flatMap(begin(), (stream) => Channel.toPullScoped(Stream.toChannel(stream), scope))
    )
  )

/** The same with a scope, which ends with the stream, at once and with its exit. */
export const scoped = <Part, E, R, E2, R2>(
  begin: (scope: Scope.Scope) => Effect.Effect<Stream.Stream<Part, E, R>, E2, R2>
): Stream.Stream<Part, E | E2, R | R2> =>
  Stream.transformPullBracket(
    Stream.empty,
    (_, _outer, scope) =>
      Effect.flatMap(begin(scope), (stream) => Channel.toPullScoped(Stream.toChannel(stream), scope))
  )

/** The stream, a service of which is there until the first read has succeeded: for what begins a request. */
export const whileBeginning = <Part, E, R>(
  self: Stream.Stream<Part, E, R>,
  provide: <A, E2, R2>(effect: Effect.Effect<A, E2, R2>) => Effect.Effect<A, E2, R2>
): Stream.Stream<Part, E, R> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope) =>
      Effect.map(provide(Channel.toPullScoped(Stream.toChannel(self), scope)), (pull) => {
        let begun = false
        const first = Effect.map(provide(pull), (read) => {
          begun = true
          return read
        })
        return Effect.suspend(() => begun ? pull : first)
      })
    )
  )
