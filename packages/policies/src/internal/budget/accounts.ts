/** What a budget is kept on: what a call takes from, and what it settles with. */
import * as Redaction from "@llm-layers/core/Redaction"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import { BudgetStoreError, type Store } from "../../BudgetStore.ts"
import * as StoreUse from "../storeUse.ts"
import * as TimedCall from "../timedCall.ts"
import * as Amount from "./amount.ts"

/** What was used inside a scope, by budget; and the scopes around it. */
export interface Scope {
  readonly used: Map<object, Amount.Amount>
  readonly outer: Scope | undefined
}

/** Where a call takes from. */
export interface Account {
  readonly scope: string
  /**
   * Takes the amount, or says what was used. `onTaken` is told at once, also where the call has ended meanwhile; it says
   * whether the call still wants it.
   */
  readonly take: (
    ask: Amount.Amount,
    limits: Amount.Limits,
    onTaken: () => boolean
  ) => Effect.Effect<Amount.Amount | undefined, BudgetStoreError>
  /** Books what was used in place of what was taken. */
  readonly settle: (difference: Amount.Amount) => Effect.Effect<void>
  readonly onStoreFailure: "open" | "closed"
}

/** Of a call by itself, or of all that runs inside a scope. */
export const local = (budget: object, scope: Scope | undefined): Account => {
  const scopes: Array<Scope> = []
  for (let at = scope; at !== undefined; at = at.outer) scopes.push(at)
  const usedIn = (one: Scope) => one.used.get(budget) ?? Amount.nothing
  const add = (by: Amount.Amount) => {
    for (const one of scopes) one.used.set(budget, Amount.plus(usedIn(one), by))
  }
  return {
    scope: scope === undefined ? "call" : "fiber",
    take: (ask, limits, onTaken) =>
      Effect.sync(() => {
        // The outermost has used the most.
        const outermost = scopes.at(-1)
        const used = outermost === undefined ? Amount.nothing : usedIn(outermost)
        if (Amount.exceeds(Amount.plus(used, ask), limits) !== undefined) return used
        add(ask)
        onTaken()
        return undefined
      }),
    settle: (difference) => Effect.sync(() => add(difference)),
    onStoreFailure: "closed"
  }
}

/** When, and how often, a store is told again what it did not take. */
const settledAgainAfter = Duration.millis(200)
const settledAgain = Schedule.upTo(Schedule.exponential("400 millis"), { times: 2 })

const none = Effect.succeed(undefined)

/** How a store is used; the policy's own options say what each means. */
interface InStore {
  readonly period?: Duration.Input | undefined
  readonly onStoreFailure?: "open" | "closed" | undefined
  readonly storeTimeout?: Duration.Input | undefined
}

/** Of a tenant and a period, in a store. */
export const ofTenants = (
  store: Store,
  options: InStore,
  tenantOf: (asked: LanguageModel.ProviderOptions) => Effect.Effect<string>
) => {
  const period = millis(options.period ?? defaultPeriod)
  const patience = millis(options.storeTimeout ?? defaultStoreTimeout)
  const onStoreFailure = options.onStoreFailure ?? "closed"
  return (asked: LanguageModel.ProviderOptions): Effect.Effect<Account> =>
    Effect.flatMap(tenantOf(asked), (tenant) =>
      Effect.withFiber((fiber) => {
        const index = Math.floor(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe() / period)
        const key = `${tenant}:${period}:${index}`
        const silent = () => new BudgetStoreError({ message: "The store of the budget does not answer" })
        // Nobody waits for it: the answer is there. What a store never hears stays reserved.
        const settle = (difference: Amount.Amount) =>
          Effect.withFiber((fiber) => {
            const add = store.add(key, difference, period)
            StoreUse.start(fiber.context, patience, add).whenEnded((exit) => {
              if (Exit.isSuccess(exit)) return
              const again = Effect.retry(TimedCall.effect(add, patience, silent), settledAgain).pipe(
                Effect.delay(settledAgainAfter),
                Effect.catch((error) =>
                  Effect.logWarning("A budget could not be settled; what was reserved counts", Redaction.cause(error))
                )
              )
              Effect.runForkWith(fiber.context)(again)
            })
            return Effect.void
          })
        return Effect.succeed({
          scope: `tenant ${tenant}`,
          // A caller that leaves does not wait for the store; what it takes after that is given back.
          take: (ask, limits, onTaken) =>
            Effect.withFiber((fiber) => {
              const taking = Effect.flatMap(store.take(key, ask, limits, period), ({ taken, used }) => {
                if (!taken) {
                  return Effect.succeed(used)
                }
                return onTaken() ? none : Effect.as(settle(Amount.minus(Amount.nothing, ask)), undefined)
              })
              const { end, ended } = StoreUse.start(fiber.context, patience, taking)
              return ended ?? Effect.flatMap(end, (exit) => exit ?? Effect.fail(silent()))
            }),
          settle,
          onStoreFailure
        })
      }))
}

const defaultPeriod = Duration.days(1)
const defaultStoreTimeout = Duration.seconds(1)

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))
