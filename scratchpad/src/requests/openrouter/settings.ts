/** Every setting of `OpenRouterLanguageModel`. */
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Chat } from "./api.ts"

export const settings = (api: Chat): ReadonlyArray<Check> => [
  ...own(api, "models to fall back to", { models: ["openai/gpt-5.5", "google/gemini-3-pro"] }),
  ...own(api, "the earlier way to route", { route: "fallback" }),
  ...own(api, "routing", {
    provider: {
      order: ["anthropic", "google-vertex"],
      only: ["anthropic", "google-vertex", "amazon-bedrock"],
      ignore: ["azure"],
      allowFallbacks: false,
      requireParameters: true,
      dataCollection: "deny",
      zdr: true,
      enforceDistillableText: true,
      quantizations: ["fp8", "bf16"],
      sort: "throughput",
      maxPrice: { prompt: "1.5", completion: "2.5", request: "0.5", image: "0.25", audio: "0.75" },
      preferredMinThroughput: 50,
      preferredMaxLatency: { p50: 1, p90: 3 }
    }
  }),
  ...own(api, "routing by price over all models", { provider: { sort: { by: "price", partition: "none" } } }),
  ...own(api, "a web search before the answer", {
    plugins: [{
      id: "web",
      engine: "exa",
      mode: "fast",
      maxResults: 3,
      maxUses: 2,
      searchPrompt: "From the web:",
      includeDomains: ["example.com"],
      userLocation: { type: "approximate", city: "Lisbon", country: "PT" }
    }]
  }),
  ...own(api, "plugins", {
    plugins: [
      { id: "file-parser", pdf: { engine: "mistral-ocr" } },
      { id: "web-fetch", maxUses: 2, maxContentTokens: 1999, allowedDomains: ["example.com"] },
      { id: "context-compression", engine: "middle-out" },
      { id: "auto-router", allowedModels: ["anthropic/*"], excludedModels: ["openai/*"], costTier: "low" },
      { id: "response-healing", enabled: false },
      { id: "moderation" }
    ]
  }),
  ...own(api, "transforms", { transforms: ["middle-out"] }),
  ...(["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const).flatMap((effort) =>
    own(api, `reasoning with effort ${effort}`, { reasoning: { effort } })
  ),
  ...own(api, "reasoning with so many tokens, not shown", { reasoning: { maxTokens: 2048, exclude: true } }),
  ...own(api, "reasoning as the model likes, in short", { reasoning: { enabled: true, summary: "concise" } }),
  ...own(api, "the earlier way to say an effort", { reasoningEffort: "low" }),
  ...own(api, "cost among the counts", { usageAccounting: true }),
  ...own(api, "a cache that is kept an hour", { cacheControl: { type: "ephemeral", ttl: "1h" } }),
  ...own(api, "a conversation", { sessionId: "rivers-7f3a" }),
  ...own(api, "an image", { modalities: ["image", "text"], imageConfig: { aspect_ratio: "16:9" } }),
  ...own(api, "sampling of few servers", { minP: 0.05, topA: 0.25, repetitionPenalty: 1.125, topK: 41 }),
  ...own(api, "a user", { user: "user-7f3a" }),
  ...own(api, "biases", { logitBias: { "50256": -100 } }),
  ...own(api, "log probabilities", { topLogprobs: 5 }),
  ...own(api, "metadata", { metadata: { team: "search" } }),
  ...own(api, "a cache key", { promptCacheKey: "rivers-1" }),
  ...(["auto", "default", "flex", "priority"] as const).flatMap((serviceTier) =>
    own(api, `service tier ${serviceTier}`, { serviceTier })
  ),
  ...own(api, "members of the caller's own", { extraBody: { trace: { trace_id: "t-1" } } })
]
