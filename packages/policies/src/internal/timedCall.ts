/**
 * Calls that a timer can end. What is called runs in a fiber of its own, because nothing else can be ended from outside;
 * a race would take two.
 */
import * as Deadline from "@llm-layers/core/Deadline"
import type * as Arr from "effect/Array"
import * as Channel from "effect/Channel"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
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
  Stream.unwrap(
    Effect.contextWith((context: Context.Context<R | Scope.Scope>) => {
      const timed = watch(self, limits, late, context)
      return Effect.as(
        Scope.addFinalizer(Context.get(context, Scope.Scope), Effect.sync(timed.close)),
        Stream.fromPull(Effect.succeed(timed.pull))
      )
    })
  )

/**
 * One timer a stream, which looks when it fires whether a limit is over, and else is set again: a part costs no timer.
 * Time is that of the clock that cannot be set.
 */
const watch = <Part extends AnyPart, E, R>(
  self: Stream.Stream<Part, E, R>,
  limits: Limits,
  late: (limit: keyof Limits) => E,
  context: Context.Context<R | Scope.Scope>
) => {
  type Parts = Arr.NonEmptyReadonlyArray<Part>
  const clock = Context.get(context, Clock.Clock)
  const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const started = now()
  const run = Effect.runForkWith(context)
  let begun = false
  /** How long the driver was waited for before the wait that runs, until something was said. */
  let waited = 0
  /** When the wait that runs began. */
  let since: number | undefined
  /** Ends the wait that runs. */
  let end: ((error: E) => void) | undefined
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
    else end?.(late(passed))
  }

  const set = (millis: number): void => {
    if (millis < Infinity) cancel = Deadline.after(context, Math.ceil(millis), check)
  }

  const hear = (exit: Exit.Exit<Parts, unknown>): void => {
    if (since !== undefined && !begun) waited += now() - since
    since = undefined
    end = undefined
    if (begun || exit._tag === "Failure" || !exit.value.some(isContent)) return
    begun = true
    cancel()
    check()
  }

  let next: Pull.Pull<Parts, E, void, R | Scope.Scope> = Effect.flatMap(
    // As `Stream.toPull`, less what lets several fibers read, which costs at every read.
    Channel.toPullScoped(Stream.toChannel(self), Context.get(context, Scope.Scope)),
    (pull) => next = pull
  )

  const pull: Pull.Pull<Parts, E> = Effect.callback((resume) => {
    // Only `total` passes while nobody waits.
    if (passed !== undefined) return resume(Effect.fail(late(passed)))
    since = now()
    const running = run(next)
    const done = running.pollUnsafe()
    if (done !== undefined) {
      hear(done)
      return resume(done)
    }
    running.addObserver(hear)
    end = settle(running, resume)
    return Fiber.interrupt(running)
  })

  set(Math.min(limits.total, limits.firstPart))
  return { pull, close: () => cancel() }
}
