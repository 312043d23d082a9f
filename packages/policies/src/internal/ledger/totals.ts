/** Sums over entries, which forget nothing however many there are. */
import * as BigDecimal from "effect/BigDecimal"
import type { Entry, Status } from "./entry.ts"

/** What the attempts of a provider's model came to. */
export interface Total {
  readonly provider: string
  readonly model: string
  readonly attempts: number
  /** Attempts by how they ended. */
  readonly outcomes: { readonly [outcome in Entry["outcome"]]: number }
  /** Attempts by where their tokens come from. */
  readonly statuses: { readonly [status in Status]: number }
  /** Tokens of all attempts whose tokens are known or estimated. */
  readonly tokens: Tokens
  /** US dollars, exactly, of all attempts whose cost is known. */
  readonly cost: BigDecimal.BigDecimal
  /** Attempts whose cost is not known, which `cost` has nothing of. */
  readonly unpriced: number
}

/** Sums of token counts. */
export interface Tokens {
  readonly input: number
  /** Part of `input`. */
  readonly cacheRead: number
  /** Part of `input`. */
  readonly cacheWrite: number
  readonly output: number
  /** Part of `output`. */
  readonly reasoning: number
}

const noTokens: Tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 }

/** Of no attempt. */
export const empty = (provider: string, model: string): Total => ({
  provider,
  model,
  attempts: 0,
  outcomes: { answered: 0, failed: 0, interrupted: 0 },
  statuses: { reported: 0, estimated: 0, unknown: 0 },
  tokens: noTokens,
  cost: BigDecimal.fromBigInt(0n),
  unpriced: 0
})

/** With one attempt more. */
export const add = (total: Total, entry: Entry): Total => ({
  ...total,
  attempts: total.attempts + 1,
  outcomes: { ...total.outcomes, [entry.outcome]: total.outcomes[entry.outcome] + 1 },
  statuses: { ...total.statuses, [entry.status]: total.statuses[entry.status] + 1 },
  tokens: addTokens(total.tokens, entry.usage),
  cost: entry.cost === undefined ? total.cost : BigDecimal.sum(total.cost, entry.cost),
  unpriced: total.unpriced + (entry.cost === undefined ? 1 : 0)
})

const addTokens = (tokens: Tokens, { inputTokens, outputTokens }: Entry["usage"]): Tokens => ({
  input: tokens.input + (inputTokens.total ?? 0),
  cacheRead: tokens.cacheRead + (inputTokens.cacheRead ?? 0),
  cacheWrite: tokens.cacheWrite + (inputTokens.cacheWrite ?? 0),
  output: tokens.output + (outputTokens.total ?? 0),
  reasoning: tokens.reasoning + (outputTokens.reasoning ?? 0)
})
