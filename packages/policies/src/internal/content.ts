/**
 * The point from which an answer cannot be taken back: the first part that says something was given out.
 */
import type * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** A part of a stream, encoded or decoded: its type, and the text where it is a piece of one. */
export interface AnyPart {
  readonly type: string
  readonly delta?: string
}

/** Whether a part says something. Metadata, starts and empty pieces do not: another answer may follow them. */
export const isContent = (part: AnyPart): boolean => {
  switch (part.type) {
    case "response-metadata":
    case "text-start":
    case "reasoning-start":
    case "tool-params-start":
      return false
    case "text-delta":
    case "reasoning-delta":
    case "tool-params-delta":
      return part.delta !== ""
    default:
      return true
  }
}

/** So many parts are held back at most: a server that starts blocks without end does not fill the memory. */
export const partsHeld = 256

/** A stream that was read until it said something: what has come, and what is to come. */
export interface Begun<Part, E> {
  readonly held: ReadonlyArray<Part>
  readonly rest: Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, E>
}

/**
 * Reads a stream until it says something, has ended, or {@link partsHeld} parts have come. What fails before that is the
 * failure of the effect.
 */
export const begin = <Part extends AnyPart, E, R>(
  stream: Stream.Stream<Part, E, R>
): Effect.Effect<Begun<Part, E>, E, R | Scope.Scope> =>
  Effect.flatMap(toPull(stream), (pull) => {
    let held: ReadonlyArray<Part> = []
    const read: Pull.Pull<Begun<Part, E>, E> = Effect.flatMap(pull, (parts) => {
      held = held.length === 0 ? parts : [...held, ...parts]
      return held.length >= partsHeld || parts.some(isContent) ? Effect.succeed({ held, rest: pull }) : read
    })
    return Pull.catchDone(read, () => Effect.succeed({ held, rest: Cause.done() }))
  })

/** As `Stream.toPull`, less what lets several fibers read: that costs more than all else here, at every read. */
export const toPull = <Part, E, R>(
  stream: Stream.Stream<Part, E, R>
): Effect.Effect<Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, E>, never, R | Scope.Scope> =>
  Effect.contextWith((context: Context.Context<R | Scope.Scope>) =>
    Effect.map(
      Channel.toPullScoped(Stream.toChannel(stream), Context.get(context, Scope.Scope)),
      (pull) => Effect.provideContext(pull, context)
    )
  )

/** The stream that has begun. */
export const resume = <Part, E>({ held, rest }: Begun<Part, E>): Stream.Stream<Part, E> =>
  Stream.fromPull(Effect.sync(() => {
    let first = true
    return Effect.suspend((): Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, E> => {
      if (!first) return rest
      first = false
      const [head, ...tail] = held
      return head === undefined ? rest : Effect.succeed([head, ...tail])
    })
  }))

/**
 * The first of several streams to say something. `next` gives the first to try, and after a failure another, or fails
 * itself. What a stream does after it has said something is its own. `opening` may change the parts it begins with.
 */
export const firstToSpeak = <Part extends AnyPart, E, R, E2, R2>(
  next: (failed: E | undefined) => Effect.Effect<Stream.Stream<Part, E, R>, E2, R2>,
  opening: (parts: ReadonlyArray<Part>) => ReadonlyArray<Part> = (parts) => parts
): Stream.Stream<Part, E | E2, Exclude<R | R2, Scope.Scope>> =>
  Stream.unwrap(Effect.flatMap(Effect.scope, (outer) => {
    type Spoken = Effect.Effect<Stream.Stream<Part, E>, E | E2, R | R2>
    const attempt = (failed: E | undefined): Spoken =>
      Effect.flatMap(Effect.zip(next(failed), Scope.fork(outer)), ([stream, scope]) =>
        Scope.provide(begin(stream), scope).pipe(
          Effect.map(({ held, rest }) =>
            resume({ held: opening(held), rest })
          ),
          Effect.catchCause((cause): Spoken =>
            Effect.flatMap(Scope.close(scope, Exit.failCause(cause)), () => {
              const error = onlyError(cause)
              return error._tag === "None" ? Effect.failCause(cause) : attempt(error.value)
            })
          )
        ))
    return attempt(undefined)
  }))

/** The error of a failure that is neither a mistake of a program nor an interruption: those are not to be recovered from. */
export const onlyError = <E>(cause: Cause.Cause<E>): Option.Option<E> =>
  Cause.hasDies(cause) || Cause.hasInterrupts(cause) ? none : Cause.findErrorOption(cause)

const none = Option.none<never>()
