/**
 * No more tokens and money than are allowed: for a call, for all that runs inside an effect, or for a tenant and a period.
 *
 * Before a call, what it may use is estimated and reserved, so that calls at the same time cannot all pass on what is left
 * once. After it, what it used is booked in place of that. An answer that used more than was estimated is given all the
 * same, as it is paid for; the calls after it are refused.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as Pricing from "@llm-layers/core/Pricing"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import * as RequestObserver from "@llm-layers/core/RequestObserver"
import type * as Settings from "@llm-layers/core/Settings"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { dual } from "effect/Function"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { BudgetStore, type BudgetStoreError } from "./BudgetStore.ts"
import * as Beginning from "./internal/beginning.ts"
import * as Accounts from "./internal/budget/accounts.ts"
import * as Amount from "./internal/budget/amount.ts"
import { Spending } from "./internal/budget/spending.ts"
import * as OptionChecks from "./internal/options.ts"
import * as OutputTokens from "./internal/outputTokens.ts"

/** What may be used, and what is done where a price is not known. */
export interface Limit {
  /** Tokens of input and output together. Default: no limit. */
  readonly tokens?: number | undefined
  /**
   * US dollars, as a decimal: `"2.50"`. Prices are those of `Pricing.Prices` around the call; what a vendor says an answer
   * cost wins. Counted in billionths, rounded up. Default: no limit.
   */
  readonly usd?: BigDecimal.BigDecimal | string | undefined
}

/** The budget of a call, or of what runs inside {@link scoped}. */
export interface Options extends Limit {
  /**
   * `call`: each call by itself, by the estimate. `fiber`: all calls inside the nearest {@link scoped} together; a call
   * outside of any counts by itself. Default: `fiber`.
   */
  readonly per?: "call" | "fiber" | undefined
  /** Tokens of output to reserve. Default: `maxOutputTokens` of the call where it has one, else 1,000. */
  readonly outputTokens?: number | undefined
  /**
   * What happens to a call under a limit in dollars whose price is not known: `refuse` it with `BudgetExceeded`, or
   * `allow` it, reserving nothing: only what the vendor says it cost is booked. Default: `refuse`.
   */
  readonly onUnknownPrice?: "refuse" | "allow" | undefined
}

/** The budget of each tenant. */
export interface SharedOptions extends Omit<Options, "per"> {
  /** Whose budget a call is on. Default: {@link Tenant}. */
  readonly tenant?: ((request: LanguageModel.ProviderOptions) => string) | undefined
  /** How long until a budget begins anew, counted from 1970 in UTC: days begin at midnight. Default: 1 day. */
  readonly period?: Duration.Input | undefined
  /**
   * What happens while the store fails: `closed` fails calls with `StoreFailed`, `open` lets them pass without being
   * booked. Default: `closed`.
   */
  readonly onStoreFailure?: "open" | "closed" | undefined
  /** How long to wait for the store. Default: 1 second. */
  readonly storeTimeout?: Duration.Input | undefined
}

/** The tenant of the calls inside. Calls without one are on one budget together, that of the empty name. */
export const Tenant = Context.Reference<string>("@llm-layers/policies/Budget/Tenant", { defaultValue: () => "" })

const Current = Context.Reference<Accounts.Scope | undefined>("@llm-layers/policies/Budget/Scope", {
  defaultValue: () => undefined
})

/**
 * An effect or a stream with a budget of its own: calls inside share what `Budget.make` allows, each time it runs. Of
 * nested ones, all count.
 *
 * @example
 * ```ts
 * import * as Budget from "@llm-layers/policies/Budget"
 * import { ProviderError } from "@llm-layers/core"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const policy = Budget.make({ tokens: 1_500 })
 * const ask = LanguageModel.generateText({ prompt: "Hello" })
 * const both = Budget.scoped(Effect.all([ask, ask], { concurrency: 2 }))
 *
 * const model = ScriptedModel.layer(() => ScriptedModel.deliver("Hi.", { after: "5 millis" }), { policy })
 * const error = await Effect.runPromise(Effect.provide(Effect.flip(ProviderError.tagged(both)), model))
 * strictEqual(error._tag, "BudgetExceeded")
 * ```
 */
export const scoped = <Self extends Settings.Program>(self: Self): Settings.Same<Self> => {
  const inside = (outer: Accounts.Scope | undefined): Accounts.Scope => ({ used: new Map(), outer })
  const program: Settings.Program = self
  const within = Stream.isStream(program)
    ? Stream.suspend(() => Stream.updateService(program, Current, inside))
    : Effect.updateService(program, Current, inside)
  // What comes out is what went in: an effect, or a stream.
  return within as Settings.Same<Self>
}

/** An effect or a stream whose calls are on the budget of a tenant. */
export const withTenant: {
  (tenant: string): <Self extends Settings.Program>(self: Self) => Settings.Same<Self>
  <Self extends Settings.Program>(self: Self, tenant: string): Settings.Same<Self>
} = dual(2, (self: Settings.Program, tenant: string) =>
  Stream.isStream(self)
    ? Stream.provideService(self, Tenant, tenant)
    : Effect.provideService(self, Tenant, tenant))

/**
 * A budget for each call, or for what runs inside {@link scoped}.
 *
 * Put it inside of `Retry`, so that each attempt is checked, and what a failed one used is booked.
 */
export const make = (options: Options): Policy.Policy => (driver) =>
  Effect.sync(() => {
    const budget = {}
    const account = Effect.withFiber((fiber) => {
      const scope = options.per === "call" ? undefined : fiber.getRef(Current)
      return Effect.succeed(Accounts.local(budget, scope))
    })
    return limited(driver, options, () => () => account)
  })

const tenantOf = ({ tenant }: SharedOptions) => (asked: LanguageModel.ProviderOptions): Effect.Effect<string> =>
  tenant === undefined ? Tenant : Effect.sync(() => tenant(asked))

/** A budget for each tenant and period, in a `BudgetStore`. */
export const makeShared = (options: SharedOptions): Policy.Policy<BudgetStore> => (driver) =>
  Effect.map(
    BudgetStore,
    (store) => limited(driver, options, () => Accounts.ofTenants(store, options, tenantOf(options)))
  )

const limited = (
  driver: Driver.Driver,
  options: SharedOptions,
  /** Called once, where the options can be used. */
  accounts: () => (asked: LanguageModel.ProviderOptions) => Effect.Effect<Accounts.Account>
): Driver.Driver => {
  const nanoUsd = options.usd === undefined ? undefined : Amount.ofUsd(options.usd)
  const problem = problemOf(options, nanoUsd)
  if (problem !== undefined) return OptionChecks.refuse(driver, problem)
  const limits: Amount.Limits = { tokens: options.tokens, nanoUsd }
  const accountOf = accounts()

  /** Reserves what the call may use. */
  const reserve = (call: Call, asked: LanguageModel.ProviderOptions): Effect.Effect<void, AiError.AiError> =>
    Effect.withFiber((fiber) => {
      const prices = fiber.getRef(Pricing.Prices)
      return Effect.flatMap(OutputTokens.of(driver, options.outputTokens), (output) => {
        const spending = new Spending(driver, prices, TokenEstimate.ofRequest(asked), output)
        const { nanoUsd: price, tokens } = spending.guess
        if (price === undefined && limits.nanoUsd !== undefined && options.onUnknownPrice !== "allow") {
          return Effect.fail(noPrice(driver, call))
        }
        const ask = { tokens, nanoUsd: price ?? 0 }
        call.spending = spending
        return Effect.flatMap(
          accountOf(asked),
          (account) =>
            Effect.matchEffect(account.take(ask, limits, () => taken(call, account, ask)), {
              onFailure: (error) =>
                account.onStoreFailure === "open" ? Effect.void : Effect.fail(storeFailed(driver, call, error)),
              onSuccess: (used) =>
                used === undefined ? Effect.void : Effect.fail(exceeded(driver, call, { account, ask, limits, used }))
            })
        )
      })
    })

  const settle = (call: Call, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> => {
    call.ended = true
    const { reserved, spending } = call
    if (reserved === undefined || spending === undefined) return Effect.void
    const difference = Amount.minus(spending.spent(exit, reserved.amount), reserved.amount)
    return difference.tokens === 0 && difference.nanoUsd === 0 ? Effect.void : reserved.account.settle(difference)
  }

  return {
    ...driver,
    generateText: (asked) =>
      Effect.suspend(() => {
        const call: Call = { method: "generateText", ended: false, spending: undefined, reserved: undefined }
        const answer = Effect.flatMap(reserve(call, asked), () =>
          Effect.updateService(
            Effect.tap(driver.generateText(asked), (parts) => Effect.sync(() => call.spending?.see(parts))),
            RequestObserver.Observers,
            (outer) => observedBy(outer, call)
          ))
        return Effect.onExit(answer, (exit) => settle(call, exit))
      }),
    streamText: (asked) =>
      Beginning.watched((scope) => {
        const call: Call = { method: "streamText", ended: false, spending: undefined, reserved: undefined }
        return Scope.addFinalizerExit(scope, (exit) => settle(call, exit)).pipe(
          Effect.andThen(reserve(call, asked)),
          Effect.map(() => ({
            stream: driver.streamText(asked),
            beginning: Effect.updateService(RequestObserver.Observers, (outer) => observedBy(outer, call)),
            onRead: (parts) => call.spending?.see(parts)
          }))
        )
      })
  }
}

/** A call, and what it holds. */
interface Call {
  readonly method: string
  ended: boolean
  spending: Spending | undefined
  reserved: { readonly account: Accounts.Account; readonly amount: Amount.Amount } | undefined
}

const taken = (call: Call, account: Accounts.Account, amount: Amount.Amount): boolean => {
  if (!call.ended) call.reserved = { account, amount }
  return !call.ended
}

const observedBy = (outer: ReadonlyArray<RequestObserver.RequestObserver>, { spending }: Call) =>
  spending === undefined ? outer : [...outer, spending]

const problemOf = (options: SharedOptions, nanoUsd: number | undefined): OptionChecks.Problem | undefined =>
  OptionChecks.ofCount("tokens", options.tokens, 1) ??
    (options.usd !== undefined && nanoUsd === undefined
      ? { parameter: "usd", description: "usd must be a decimal above 0, and below 9,000,000" }
      : undefined) ??
    OptionChecks.ofCount("outputTokens", options.outputTokens, 0) ??
    OptionChecks.ofDuration("period", options.period) ??
    OptionChecks.ofDuration("storeTimeout", options.storeTimeout)

const noPrice = (driver: Driver.Driver, call: Call): AiError.AiError =>
  ProviderError.make(ProviderError.originOf(driver, call.method), "BudgetExceeded", {
    description: `No price is known for ${driver.provider}/${driver.model}, so its cost cannot be held to a budget: ` +
      "provide Pricing.Prices, or let it pass with onUnknownPrice: \"allow\"",
    parameter: "model",
    facts: { policy: "Budget", unknownPrice: true, model: driver.model }
  })

const storeFailed = (driver: Driver.Driver, call: Call, error: BudgetStoreError): AiError.AiError =>
  ProviderError.make(ProviderError.originOf(driver, call.method), "StoreFailed", {
    description: Redaction.text(error.message),
    facts: { policy: "Budget" },
    cause: Redaction.cause(error)
  })

const exceeded = (driver: Driver.Driver, call: Call, { account, ask, limits, used }: {
  readonly account: Accounts.Account
  readonly ask: Amount.Amount
  readonly limits: Amount.Limits
  readonly used: Amount.Amount
}): AiError.AiError => {
  const what = Amount.exceeds(Amount.plus(used, ask), limits)
  const [need, have, limit] = what === "usd"
    ? [`${Amount.toUsd(ask.nanoUsd)} USD`, Amount.toUsd(used.nanoUsd), Amount.toUsd(limits.nanoUsd ?? 0)]
    : [`${ask.tokens} tokens`, `${used.tokens}`, `${limits.tokens}`]
  return ProviderError.make(ProviderError.originOf(driver, call.method), "BudgetExceeded", {
    description: `The call may need ${need}, and ${have} of ${limit} are used or reserved (${account.scope})`,
    facts: {
      policy: "Budget",
      scope: account.scope,
      exceeded: what,
      needed: { tokens: ask.tokens, usd: Amount.toUsd(ask.nanoUsd) },
      used: { tokens: used.tokens, usd: Amount.toUsd(used.nanoUsd) },
      limit: { tokens: limits.tokens, usd: limits.nanoUsd === undefined ? undefined : Amount.toUsd(limits.nanoUsd) }
    }
  })
}
