/**
 * What tokens cost, in exact decimals. What is not known is `undefined`, and never 0.
 */
import * as Pricing from "@llm-layers/core/Pricing"
import * as Usage from "@llm-layers/core/Usage"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ModelCatalog from "./ModelCatalog.ts"
import type * as ModelFacts from "./ModelFacts.ts"

/** US dollars, by what they are for. Absent where nothing of it was used. */
export interface Cost {
  readonly input?: BigDecimal.BigDecimal
  readonly cacheRead?: BigDecimal.BigDecimal
  readonly cacheWrite?: BigDecimal.BigDecimal
  readonly cacheWriteHour?: BigDecimal.BigDecimal
  /** With reasoning, where that has no price of its own. */
  readonly output?: BigDecimal.BigDecimal
  readonly reasoning?: BigDecimal.BigDecimal
  readonly total: BigDecimal.BigDecimal
}

/** How the tokens were used. */
export interface Options {
  /** Through the vendor's batch API. Default: no. */
  readonly batch?: boolean | undefined
  /** Of the tokens written to a cache, those that it keeps for an hour. Default: none. */
  readonly cacheWriteHour?: number | undefined
}

/**
 * The cost of a usage. `undefined` where a count that matters was not reported, or has no price.
 *
 * The tier of prices is chosen by all input tokens, those of a cache included, as vendors do.
 *
 * @example
 * ```ts
 * import * as Usage from "@llm-layers/core/Usage"
 * import * as Cost from "@llm-layers/registry/Cost"
 * import { BigDecimal } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const dollars = BigDecimal.fromStringUnsafe
 * const prices = { input: dollars("3"), cacheRead: dollars("0.3"), output: dollars("15") }
 * const usage = Usage.make({ inputUncached: 1_000, cacheRead: 9_000, outputTotal: 500 })
 * const cost = Cost.ofUsage(prices, usage)
 * strictEqual(cost && Cost.format(cost.total), "$0.0132")
 * ```
 */
export const ofUsage = (
  prices: ModelFacts.Prices | undefined,
  usage: Usage.Encoded,
  options: Options = {}
): Cost | undefined => {
  if (prices === undefined) return undefined
  const { inputTokens, outputTokens } = usage
  const rates = ratesFor(prices, inputTokens.total, options)
  if (rates === undefined || inputTokens.total === undefined || outputTokens.total === undefined) return undefined
  const { cacheRead = 0, cacheWrite = 0 } = inputTokens
  const { cacheWriteHour = 0 } = options
  const ownReasoning = rates.reasoning === undefined ? 0 : outputTokens.reasoning ?? 0
  return together({
    input: [inputTokens.uncached ?? inputTokens.total - cacheRead - cacheWrite, rates.input],
    cacheRead: [cacheRead, rates.cacheRead],
    cacheWrite: [cacheWrite - cacheWriteHour, rates.cacheWrite],
    cacheWriteHour: [cacheWriteHour, rates.cacheWriteHour],
    output: [outputTokens.total - ownReasoning, rates.output],
    reasoning: [ownReasoning, rates.reasoning]
  })
}

/** The cost of a call that was not made yet. No token is taken to come from a cache. */
export const estimate = (
  prices: ModelFacts.Prices | undefined,
  tokens: { readonly inputTokens: number; readonly outputTokens: number },
  options?: Options
): Cost | undefined =>
  ofUsage(prices, {
    inputTokens: { total: tokens.inputTokens, uncached: tokens.inputTokens },
    outputTokens: { total: tokens.outputTokens }
  }, options)

/** A sum, and how many entries it leaves out because their cost is not known. */
export interface Sum {
  readonly total: BigDecimal.BigDecimal
  readonly unknown: number
}

/** The cost of several calls, such as the entries of a ledger. */
export const sum = (entries: Iterable<{ readonly cost: BigDecimal.BigDecimal | undefined }>): Sum => {
  let total = zero
  let unknown = 0
  for (const { cost } of entries) {
    if (cost === undefined) unknown++
    else total = BigDecimal.sum(total, cost)
  }
  return { total, unknown }
}

/** The prices of a catalogue, in the form in which policies ask for them. */
export const priceList =
  (catalog: ModelCatalog.Catalog): Pricing.PriceList => ({ cacheWriteHour, model, provider, usage }) =>
    ofUsage(catalog.get(provider, model)?.prices, usage, { cacheWriteHour })?.total

/**
 * Books and limits calls by the prices of the catalogue: what `Pricing.Prices` of core stands for.
 *
 * @example
 * ```ts
 * import * as Cost from "@llm-layers/registry/Cost"
 * import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
 * import { Layer } from "effect"
 *
 * export const prices = Cost.layer.pipe(Layer.provide(ModelCatalog.layer()))
 * ```
 */
export const layer: Layer.Layer<never, never, ModelCatalog.ModelCatalog> = Layer.effect(
  Pricing.Prices,
  Effect.map(ModelCatalog.ModelCatalog, priceList)
)

/** US dollars for people: `$0.0132`, with all its digits. */
export const format = (dollars: BigDecimal.BigDecimal): string => {
  const text = plain(BigDecimal.abs(dollars))
  const [whole = "0", cents = ""] = text.split(".")
  return `${BigDecimal.isNegative(dollars) ? "-" : ""}$${whole}.${cents.padEnd(2, "0")}`
}

/** Without an exponent, which `BigDecimal.format` has for small numbers. */
const plain = (amount: BigDecimal.BigDecimal): string => {
  const { scale, value } = BigDecimal.normalize(amount)
  if (scale <= 0) return String(value * 10n ** BigInt(-scale))
  const digits = String(value).padStart(scale + 1, "0")
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const zero = BigDecimal.make(0n, 0)

const ratesFor = (
  prices: ModelFacts.Prices,
  inputTokens: number | undefined,
  { batch = false }: Options
): ModelFacts.Rates | undefined => {
  if (batch) return prices.batch
  const tiers = (prices.tiers ?? []).toSorted((one, other) => other.above - one.above)
  return inputTokens === undefined ? prices : tiers.find(({ above }) => inputTokens > above) ?? prices
}

type Items = {
  readonly [item in Exclude<keyof Cost, "total">]-?: readonly [tokens: number, rate: BigDecimal.BigDecimal | undefined]
}

/** Each sort of tokens at its price. Tokens without a price make the whole unknown. */
const together = (items: Items): Cost | undefined => {
  const out: { -readonly [item in keyof Cost]: Cost[item] } = { total: zero }
  for (const [item, [given, rate]] of Object.entries(items)) {
    const tokens = Usage.toCount(given)
    if (tokens === 0) continue
    if (tokens === undefined || rate === undefined) return undefined
    const cost = ofTokens(tokens, rate)
    out.total = BigDecimal.sum(out.total, cost)
    // The keys are those of `Items`.
    out[item as keyof Items] = cost
  }
  return out
}

/** Rates are for a million tokens; the point moves by six places, which loses nothing. */
const ofTokens = (tokens: number, rate: BigDecimal.BigDecimal): BigDecimal.BigDecimal => {
  const product = BigDecimal.multiply(BigDecimal.make(BigInt(tokens), 0), rate)
  return BigDecimal.normalize(BigDecimal.make(product.value, product.scale + 6))
}
