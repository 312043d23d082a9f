/** A stream that something comes before: it costs where the stream begins and ends, and little at each read. */
import type * as Arr from "effect/Array"
import type * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type AnyPart, type Around, isContent } from "./content.ts"

/** As `Stream.unwrap`, of which every read goes through a second stream. Its effect needs no scope. */
export const stream = <Part, E, R, E2, R2>(
  begin: () => Effect.Effect<Stream.Stream<Part, E, R>, E2, R2>
): Stream.Stream<Part, E | E2, R | R2> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope) =>
      Effect.flatMap(begin(), (stream) => Channel.toPullScoped(Stream.toChannel(stream), scope))
    )
  )

type Parts<Part> = Arr.NonEmptyReadonlyArray<Part>

/** A stream, and who is told what becomes of it. */
export interface Watch<Part, E, R> {
  readonly stream: Stream.Stream<Part, E, R>
  /** Around the stream until it says something: a driver may begin with parts of its own, and the request after them. */
  readonly beginning?: Around | undefined
  /** Told of each read. What comes back is done before the read is handed on. */
  readonly onRead?: ((parts: Parts<Part>) => Effect.Effect<unknown> | void) | undefined
  /** Told of the end that the stream itself comes to. Who leaves it before ends the scope, and no more. */
  readonly onEnd?: ((cause: Cause.Cause<E | Cause.Done>) => Effect.Effect<unknown> | void) | undefined
}

/** The same with a scope, which ends with the stream, at once and with its exit; and a look at each read. */
export const watched = <Part extends AnyPart, E, R, E2, R2>(
  begin: (scope: Scope.Scope) => Effect.Effect<Watch<Part, E, R>, E2, R2>
): Stream.Stream<Part, E | E2, R | R2> =>
  Stream.fromChannel(
    Channel.fromTransform((_, outer: Scope.Scope) => {
      const scope = Scope.forkUnsafe(outer)
      const close = (cause: Cause.Cause<E | E2 | Cause.Done>) => Scope.close(scope, Pull.doneExitFromCause(cause))
      const open = Effect.flatMap(begin(scope), (watch) => {
        const { beginning = asItIs, stream } = watch
        return Effect.map(
          beginning(Channel.toPullScoped(Stream.toChannel(stream), scope)),
          (pull) => looking(pull, watch, close)
        )
      })
      return Effect.onError(open, close)
    })
  )

const looking = <Part extends AnyPart, E, R>(
  pull: Pull.Pull<Parts<Part>, E, void, R>,
  { beginning, onEnd, onRead }: Watch<Part, E, R>,
  close: (cause: Cause.Cause<E | Cause.Done>) => Effect.Effect<void>
): typeof pull => {
  const onFailure = (cause: Cause.Cause<E | Cause.Done>): typeof pull => {
    const ended = Effect.andThen(close(cause), Effect.failCause(cause))
    const told = onEnd?.(cause)
    return told === undefined ? ended : Effect.andThen(told, ended)
  }
  const onSuccess = (parts: Parts<Part>): typeof pull => {
    const told = onRead?.(parts)
    return told === undefined ? Effect.succeed(parts) : Effect.as(told, parts)
  }
  const further = Effect.matchCauseEffect(pull, { onFailure, onSuccess })
  if (beginning === undefined) return further
  let next = Effect.matchCauseEffect(beginning(pull), {
    onFailure,
    onSuccess: (parts) => {
      if (parts.some(isContent)) next = further
      return onSuccess(parts)
    }
  })
  return Effect.suspend(() => next)
}

const asItIs: Around = (effect) => effect
