/**
 * Circuits in memory, by the time that nobody sets: the store of `effect/persistence` would keep a circuit open for as long
 * as a clock was put back.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Breaker from "effect/persistence/CircuitBreaker"

/** As `layerStoreMemory` of `effect/persistence/CircuitBreaker`. */
export const layer: typeof Breaker.layerStoreMemory = (options) =>
  Layer.effect(
    Breaker.CircuitBreakerStore,
    Effect.map(Breaker.CircuitBreakerStore, (store) => ({
      admit: (key) => inSteadyTime(store.admit(key)),
      record: (options) => inSteadyTime(store.record(options)),
      state: (key) => inSteadyTime(store.state(key))
    }))
  ).pipe(Layer.provide(Breaker.layerStoreMemory(options)))

const inSteadyTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateService(effect, Clock.Clock, steadyOf)

/** By the clock that it tells the time of. */
const known = new WeakMap<Clock.Clock, Clock.Clock>()

const steadyOf = (clock: Clock.Clock): Clock.Clock => {
  const before = known.get(clock)
  if (before !== undefined) return before
  const millis = () => Math.floor(Number(clock.monotonicTimeNanosUnsafe()) / 1e6)
  const steady: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    currentTimeNanos: clock.monotonicTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  }
  known.set(clock, steady)
  return steady
}
