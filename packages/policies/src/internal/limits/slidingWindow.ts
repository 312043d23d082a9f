/**
 * What was sent in the last minute, in slots of a second. A slot counts until all of it is more than a minute ago, so
 * that no minute, wherever it begins, has more than the limit; it may cost up to a second in sixty.
 */

export const windowMillis = 60_000
export const slotMillis = 1_000
/** The slots that count at a time: those of a minute, and the one that is partly out of it. */
export const slotsKept = windowMillis / slotMillis + 1

/** The most that may be sent in a minute. What is `undefined` has no limit. */
export interface Limits {
  readonly requests: number | undefined
  readonly tokens: number | undefined
}

/** Slots go round; those before 1970 are below 0. */
const placeOf = (slot: number): number => (slot % slotsKept + slotsKept) % slotsKept

/** A count for each slot, and their sum. */
class Counts {
  readonly #counts = new Float64Array(slotsKept)
  sum = 0

  at(slot: number): number {
    // There is one for each place.
    return this.#counts[placeOf(slot)]!
  }

  add(slot: number, count: number): void {
    this.#counts[placeOf(slot)] = this.at(slot) + count
    this.sum += count
  }

  clear(): void {
    this.#counts.fill(0)
    this.sum = 0
  }
}

/** The state of one limit. Time is milliseconds since 1970, from whatever clock the caller has. */
export class SlidingWindow {
  readonly #requests = new Counts()
  readonly #tokens = new Counts()
  #newest = 0
  #last = 0
  #pausedUntil = 0

  /** Whether nothing is left to remember. */
  isIdle(now: number): boolean {
    this.#moveTo(now)
    return this.#requests.sum === 0 && this.#tokens.sum === 0 && this.#pausedUntil <= this.#last
  }

  /**
   * Takes room for one request of so many tokens, and gives the slot it was taken in; or the milliseconds until there
   * may be room, below 0. A request of more tokens than the limit has room when nothing else was sent.
   */
  take(now: number, limits: Limits, tokens: number): number {
    const time = this.#moveTo(now)
    const wait = Math.max(this.#pausedUntil - time, this.#waitFor(time, limits, tokens))
    if (wait > 0) return -wait
    this.#add(this.#newest, 1, tokens)
    return this.#newest
  }

  /** Adds to what was taken in a slot, or takes from it. A slot that is gone stays so. */
  correct(now: number, slot: number, requests: number, tokens: number): void {
    this.#moveTo(now)
    if (slot > this.#newest || slot <= this.#newest - slotsKept) return
    this.#add(slot, Math.max(-this.#requests.at(slot), requests), Math.max(-this.#tokens.at(slot), tokens))
  }

  /** Nothing has room for so many milliseconds. */
  pause(now: number, millis: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#moveTo(now) + millis)
  }

  #add(slot: number, requests: number, tokens: number): void {
    this.#requests.add(slot, requests)
    this.#tokens.add(slot, tokens)
  }

  /**
   * Forgets the slots that are out of the window. A clock that went back by less than the window is taken to stand: the
   * clocks of machines differ. One that went back further was set: what was sent counts as sent now.
   */
  #moveTo(now: number): number {
    if (now < this.#last - windowMillis) this.#startAnewAt(now)
    const time = Math.max(now, this.#last)
    this.#last = time
    const newest = Math.floor(time / slotMillis)
    for (let slot = Math.max(this.#newest + 1, newest - slotsKept + 1); slot <= newest; slot++) {
      this.#add(slot, -this.#requests.at(slot), -this.#tokens.at(slot))
    }
    this.#newest = newest
    return time
  }

  #startAnewAt(now: number): void {
    const [requests, tokens] = [this.#requests.sum, this.#tokens.sum]
    this.#pausedUntil = Math.max(0, this.#pausedUntil - this.#last + now)
    this.#requests.clear()
    this.#tokens.clear()
    this.#last = now
    this.#newest = Math.floor(now / slotMillis)
    this.#add(this.#newest, requests, tokens)
  }

  #waitFor(time: number, limits: Limits, tokens: number): number {
    let requestsOver = limits.requests === undefined ? 0 : this.#requests.sum + 1 - limits.requests
    let tokensOver = limits.tokens === undefined
      ? 0
      : Math.min(this.#tokens.sum, this.#tokens.sum + tokens - limits.tokens)
    if (requestsOver <= 0 && tokensOver <= 0) return 0
    for (let slot = this.#newest - slotsKept + 1; slot <= this.#newest; slot++) {
      requestsOver -= this.#requests.at(slot)
      tokensOver -= this.#tokens.at(slot)
      if (requestsOver <= 0 && tokensOver <= 0) return (slot + slotsKept) * slotMillis - time
    }
    return slotMillis
  }
}

/** The windows of many keys. */
export class Windows {
  readonly #windows = new Map<string, SlidingWindow>()
  #leftOver = 0

  get size(): number {
    return this.#windows.size
  }

  of(key: string, now: number): SlidingWindow {
    const known = this.#windows.get(key)
    if (known !== undefined) return known
    // Idle ones are looked for when there are twice as many as were left the last time: on the whole once a key.
    if (this.#windows.size >= 2 * this.#leftOver + 16) {
      for (const [other, window] of this.#windows) if (window.isIdle(now)) this.#windows.delete(other)
      this.#leftOver = this.#windows.size
    }
    const window = new SlidingWindow()
    this.#windows.set(key, window)
    return window
  }
}
