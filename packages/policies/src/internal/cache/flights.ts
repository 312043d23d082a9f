/**
 * Calls that are on their way, by their key: who asks the same meanwhile joins. The work runs in the context of the first,
 * in a fiber of its own, and is interrupted when nobody waits for it any more.
 */
import type * as Arr from "effect/Array"
import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

interface Flight<A, E> {
  readonly fiber: Fiber.Fiber<A, E>
  waiting: number
}

/** One effect for all who ask for a key at the same time. `use` gets its value, and whether the caller was the first. */
export const makeEffects = <A, E>() => {
  const flights = new Map<string, Flight<A, E>>()

  return <B, R>(
    key: string,
    work: Effect.Effect<A, E, R>,
    use: (value: A, isFirst: boolean) => B
  ): Effect.Effect<B, E, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.contextWith((context: Context.Context<R>) => {
        const before = flights.get(key)
        const flight = before ?? { fiber: Effect.runForkWith(context)(work), waiting: 0 }
        const done = () => {
          if (flights.get(key) === flight) flights.delete(key)
        }
        if (before === undefined) {
          flights.set(key, flight)
          flight.fiber.addObserver(done)
        }
        flight.waiting++
        const leave = Effect.suspend(() => {
          flight.waiting--
          if (flight.waiting > 0) return Effect.void
          done()
          return Fiber.interrupt(flight.fiber)
        })
        return Effect.map(
          Effect.onInterrupt(restore(Fiber.join(flight.fiber)), () => leave),
          (value) => use(value, before === undefined)
        )
      })
    )
}

type Reads<P> = Arr.NonEmptyReadonlyArray<P>

/** How a stream is begun: it closes with the scope. */
export interface Opened<P, E, R = never> {
  readonly pull: Pull.Pull<Reads<P>, E, void, R>
  /** Whether it was not asked for: it is the same to all then, the first included. */
  readonly isCached: boolean
}

/**
 * One stream for all who ask for a key at the same time. It is drawn from as the fastest of them reads; the others, and
 * those who join later, get all of it from the start. `last` says after which read nobody can join. `unpaid` makes of a
 * read what it is for those who did not ask for it.
 */
export const makeStreams = <P, E>(options: {
  readonly last: (read: Reads<P>) => boolean
  readonly unpaid: (read: Reads<P>) => Reads<P>
}) => {
  const flights = new Map<string, StreamFlight<P, E>>()

  return <R>(
    key: string,
    open: Effect.Effect<Opened<P, E, R>, E, R | Scope.Scope>
  ): Stream.Stream<P, E, Exclude<R, Scope.Scope>> =>
    Stream.unwrap(Effect.contextWith((context: Context.Context<R>) => {
      // All else that it needs is in the context, in which it is drawn from.
      const opening = open as Effect.Effect<Opened<P, E>, E, Scope.Scope>
      const join = Effect.sync(() => {
        const before = flights.get(key)
        const flight = before ?? new StreamFlight(key, flights, opening, context, options.last)
        flights.set(key, flight)
        flight.readers++
        return { flight, isFirst: before === undefined }
      })
      return Effect.map(
        Effect.acquireRelease(join, ({ flight }) => flight.leave),
        ({ flight, isFirst }) => Stream.fromPull(Effect.succeed(reading(flight, isFirst, options.unpaid)))
      )
    }))
}

/** What one reader gets. */
const reading = <P, E>(
  flight: StreamFlight<P, E>,
  isFirst: boolean,
  unpaid: (read: Reads<P>) => Reads<P>
): Pull.Pull<Reads<P>, E> => {
  let at = 0
  const next: Pull.Pull<Reads<P>, E> = Effect.suspend(() => {
    const read = flight.reads[at]
    if (read !== undefined) {
      at++
      return Effect.succeed(isFirst || flight.isCached ? read : unpaid(read))
    }
    if (flight.ended !== undefined) return flight.ended
    const drawing = flight.draw()
    return drawing === undefined ? next : Effect.flatMap(Fiber.await(drawing), () => next)
  })
  return next
}

class StreamFlight<P, E> {
  readonly reads: Array<Reads<P>> = []
  isCached = false
  ended: Exit.Exit<never, E | Cause.Done> | undefined
  readers = 0
  readonly #scope = Scope.makeUnsafe()
  readonly #draw: () => Fiber.Fiber<unknown, unknown>
  readonly #forget: () => void
  #drawing: Fiber.Fiber<unknown, unknown> | undefined

  constructor(
    key: string,
    flights: Map<string, StreamFlight<P, E>>,
    open: Effect.Effect<Opened<P, E>, E, Scope.Scope>,
    context: Context.Context<never>,
    last: (read: Reads<P>) => boolean
  ) {
    this.#forget = () => {
      if (flights.get(key) === this) flights.delete(key)
    }
    let pull: Pull.Pull<Reads<P>, E> = Effect.flatMap(
      Effect.provideService(open, Scope.Scope, this.#scope),
      (opened) => {
        this.isCached = opened.isCached
        pull = opened.pull
        return pull
      }
    )
    const run = Effect.runForkWith(context)
    const step = Effect.suspend(() => pull).pipe(
      Effect.onError(() => Scope.close(this.#scope, Exit.void))
    )
    this.#draw = () => {
      const fiber = run(step)
      fiber.addObserver((exit) => {
        this.#drawing = undefined
        if (exit._tag === "Failure") {
          this.ended = Exit.failCause(exit.cause)
          this.#forget()
          return
        }
        this.reads.push(exit.value)
        if (last(exit.value)) this.#forget()
      })
      return fiber
    }
  }

  /** Draws one read more, or joins whoever does. What comes back runs; nothing where it has ended already. */
  draw(): Fiber.Fiber<unknown, unknown> | undefined {
    if (this.#drawing !== undefined) return this.#drawing
    const fiber = this.#draw()
    if (fiber.pollUnsafe() !== undefined) return undefined
    this.#drawing = fiber
    return fiber
  }

  /** One reader less. */
  get leave(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.readers--
      if (this.readers > 0 || this.ended !== undefined) return Effect.void
      this.#forget()
      const drawing = this.#drawing
      const close = Scope.close(this.#scope, Exit.void)
      return drawing === undefined ? close : Effect.andThen(Fiber.interrupt(drawing), close)
    })
  }
}
