/**
 * What happens to the requests of a call, for policies that must know more than a driver says: whether a request left
 * at all, and what the head of its answer says of limits.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/**
 * Told of the requests of the calls around which it was put. Its functions must neither throw nor take long.
 */
export interface RequestObserver {
  /** A request is being made; nothing has left. A driver that never says so tells nothing of its requests. */
  readonly onPrepare?: (() => void) | undefined
  /** The request is handed to the network. It counts as received unless {@link onUnreached} follows. */
  readonly onSend?: (() => void) | undefined
  /** No connection was made: the server has not seen the request. */
  readonly onUnreached?: (() => void) | undefined
  /** The head of the answer, of whatever status, as it came: its headers are not redacted. */
  readonly onHead?: ((status: number, headers: Headers) => void) | undefined
}

/** The observers around a call, the outermost first. */
export const Observers = Context.Reference<ReadonlyArray<RequestObserver>>("@llm-layers/core/RequestObserver", {
  defaultValue: () => none
})

const none: ReadonlyArray<RequestObserver> = []

/**
 * Runs an effect under one observer more. A stream takes it by `Stream.updateService` of {@link Observers}.
 *
 * @example
 * ```ts
 * import * as RequestObserver from "@llm-layers/core/RequestObserver"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = RequestObserver.observe(LanguageModel.generateText({ prompt: "Hello" }), {
 *   onHead: (status, headers) => console.log(status, headers.get("x-ratelimit-remaining-requests"))
 * })
 * ```
 */
export const observe = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  observer: RequestObserver
): Effect.Effect<A, E, R> => Effect.updateService(self, Observers, (outer) => [...outer, observer])

/** The observers of a fiber. */
export const ofFiber = (fiber: Fiber.Fiber<unknown, unknown>): ReadonlyArray<RequestObserver> => fiber.getRef(Observers)
