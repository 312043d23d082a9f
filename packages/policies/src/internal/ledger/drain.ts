/** Calls that go on for a while after their caller has left, to the usage at their end. */
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import type * as Arr from "effect/Array"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Attempt } from "./attempt.ts"

/** Where calls go on, and how far. */
export interface Drains {
  readonly scope: Scope.Scope
  /** The longest time after the caller has left. */
  readonly time: Duration.Duration
  /** How many may go on at the same time. */
  readonly concurrency: number
  running: number
}

/** A call's own scope, which is closed by `leave`: at once, or after the rest of the call. */
const detach = (drains: Drains, attempt: Attempt, onLeave: () => void) => {
  const scope = Scope.forkUnsafe(drains.scope)
  const leave = (rest: () => Effect.Effect<unknown, unknown> | undefined): Effect.Effect<void> =>
    Effect.suspend(() => {
      attempt.leave()
      const going = attempt.runs && drains.running < drains.concurrency ? rest() : undefined
      if (going === undefined) {
        attempt.end(Exit.interrupt())
        return Scope.close(scope, Exit.void)
      }
      onLeave()
      drains.running++
      return Effect.timeoutOption(going, drains.time).pipe(
        Effect.ensuring(Effect.suspend(() => {
          drains.running--
          attempt.end(Exit.interrupt())
          return Scope.close(scope, Exit.void)
        })),
        Effect.exit,
        // Else a ledger that ends meanwhile would interrupt it before it is there to book.
        Effect.forkIn(drains.scope, { startImmediately: true }),
        Effect.asVoid
      )
    })
  return { scope, leave }
}

/** A plain call. `onLeave` runs where it goes on without its caller. */
export const generate = <A extends ReadonlyArray<Response.PartEncoded>, R>(
  drains: Drains,
  attempt: Attempt,
  call: Effect.Effect<A, AiError.AiError, R>,
  onLeave: () => void
): Effect.Effect<A, AiError.AiError, R> =>
  Effect.uninterruptibleMask((restore) => {
    const { leave, scope } = detach(drains, attempt, onLeave)
    const booked = Effect.onExit(Effect.interruptible(call), (exit) => Effect.sync(() => attempt.end(exit)))
    return Effect.flatMap(Effect.forkIn(booked, scope, { startImmediately: true }), (running) =>
      restore(Fiber.join(running)).pipe(
        Effect.onExit(() =>
          running.pollUnsafe() === undefined
            ? leave(() =>
              Fiber.await(running)
            )
            : Scope.close(scope, Exit.void)
        )
      ))
  })

type Parts = Arr.NonEmptyReadonlyArray<Response.StreamPartEncoded>

/** A streamed call. Each read runs in a fiber of the call's scope, so that it is not lost when the caller leaves. */
export const stream = <R>(
  drains: Drains,
  attempt: Attempt,
  call: Stream.Stream<Response.StreamPartEncoded, AiError.AiError, R>,
  /** A read whose parts and failure the attempt is told of. */
  seen: (pull: Pull.Pull<Parts, AiError.AiError, void, R>) => Pull.Pull<Parts, AiError.AiError, void, R>,
  onLeave: () => void
): Stream.Stream<Response.StreamPartEncoded, AiError.AiError, R> => {
  const open = Effect.sync(() => {
    const { leave, scope } = detach(drains, attempt, onLeave)
    let pull: Pull.Pull<Parts, AiError.AiError, void, R> = Effect.flatMap(
      Scope.provide(Stream.toPull(call), scope),
      (opened) => pull = opened
    )
    const read = Effect.suspend(() => seen(pull))
    let running: Effect.Effect<unknown> | undefined
    const next: typeof pull = Effect.flatMap(
      Effect.forkIn(read, scope, { startImmediately: true }),
      (fiber) => {
        running = Fiber.await(fiber)
        return Fiber.join(fiber)
      }
    )
    return { leave, next, read, running: () => running }
  })
  return Stream.unwrap(Effect.contextWith((context: Context.Context<R>) =>
    Effect.map(
      Effect.acquireRelease(open, ({ leave, read, running }) =>
        leave(() => {
          const last = running()
          if (last === undefined) return undefined
          const further = Effect.provideContext(read, context)
          return Effect.andThen(last, Effect.whileLoop({ while: () => !attempt.ended, body: () => further, step }))
        })),
      ({ next }) => Stream.fromPull(Effect.succeed(next))
    )
  ))
}

const step = () => undefined
