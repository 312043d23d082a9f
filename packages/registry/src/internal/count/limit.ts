/** How long a request to a model may be. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as ModelFacts from "../../ModelFacts.ts"
import { type Count, most } from "./Count.ts"

/** The tokens of input that leave so many for the answer. */
export const of = (facts: ModelFacts.ModelFacts | undefined, reserve: number): number | undefined => {
  if (facts === undefined) return undefined
  const { contextTokens, inputTokens } = facts
  const left = contextTokens === undefined ? undefined : Math.max(0, contextTokens - reserve)
  return left === undefined || inputTokens === undefined ? left ?? inputTokens : Math.min(left, inputTokens)
}

export const overflow = (method: string, model: string, count: Count, limit: number): AiError.AiError => {
  const tokens = count._tag === "Unknown" ? count.atLeast : count.tokens
  const said = count._tag === "Exact"
    ? `${tokens}`
    : count._tag === "Estimated"
    ? `about ${tokens} (at most ${most(count)})`
    : `at least ${tokens}`
  return ProviderError.make({ provider: "registry", module: "TokenCounter", method }, "ContextOverflow", {
    description: `The request has ${said} tokens, and ${model} takes ${limit}`,
    parameter: "prompt",
    facts: { tokens, limit, estimated: count._tag !== "Exact" }
  })
}
