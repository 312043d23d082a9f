/** Every setting of `AnthropicLanguageModel`. */
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Messages } from "./api.ts"

export const settings = (api: Messages): ReadonlyArray<Check> => [
  ...own(api, "adaptive thinking", { thinking: { type: "adaptive" } }),
  ...own(api, "adaptive thinking, shown", { thinking: { type: "adaptive", display: "summarized" } }),
  ...own(api, "adaptive thinking, not shown", { thinking: { type: "adaptive", display: "omitted" } }),
  ...own(api, "adaptive thinking, told of", { thinking: { type: "adaptive", display: "updates" } }),
  ...own(api, "a thinking budget", { thinking: { type: "enabled", budgetTokens: 2047 } }, {
    model: "claude-haiku-4-5"
  }),
  ...own(api, "a thinking budget beside a small limit", {
    thinking: { type: "enabled", budgetTokens: 2047, display: "omitted" },
    maxOutputTokens: 2048
  }, { model: "claude-haiku-4-5" }),
  ...own(api, "a large thinking budget", { thinking: { type: "enabled", budgetTokens: 32_001 } }, {
    model: "claude-haiku-4-5"
  }),
  ...own(api, "a budget for interleaved thinking", {
    thinking: { type: "enabled", budgetTokens: 8001 },
    maxOutputTokens: 4001,
    betas: ["interleaved-thinking-2025-05-14"]
  }, { model: "claude-haiku-4-5" }),
  ...own(api, "no thinking", { thinking: { type: "disabled" } }, { model: "claude-sonnet-5" }),
  ...own(api, "thinking between tools", { thinking: { type: "between_tools" } }, { model: "claude-sonnet-5-5" }),
  ...(["low", "medium", "high", "xhigh", "max"] as const).flatMap((effort) => own(api, `effort ${effort}`, { effort })),
  ...own(api, "caching of the prompt", { cacheControl: { type: "ephemeral" } }),
  ...own(api, "caching of the prompt for an hour", { cacheControl: { type: "ephemeral", ttl: "1h" } }),
  ...own(api, "a user", { metadata: { userId: "user-7f3a" } }),
  ...own(api, "service tier auto", { serviceTier: "auto" }),
  ...own(api, "service tier standard_only", { serviceTier: "standard_only" }),
  ...own(api, "a container", { container: "container_011CPR5CNjB747bTd36fQLFk" }),
  ...own(api, "a container with skills", {
    container: { skills: [{ type: "anthropic", skill_id: "xlsx", version: "latest" }] },
    betas: ["skills-2025-10-02", "code-execution-2025-08-25"]
  }),
  ...own(api, "clearing of tool uses", {
    contextManagement: {
      edits: [{
        type: "clear_tool_uses_20250919",
        trigger: { type: "input_tokens", value: 30_001 },
        keep: { type: "tool_uses", value: 3 },
        clear_at_least: { type: "input_tokens", value: 5001 },
        exclude_tools: ["web_search"]
      }]
    }
  }),
  ...own(api, "clearing of thinking", {
    thinking: { type: "adaptive" },
    contextManagement: { edits: [{ type: "clear_thinking_20251015", keep: { type: "thinking_turns", value: 2 } }] }
  }),
  ...own(api, "compaction", {
    contextManagement: {
      edits: [{
        type: "compact_20260112",
        trigger: { type: "input_tokens", value: 150_001 },
        instructions: "Keep the names of rivers."
      }]
    }
  }),
  ...own(api, "a place", { inferenceGeo: "us" }),
  ...own(api, "fast", { speed: "fast" }),
  ...own(api, "a budget for a task", { taskBudget: { total: 64_001, remaining: 40_001 } }),
  ...own(api, "fallback models", { fallbacks: [{ model: "claude-sonnet-5" }] }),
  ...own(api, "a beta of the caller's", { betas: ["files-api-2025-04-14"] }),
  ...own(api, "a long answer", { maxOutputTokens: 64_001 }),
  ...own(api, "members of the caller's own", { extraBody: { inference_geo: "us" } }),
  ...own(api, "what the model refuses, left out with a warning", {
    temperature: 0.5,
    seed: 7,
    unsupported: "warn"
  }),
  ...own(api, "strict tools, thinking and structured output at once", {
    thinking: { type: "adaptive" },
    effort: "high",
    strictTools: true,
    parallelToolCalls: false
  })
]
