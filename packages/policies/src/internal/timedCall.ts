/**
 * Calls that a timer can end. What is called runs in a fiber of its own, because nothing else can be ended from outside;
 * a race would take two.
 */
import * as Deadline from "@llm-layers/core/Deadline"
import type * as Arr from "effect/Array"
import type * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type AnyPart, isContent } from "./content.ts"

/** Milliseconds. */
export interface Limits {
  readonly total: number
  readonly firstPart: number
  readonly idle: number
}

/** Fails where the effect takes longer, after it was interrupted. */
export const effect = <A, E, R>(self: Effect.Effect<A, E, R>, millis: number, late: () => E): Effect.Effect<A, E, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.callback((resume) => {
      const running = Effect.runForkWith(context)(self)
      const done = running.pollUnsafe()
      if (done !== undefined) return resume(done)
      const end = settle(running, resume)
      const cancel = Deadline.after(context, millis, () => end(late()))
      running.addObserver(cancel)
      return Effect.suspend(() => {
        cancel()
        return Fiber.interrupt(running)
      })
    })
  )

/** Hands over what comes of a fiber. What comes back ends the fiber, and hands over the error in its place. */
const settle = <A, E, E2>(
  running: Fiber.Fiber<A, E>,
  resume: (effect: Effect.Effect<A, E | E2>) => void
): (error: E2) => void => {
  let ended = false
  running.addObserver((exit) => {
    if (!ended) resume(exit)
  })
  return (error) => {
    ended = true
    // Before anybody waits: an interruption of the call could come in between.
    running.interruptUnsafe()
    resume(Effect.andThen(Fiber.await(running), Effect.fail(error)))
  }
}

/** A stream under limits. */
export const stream = <Part extends AnyPart, E, R>(
  self: Stream.Stream<Part, E, R>,
  limits: Limits,
  late: (limit: keyof Limits) => E
): Stream.Stream<Part, E, R> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope: Scope.Scope) =>
      Effect.contextWith((context: Context.Context<R>) => {
        const own = Scope.forkUnsafe(scope)
        const open = Channel.toPullScoped(Stream.toChannel(self), own)
        const timed = watch({ open, close: Scope.close(own, Exit.interrupt()) }, limits, late, context)
        return Effect.as(Scope.addFinalizer(scope, Effect.sync(timed.close)), timed.pull)
      })
    )
  )

/**
 * One timer a stream, which looks when it fires whether a limit is over, and else is set again: a part costs no timer.
 * Time is that of the clock that cannot be set.
 */
const watch = <Part extends AnyPart, E, R>(
  { close, open }: {
    readonly open: Effect.Effect<Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, E, void, R>, never, R>
    readonly close: Effect.Effect<void>
  },
  limits: Limits,
  late: (limit: keyof Limits) => E,
  context: Context.Context<R>
) => {
  type Parts = Arr.NonEmptyReadonlyArray<Part>
  type Read = Pull.Pull<Parts, E, void, R>
  const clock = Context.get(context, Clock.Clock)
  const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const started = now()
  const run = Effect.runForkWith(context)
  let begun = false
  /** How long the driver was waited for before the wait that runs, until something was said. */
  let waited = 0
  /** When the wait that runs began. */
  let since: number | undefined
  /** The read that is waited for, and who waits. Fields rather than closures: there is one at a time, and many a stream. */
  let reading: Fiber.Fiber<Parts, E | Cause.Done> | undefined
  let resume: ((read: Pull.Pull<Parts, E>) => void) | undefined
  let passed: keyof Limits | undefined
  let cancel = () => {}

  const check = (): void => {
    const time = now()
    const waiting = since === undefined ? 0 : time - since
    const left = {
      total: limits.total - (time - started),
      silence: begun ? limits.idle - waiting : limits.firstPart - waited - waiting
    }
    if (left.total <= 0) passed = "total"
    else if (left.silence <= 0) passed = begun ? "idle" : "firstPart"
    if (passed === undefined) set(Math.min(left.total, left.silence))
    else if (reading === undefined) run(close) // The reader, who is told at its next read, may never come.
    else {
      const ended = reading
      const fail = resume
      resume = undefined
      // Before anybody waits: an interruption of the call could come in between.
      ended.interruptUnsafe()
      fail?.(Effect.andThen(Fiber.await(ended), Effect.fail(late(passed))))
    }
  }

  const set = (millis: number): void => {
    if (millis < Infinity) cancel = Deadline.after(context, Math.ceil(millis), check)
  }

  const hear = (exit: Exit.Exit<Parts, unknown>): void => {
    if (since !== undefined && !begun) waited += now() - since
    since = undefined
    if (begun || exit._tag === "Failure" || !exit.value.some(isContent)) return
    begun = true
    cancel()
    check()
  }

  const whenRead = (exit: Exit.Exit<Parts, E | Cause.Done>): void => {
    reading = undefined
    hear(exit)
    resume?.(exit)
  }

  let next: Read = Effect.flatMap(open, (pull) => next = pull)

  const interrupt = Effect.suspend(() => reading === undefined ? Effect.void : Fiber.interrupt(reading))

  const pull: Pull.Pull<Parts, E> = Effect.callback((resumed) => {
    // Only `total` passes while nobody waits.
    if (passed !== undefined) return resumed(Effect.fail(late(passed)))
    since = now()
    const running = run(next)
    const done = running.pollUnsafe()
    if (done !== undefined) {
      hear(done)
      return resumed(done)
    }
    reading = running
    resume = resumed
    running.addObserver(whenRead)
    return interrupt
  })

  set(Math.min(limits.total, limits.firstPart))
  return { pull, close: () => cancel() }
}
