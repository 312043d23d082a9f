/** Numbers as people read them. */
import * as Cost from "@llm-layers/registry/Cost"
import type * as BigDecimal from "effect/BigDecimal"

/** Tokens to three digits: `128k`, `1.05M`. Nothing where they are not known. */
export const short = (tokens: number | undefined): string => {
  if (tokens === undefined) return ""
  if (tokens < 1_000) return String(tokens)
  return tokens < 999_500 ? `${digits(tokens / 1_000)}k` : `${digits(tokens / 1_000_000)}M`
}

const digits = (number: number): string => String(Number(number.toPrecision(3)))

/** All digits: `1,048,576`. */
export const whole = (tokens: number): string => tokens.toLocaleString("en-US")

/** US dollars with all their digits, or `unknown`. */
export const dollars = (amount: BigDecimal.BigDecimal | undefined): string =>
  amount === undefined ? "unknown" : Cost.format(amount)
