/** Keys that take turns, and which of them are out. Nothing of a key can be seen from outside. */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"

/** One key of a pool. */
export interface Entry {
  readonly name: string
  readonly key: Redacted.Redacted
  readonly weight: number
  /** How far its turn is. */
  turn: number
  out: Out | undefined
}

/** One key at least. */
export type Entries = readonly [Entry, ...ReadonlyArray<Entry>]

/** Why a key is out, and for how long: milliseconds since 1970. */
export interface Out {
  readonly kind: ErrorKind.Name
  readonly since: number
  readonly until: number
}

/** How long a key is out, in milliseconds. */
export interface Times {
  readonly refused: number
  readonly limited: number
}

/** A failure of a key in a call that runs. */
export interface Failed {
  readonly entry: Entry
  readonly error: AiError.AiError
}

/** The keys and their state. */
export class Keys {
  readonly #entries: Entries
  readonly #times: Times

  constructor(entries: Entries, times: Times) {
    this.#entries = entries
    this.#times = times
  }

  has(entry: Entry | undefined): entry is Entry {
    return entry !== undefined && this.#entries.includes(entry)
  }

  /**
   * The key whose turn it is, of those that are in and have not failed in this call. Turns are spread: of weights 2 and 1
   * it is the first, the second, the first.
   */
  pick(now: number, failed: ReadonlyArray<Failed>): Entry | undefined {
    let total = 0
    let best: Entry | undefined
    for (const entry of this.#entries) {
      if (isOut(entry, now) || failed.some((one) => one.entry === entry)) continue
      total += entry.weight
      entry.turn += entry.weight
      if (best === undefined || entry.turn > best.turn) best = entry
    }
    if (best !== undefined) best.turn -= total
    return best
  }

  /** Takes a key out where the failure is its own. False where it is not. */
  takeOut(entry: Entry, error: AiError.AiError, now: number): boolean {
    const kind = ErrorKind.kindOf(error)
    const time = this.#timeOf(kind, error)
    if (time === undefined) return false
    const until = now + time
    // Two calls may fail with the same key: the longer time holds.
    if (entry.out === undefined || !isOut(entry, now) || entry.out.until < until) {
      entry.out = { kind, since: now, until }
    }
    return true
  }

  #timeOf(kind: ErrorKind.Name, error: AiError.AiError): number | undefined {
    switch (kind) {
      case "AuthenticationFailed":
      case "QuotaExhausted":
        return this.#times.refused
      case "RateLimited": {
        const asked = RetryAfter.ofError(error)
        return asked === undefined ? this.#times.limited : Duration.toMillis(asked)
      }
      default:
        return undefined
    }
  }

  /** The error of a call that no key is left for: that of the key that is back soonest, its own where it is of this call. */
  noneLeft(origin: ProviderError.Origin, now: number, failed: ReadonlyArray<Failed>): AiError.AiError {
    const [first, ...others] = this.#entries
    const soonest = others.reduce((one, other) => untilOf(other) < untilOf(one) ? other : one, first)
    const own = failed.find(({ entry }) => entry === soonest)
    if (own !== undefined) return own.error
    const wait = untilOf(soonest) - now
    return ProviderError.make(origin, soonest.out?.kind ?? "AuthenticationFailed", {
      description: `None of the ${this.#entries.length} keys of the pool is in: the last calls with them failed`,
      ...(Number.isFinite(wait) ? { retryAfter: Duration.millis(Math.max(0, wait)) } : undefined)
    })
  }
}

const untilOf = (entry: Entry): number => entry.out?.until ?? 0

/** Under a clock that was put back, a key is in rather than out for longer than was meant. */
export const isOut = ({ out }: Entry, now: number): boolean => out !== undefined && now >= out.since && now < out.until
