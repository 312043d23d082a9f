/**
 * The point from which an answer cannot be taken back: the first part that says something was given out.
 */
import type * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
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

/** Around what begins a request: it provides services, for instance, to who needs them then. */
export type Around = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

type Read<Part, E, R> = Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, E, void, R>

/** A stream that was read until it said something: what has come, and what is to come. */
export interface Begun<Part, E, R> {
  readonly held: ReadonlyArray<Part>
  readonly rest: Read<Part, E, R>
}

/**
 * Opens a stream in the scope and reads until it says something, has ended, or {@link partsHeld} parts have come. What
 * fails before that is the failure of the effect.
 */
export const begin = <Part extends AnyPart, E, R>(
  stream: Stream.Stream<Part, E, R>,
  scope: Scope.Scope
): Effect.Effect<Begun<Part, E, R>, E, R> =>
  // As `Stream.toPull`, less what lets several fibers read: that costs more than all else here, at every read.
  Effect.flatMap(Channel.toPullScoped(Stream.toChannel(stream), scope), (rest) => {
    let held: ReadonlyArray<Part> = []
    const read: Pull.Pull<Begun<Part, E, R>, E, void, R> = Effect.flatMap(rest, (parts) => {
      held = held.length === 0 ? parts : [...held, ...parts]
      return held.length >= partsHeld || parts.some(isContent) ? Effect.succeed({ held, rest }) : read
    })
    return Pull.catchDone(read, () => Effect.succeed({ held, rest: Cause.done() }))
  })

/** The stream that begins so, in the scope. Once it has begun, a read costs nothing but to find that out. */
export const resumed = <Part, E, R, E2, R2>(
  beginning: (scope: Scope.Scope) => Effect.Effect<Begun<Part, E, R>, E2, R2>
): Stream.Stream<Part, E | E2, R | R2> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope: Scope.Scope) =>
      Effect.sync(() => {
        let next: Read<Part, E | E2, R | R2> = Effect.flatMap(beginning(scope), ({ held, rest }) => {
          next = rest
          const [head, ...tail] = held
          return head === undefined ? rest : Effect.succeed([head, ...tail])
        })
        return Effect.suspend(() => next)
      })
    )
  )

/** What {@link firstToSpeak} does around its streams. */
export interface AroundAttempts<Part> {
  /** Around each stream until it says something: for services that those need who begin a request. */
  readonly beginning?: Around | undefined
  /** May change the parts that the answer begins with. */
  readonly opening?: ((parts: ReadonlyArray<Part>) => ReadonlyArray<Part>) | undefined
}

/**
 * The first of several streams to say something. `next` gives the first to try, and after a failure another, or fails
 * itself. What a stream does after it has said something is its own.
 */
export const firstToSpeak = <Part extends AnyPart, E, R, E2, R2>(
  next: (failed: E | undefined) => Effect.Effect<Stream.Stream<Part, E, R>, E2, R2>,
  { beginning = (effect) => effect, opening }: AroundAttempts<Part> = {}
): Stream.Stream<Part, E | E2, R | R2> =>
  resumed((outer) => {
    type Spoken = Effect.Effect<Begun<Part, E, R>, E | E2, R | R2>
    const attempt = (failed: E | undefined): Spoken =>
      Effect.flatMap(next(failed), (stream) => {
        const scope = Scope.forkUnsafe(outer)
        return Effect.matchCauseEffect(beginning(begin(stream, scope)), {
          onSuccess: (begun): Spoken =>
            Effect.succeed(opening === undefined ? begun : { held: opening(begun.held), rest: begun.rest }),
          onFailure: (cause): Spoken =>
            Effect.flatMap(Scope.close(scope, Exit.failCause(cause)), () => {
              const error = onlyError(cause)
              return error._tag === "None" ? Effect.failCause(cause) : attempt(error.value)
            })
        })
      })
    return attempt(undefined)
  })

/** The error of a failure that is neither a mistake of a program nor an interruption: those are not to be recovered from. */
export const onlyError = <E>(cause: Cause.Cause<E>): Option.Option<E> =>
  Cause.hasDies(cause) || Cause.hasInterrupts(cause) ? none : Cause.findErrorOption(cause)

const none = Option.none<never>()
