/** A store that is made when it is first needed, and anew as long as that fails. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Persistence from "effect/persistence/Persistence"
import * as Scope from "effect/Scope"

type Backing = Persistence.BackingPersistence["Service"]
type Store = Persistence.BackingPersistenceStore

/** Attempts run in fibers of their own: who waits for one can leave, and it goes on for the next who asks. */
export const make = <E, R>(
  layer: Layer.Layer<Persistence.BackingPersistence, E, R>
): Effect.Effect<Backing, never, R | Scope.Scope> =>
  Effect.map(Effect.context<R | Scope.Scope>(), (context): Backing => {
    const scope = Context.get(context, Scope.Scope)

    const build = (storeId: string) =>
      Effect.gen(function*() {
        const own = yield* Scope.fork(scope)
        const built = Effect.flatMap(Layer.build(Layer.fresh(layer)), (services) =>
          Context.get(services, Persistence.BackingPersistence).make(storeId)).pipe(Scope.provide(own))
        // What a failed attempt has opened goes with it.
        return yield* Effect.onError(built, (cause) =>
          Scope.close(own, Exit.failCause(cause)))
      }).pipe(
        // A layer that cannot make its table dies: it is the store that failed, and not the program.
        Effect.catchCause((cause) => {
          const thrown = Cause.squash(cause)
          return Effect.fail(
            new Persistence.PersistenceError({
              message: thrown instanceof Error ? thrown.message : "The store cannot be opened",
              cause: thrown
            })
          )
        })
      )

    return {
      make: (storeId) =>
        Effect.sync(() => {
          let building: Fiber.Fiber<Store, Persistence.PersistenceError> | undefined
          const store = Effect.suspend(() => {
            if (building === undefined || building.pollUnsafe()?._tag === "Failure") {
              building = Fiber.runIn(Effect.runForkWith(context)(build(storeId)), scope)
            }
            return Fiber.join(building)
          })
          return {
            get: (key) => Effect.flatMap(store, (one) => one.get(key)),
            getMany: (keys) => Effect.flatMap(store, (one) => one.getMany(keys)),
            set: (key, value, ttl) => Effect.flatMap(store, (one) => one.set(key, value, ttl)),
            setMany: (entries) => Effect.flatMap(store, (one) => one.setMany(entries)),
            remove: (key) => Effect.flatMap(store, (one) => one.remove(key)),
            clear: Effect.flatMap(store, (one) => one.clear)
          }
        })
    }
  })
