/** Encode: thinking → request, after what the model accepts. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type { Config, Thinking } from "./settings.ts"

interface ThinkingContext {
  readonly subject: Capability.Subject
  /** `max_tokens` of the request. */
  readonly maxTokens: number
  readonly betas: ReadonlyArray<string>
  readonly warnings: Array<Warning.Warning>
}

export const encodeThinking = Effect.fnUntraced(function*(
  context: ThinkingContext,
  settings: Pick<Config, "thinking" | "unsupported">,
  toolChoice: LanguageModel.ToolChoice<string> | undefined
) {
  const { thinking } = settings
  if (thinking === undefined) return undefined
  const refused = refusal(context, thinking, toolChoice)
  if (refused === undefined) return encode(thinking)
  if (settings.unsupported !== "warn") return yield* refused
  context.warnings.push({
    about: "thinking",
    message: `${context.subject.model} does not support thinking of type ${thinking.type} here; it was left out`
  })
  return undefined
})

/** The flags a kind of thinking needs. `between_tools` is one of the newest models' and refused by none that is known. */
const flags: { readonly [type in Thinking["type"]]: ReadonlyArray<Capability.Flag> } = {
  adaptive: ["reasoning", "reasoningAdaptive"],
  enabled: ["reasoning", "reasoningBudget"],
  disabled: ["reasoningOff"],
  between_tools: ["reasoning"]
}

const refusal = (
  { betas, maxTokens, subject }: ThinkingContext,
  thinking: Thinking,
  toolChoice: LanguageModel.ToolChoice<string> | undefined
) => {
  const missing = flags[thinking.type].find((flag) => !subject.capabilities[flag])
  if (missing !== undefined) {
    return ProviderError.unsupported(subject.origin, {
      capability: missing,
      asked: `thinking of type ${thinking.type}`,
      model: subject.model,
      parameter: "thinking"
    })
  }
  if (thinking.type !== "enabled") return undefined
  // "Must be ≥1024": `BetaThinkingConfigEnabled` of `@anthropic-ai/sdk`.
  if (thinking.budgetTokens < 1024) {
    return ProviderError.unsupported(subject.origin, {
      capability: "reasoningBudget",
      asked: `a thinking budget of ${thinking.budgetTokens} tokens: the least is 1024`,
      model: subject.model,
      parameter: "thinking"
    })
  }
  // "less than `max_tokens`": `BetaThinkingConfigEnabled` of `@anthropic-ai/sdk`. With thinking between tool calls the
  // budget is that of a whole turn. Source: platform.claude.com/docs/en/build-with-claude/extended-thinking
  if (thinking.budgetTokens >= maxTokens && !betas.some((beta) => beta.startsWith("interleaved-thinking"))) {
    return ProviderError.unsupported(subject.origin, {
      capability: "reasoningBudget",
      asked: `a thinking budget of ${thinking.budgetTokens} tokens, which is not below the ${maxTokens} of the answer`,
      model: subject.model,
      parameter: "thinking"
    })
  }
  // "Thinking may not be enabled when tool_choice forces tool use"
  if (toolChoice !== undefined && Capability.isForced(toolChoice)) {
    return ProviderError.unsupported(subject.origin, {
      capability: "forcedToolChoice",
      asked: "a thinking budget together with a tool choice that forces a call",
      model: subject.model,
      parameter: "thinking"
    })
  }
  return undefined
}

const encode = (thinking: Thinking): Beta.BetaThinkingConfigParam => {
  switch (thinking.type) {
    case "adaptive":
      return { type: "adaptive", ...display(thinking) }
    case "enabled":
      return { type: "enabled", budget_tokens: thinking.budgetTokens, ...display(thinking) }
    case "disabled":
    case "between_tools":
      return { type: thinking.type }
  }
}

const display = (thinking: { readonly display?: "summarized" | "omitted" | "updates" | undefined }) =>
  thinking.display === undefined ? undefined : { display: thinking.display }
