/** Encode: thinking → generation config, after what the model accepts. */
import type * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import * as Effect from "effect/Effect"
import { takesThinkingLevel } from "../GoogleCapabilities.ts"
import type { Config, Thinking } from "./settings.ts"

interface ThinkingContext {
  readonly subject: Capability.Subject
  readonly warnings: Array<Warning.Warning>
}

/** `thinkingConfig` of the wire. */
export interface ThinkingConfig {
  readonly thinkingBudget?: number
  readonly thinkingLevel?: string
  readonly includeThoughts?: boolean
}

export const encodeThinking = Effect.fnUntraced(function*(
  context: ThinkingContext,
  settings: Pick<Config, "thinking" | "unsupported">
) {
  const { thinking } = settings
  if (thinking === undefined) return undefined
  const refused = refusal(context, thinking)
  if (refused === undefined) return encode(thinking)
  if (settings.unsupported !== "warn") return yield* refused
  context.warnings.push({
    about: "thinking",
    message: `${context.subject.model} does not support ${nameOf(thinking)}; it was left out`
  })
  return undefined
})

const flagOf = ({ budgetTokens }: Thinking): Capability.Flag => {
  if (budgetTokens === undefined) return "reasoning"
  if (budgetTokens === "dynamic") return "reasoningAdaptive"
  return budgetTokens === 0 ? "reasoningOff" : "reasoningBudget"
}

const nameOf = ({ budgetTokens, level }: Thinking): string => {
  if (level !== undefined) return `the thinking level ${level}`
  return budgetTokens === undefined ? "thinking" : `a thinking budget of ${budgetTokens}`
}

const refusal = ({ subject }: ThinkingContext, thinking: Thinking) => {
  const flag = flagOf(thinking)
  if (subject.capabilities[flag] && (thinking.level === undefined || takesThinkingLevel(subject.model))) {
    return undefined
  }
  return ProviderError.unsupported(subject.origin, {
    capability: flag,
    asked: nameOf(thinking),
    model: subject.model,
    parameter: "thinking"
  })
}

/** Source: https://ai.google.dev/gemini-api/docs/thinking: a budget of -1 is dynamic thinking. */
const encode = ({ budgetTokens, includeThoughts, level }: Thinking): ThinkingConfig => ({
  ...(budgetTokens === undefined ? undefined : { thinkingBudget: budgetTokens === "dynamic" ? -1 : budgetTokens }),
  ...(level === undefined ? undefined : { thinkingLevel: level.toUpperCase() }),
  ...(includeThoughts === undefined ? undefined : { includeThoughts })
})
