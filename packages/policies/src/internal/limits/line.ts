/**
 * A line of calls: each has its turn in the order they came, and one at a time. Leaving it, from wherever in it, costs
 * the same however long it is.
 */
import * as Effect from "effect/Effect"

/** A place in a line. */
export interface Place {
  state: "outside" | "waiting" | "first"
  before: Place | undefined
  behind: Place | undefined
  wake: (() => void) | undefined
}

export const place = (): Place => ({ state: "outside", before: undefined, behind: undefined, wake: undefined })

export class Line {
  #first: Place | undefined
  #last: Place | undefined
  #length = 0

  /** Those who wait, the first included. */
  get length(): number {
    return this.#length
  }

  /** Goes to the end of the line and waits for its turn, which lasts until {@link leave}. Who is interrupted must leave. */
  enter(place: Place): Effect.Effect<void> {
    this.#length++
    place.before = this.#last
    if (this.#last !== undefined) this.#last.behind = place
    this.#last = place
    if (this.#first === undefined) {
      this.#first = place
      place.state = "first"
      return Effect.void
    }
    place.state = "waiting"
    return Effect.withFiber((fiber) =>
      Effect.callback((resume) => {
        if (place.state === "first") return resume(Effect.void)
        // Not at once: who leaves the line goes on first.
        place.wake = () => fiber.currentDispatcher.scheduleTask(() => resume(Effect.void), 0)
      })
    )
  }

  /** Leaves the line; the next has its turn. Does nothing outside of it. */
  leave(place: Place): void {
    const { before, behind, state } = place
    if (state === "outside") return
    this.#length--
    place.state = "outside"
    place.wake = undefined
    place.before = undefined
    place.behind = undefined
    if (before === undefined) this.#first = behind
    else before.behind = behind
    if (behind === undefined) this.#last = before
    else behind.before = before
    if (state !== "first" || behind === undefined) return
    behind.state = "first"
    behind.wake?.()
  }
}
