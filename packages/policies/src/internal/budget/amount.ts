/** What is spent: tokens, and money in billionths of a US dollar, which are whole and exact up to nine million dollars. */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

export interface Amount {
  readonly tokens: number
  readonly nanoUsd: number
}

/** What may be spent. What is `undefined` has no limit. */
export interface Limits {
  readonly tokens: number | undefined
  readonly nanoUsd: number | undefined
}

export const nothing: Amount = { tokens: 0, nanoUsd: 0 }

export const plus = (one: Amount, other: Amount): Amount => ({
  tokens: one.tokens + other.tokens,
  nanoUsd: one.nanoUsd + other.nanoUsd
})

export const minus = (one: Amount, other: Amount): Amount => ({
  tokens: one.tokens - other.tokens,
  nanoUsd: one.nanoUsd - other.nanoUsd
})

/** What of the limits the amount goes over. */
export const exceeds = (amount: Amount, limits: Limits): "tokens" | "usd" | undefined =>
  limits.tokens !== undefined && amount.tokens > limits.tokens
    ? "tokens"
    : limits.nanoUsd !== undefined && amount.nanoUsd > limits.nanoUsd
    ? "usd"
    : undefined

const nano = BigDecimal.make(1_000_000_000n, 0)

/** Rounded up: a fraction of a billionth counts. */
export const toNano = (usd: BigDecimal.BigDecimal): number =>
  BigDecimal.toNumberUnsafe(BigDecimal.ceil(BigDecimal.multiply(usd, nano)))

export const toUsd = (nanoUsd: number): string =>
  BigDecimal.format(BigDecimal.normalize(BigDecimal.make(BigInt(Math.round(nanoUsd)), 9)))

/** A sum of money as it is given in options; `undefined` where it is none. */
export const ofUsd = (usd: BigDecimal.BigDecimal | string): number | undefined => {
  const decimal = typeof usd === "string" ? Option.getOrUndefined(BigDecimal.fromString(usd)) : usd
  const nanoUsd = decimal === undefined ? Number.NaN : toNano(decimal)
  return nanoUsd > 0 && Number.isSafeInteger(nanoUsd) ? nanoUsd : undefined
}
