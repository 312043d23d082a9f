/** Calls under one rate limit: who may go on, what each took, and what the vendor says meanwhile. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import type * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import type * as Usage from "@llm-layers/core/Usage"
import * as AiError from "effect/ai/AiError"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { type Limits, makeMemory, RateLimitStoreError, type Store } from "../../RateLimitStore.ts"
import * as StoreUse from "../storeUse.ts"
import * as TimedCall from "../timedCall.ts"
import * as Line from "./line.ts"
import { windowMillis } from "./slidingWindow.ts"
import { VendorLimits } from "./vendorLimits.ts"

/** The settings of a limiter, complete. Times are milliseconds. */
export interface Settings {
  readonly key: string
  readonly requests: number | undefined
  readonly tokens: number | undefined
  readonly concurrency: number
  readonly maxQueued: number
  readonly maxWait: number
  readonly learn: boolean
  /** A store shared with others; without one, the limiter is its own. */
  readonly shared: Store | undefined
  readonly onStoreFailure: "open" | "closed"
  readonly storeTimeout: number
}

/** For so long a store that failed is not asked again: each call would wait for it in turn. */
const storeRest = 1_000

/** A call under the limit, and what it holds. */
export class Ticket implements RequestObserver.RequestObserver {
  readonly place = Line.place()
  readonly #limiter: Limiter
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly origin: ProviderError.Origin
  readonly since: number
  /** What it asks for, by an estimate. */
  tokens = 0
  running = false
  taken: { readonly store: Store<unknown>; readonly slot: number } | undefined
  usage: Usage.Encoded | undefined
  #prepared = false
  #sent = false

  constructor(limiter: Limiter, fiber: Fiber.Fiber<unknown, unknown>, origin: ProviderError.Origin) {
    this.#limiter = limiter
    this.fiber = fiber
    this.origin = origin
    this.since = this.now
  }

  get now(): number {
    return this.fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
  }

  /** Whether its driver tells of its requests, and told of none that may have reached the vendor. */
  get unsent(): boolean {
    return this.#prepared && !this.#sent
  }

  onPrepare(): void {
    this.#prepared = true
  }

  onSend(): void {
    this.#sent = true
  }

  onUnreached(): void {
    this.#sent = false
  }

  onHead(status: number, headers: Headers): void {
    this.#limiter.learn(this, status, headers)
  }
}

export class Limiter {
  readonly settings: Settings
  readonly #line = new Line.Line()
  readonly #own = makeMemory()
  readonly #vendor = new VendorLimits()
  #running = 0
  #whenRoom: (() => void) | undefined
  #whenGivenBack: (() => void) | undefined
  #storeFailed: { readonly since: number; readonly error: RateLimitStoreError } | undefined

  constructor(settings: Settings) {
    this.settings = settings
  }

  /** What may be sent in a minute; the vendor's limit where it is lower. */
  get limits(): Limits {
    return {
      requests: lower(this.settings.requests, this.#vendor.requests),
      tokens: lower(this.settings.tokens, this.#vendor.tokens)
    }
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#line.length
  }

  /** Waits until the call may be sent. Whatever comes of it, {@link leave} must follow. */
  enter(ticket: Ticket): Effect.Effect<void, AiError.AiError> {
    const queued = this.#line.length
    if (queued > 0 && queued >= this.settings.maxQueued) return Effect.fail(this.#queueFull(ticket))
    return Effect.flatMap(this.#line.enter(ticket.place), () => this.#first(ticket))
  }

  /** Gives back what the call holds, and corrects what it took by what it used. */
  leave(ticket: Ticket, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    this.#line.leave(ticket.place)
    if (ticket.running) {
      ticket.running = false
      this.#running--
      this.#whenRoom?.()
    }
    const { taken } = ticket
    if (taken === undefined) return Effect.void
    const error = errorOf(exit)
    if (error !== undefined && this.settings.learn && ProviderError.kindOf(error) === "RateLimited") {
      const wait = RetryAfter.ofError(error)
      if (wait !== undefined) this.#pause(ticket, Duration.toMillis(wait))
    }
    const by = correction(ticket, error)
    if (by.requests === 0 && by.tokens === 0) return Effect.void
    const corrected = Effect.ignore(taken.store.correct(this.settings.key, taken.slot, by))
    // The first in the line waits by what it knew, and that was an estimate.
    return this.#aside(
      ticket,
      taken.store,
      by.tokens < 0 ? Effect.map(corrected, () => this.#whenGivenBack?.()) : corrected
    )
  }

  /** Reads what the vendor says of its limits. */
  learn(ticket: Ticket, status: number, headers: Headers): void {
    if (!this.settings.learn) return
    const wait = this.#vendor.read(status, headers, ticket.now)
    if (wait !== undefined) this.#pause(ticket, wait)
  }

  #pause(ticket: Ticket, millis: number): void {
    if (millis <= 0) return
    this.#vendor.pause(millis, ticket.now)
    const { key, shared } = this.settings
    if (shared !== undefined) {
      StoreUse.start(
        ticket.fiber.context,
        this.settings.storeTimeout,
        Effect.ignore(shared.pause(key, Duration.millis(millis)))
      )
    }
  }

  /** What the store is told without anybody waiting for it. A store that does not hear it errs on the safe side. */
  #aside(ticket: Ticket, store: Store<unknown>, told: Effect.Effect<void, unknown>): Effect.Effect<void> {
    const heard = Effect.ignore(told)
    return store === this.#own ? heard : Effect.sync(() => {
      StoreUse.start(ticket.fiber.context, this.settings.storeTimeout, heard)
    })
  }

  /** The first in the line asks for room until there is some. */
  #first(ticket: Ticket): Effect.Effect<void, AiError.AiError> {
    if (this.#running >= this.settings.concurrency) {
      return Effect.flatMap(this.#room(ticket), () => this.#first(ticket))
    }
    const held = this.#vendor.waitFor(ticket.tokens, ticket.now)
    if (held > 0) return this.#wait(ticket, held)
    return Effect.flatMap(this.#take(ticket), (wait) => {
      if (wait !== undefined) return this.#wait(ticket, wait)
      this.#vendor.spend(ticket.tokens)
      ticket.running = true
      this.#running++
      this.#line.leave(ticket.place)
      return Effect.void
    })
  }

  /** Takes room in the store. Gives the milliseconds to wait where there is none. */
  #take(ticket: Ticket): Effect.Effect<number | undefined, AiError.AiError> {
    const { key, shared } = this.settings
    if (shared === undefined) return this.#takeFrom(this.#own, ticket)
    const failed = this.#storeFailed
    if (failed !== undefined) {
      const since = ticket.now - failed.since
      if (since >= 0 && since < storeRest) return this.#without(ticket, failed.error)
    }
    const asked = TimedCall.effect(
      this.#takeFrom(shared, ticket),
      this.settings.storeTimeout,
      () => new RateLimitStoreError({ message: "The store of the rate limit does not answer" })
    )
    return Effect.matchEffect(asked, {
      onFailure: (error) => {
        this.#storeFailed = { since: ticket.now, error }
        return this.#without(ticket, error)
      },
      onSuccess: (wait) => {
        this.#storeFailed = undefined
        // So that the limiter alone, should the store fail, knows what was sent.
        return wait === undefined
          ? Effect.as(Effect.ignore(this.#own.take(key, unlimited, ticket.tokens)), wait)
          : Effect.succeed(wait)
      }
    })
  }

  #takeFrom<E>(store: Store<E>, ticket: Ticket): Effect.Effect<number | undefined, E> {
    return Effect.map(store.take(this.settings.key, this.limits, ticket.tokens), (taken) => {
      if (taken._tag === "Full") return Math.max(1, Duration.toMillis(taken.wait))
      ticket.taken = { store, slot: taken.slot }
      return undefined
    })
  }

  /** What happens while the store fails. */
  #without(ticket: Ticket, error: RateLimitStoreError): Effect.Effect<number | undefined, AiError.AiError> {
    if (this.settings.onStoreFailure === "open") return this.#takeFrom(this.#own, ticket)
    return Effect.fail(ProviderError.make(ticket.origin, "StoreFailed", {
      description: Redaction.text(error.message),
      facts: { policy: "RateLimit", key: this.settings.key },
      cause: Redaction.cause(error)
    }))
  }

  /** Waits for another call to end. */
  #room(ticket: Ticket): Effect.Effect<void, AiError.AiError> {
    if (this.settings.maxQueued === 0) return Effect.fail(this.#queueFull(ticket))
    const room = this.#told(ticket, (whenTold) => {
      this.#whenRoom = whenTold
    })
    const left = this.#left(ticket)
    return left === Infinity ? room : Effect.timeoutOrElse(room, {
      duration: left,
      orElse: () => Effect.fail(this.#tooLong(ticket, undefined))
    })
  }

  /** Waits to be told. Not at once: who tells goes on first. */
  #told({ fiber }: Ticket, listen: (whenTold: (() => void) | undefined) => void): Effect.Effect<void> {
    return Effect.callback((resume) => {
      listen(() => {
        listen(undefined)
        fiber.currentDispatcher.scheduleTask(() => resume(Effect.void), 0)
      })
      return Effect.sync(() => listen(undefined))
    })
  }

  /** Not longer than a minute at a time: a clock may be put, and limits change. */
  #wait(ticket: Ticket, millis: number): Effect.Effect<void, AiError.AiError> {
    if (this.settings.maxQueued === 0) return Effect.fail(this.#queueFull(ticket, millis))
    if (millis > this.#left(ticket)) return Effect.fail(this.#tooLong(ticket, millis))
    const givenBack = this.#told(ticket, (whenTold) => {
      this.#whenGivenBack = whenTold
    })
    return Effect.flatMap(
      Effect.timeoutOrElse(givenBack, { duration: Math.min(millis, windowMillis), orElse: () => Effect.void }),
      () => this.#first(ticket)
    )
  }

  /** How long the call still waits. */
  #left(ticket: Ticket): number {
    return Math.max(0, ticket.since + this.settings.maxWait - ticket.now)
  }

  #queueFull(ticket: Ticket, millis?: number): AiError.AiError {
    const { key, maxQueued } = this.settings
    return ProviderError.make(ticket.origin, "QueueFull", {
      description: `${this.waiting} calls wait for the rate limit of ${key}, which takes ${maxQueued}`,
      facts: { policy: "RateLimit", key, waiting: this.waiting, maxQueued },
      retryAfter: millis === undefined ? undefined : Duration.millis(millis)
    })
  }

  #tooLong(ticket: Ticket, millis: number | undefined): AiError.AiError {
    const { key, maxWait } = this.settings
    return ProviderError.make(ticket.origin, "RateLimited", {
      description: millis === undefined
        ? `A call waited ${maxWait} ms for others under the rate limit of ${key} to end, as long as maxWait allows`
        : `The rate limit of ${key} has room in ${millis} ms, later than maxWait (${maxWait} ms) allows`,
      facts: { policy: "RateLimit", key, maxWaitMillis: maxWait, waitedMillis: Math.max(0, ticket.now - ticket.since) },
      retryAfter: millis === undefined ? undefined : Duration.millis(millis)
    })
  }
}

const errorOf = (exit: Exit.Exit<unknown, unknown>): AiError.AiError | undefined => {
  const error = exit._tag === "Failure" ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  return AiError.isAiError(error) ? error : undefined
}

const unlimited: Limits = { requests: undefined, tokens: undefined }

const lower = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : other === undefined ? one : Math.min(one, other)

/** What is to be added to what a call took. A failure without usage leaves the estimate: the vendor may have counted it. */
const correction = (ticket: Ticket, error: AiError.AiError | undefined) => {
  if (ticket.unsent) return { requests: -1, tokens: -ticket.tokens }
  const usage = ticket.usage ?? (error === undefined ? undefined : ProviderError.partial(error)?.usage)
  const input = usage?.inputTokens.total
  if (input === undefined || ticket.tokens === 0) return { requests: 0, tokens: 0 }
  return { requests: 0, tokens: input + (usage?.outputTokens.total ?? 0) - ticket.tokens }
}
