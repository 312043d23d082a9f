/** OpenRouter: Chat Completions and embeddings. */
import * as OpenRouterModels from "@llm-layers/openrouter/OpenRouterModels"
import * as Effect from "effect/Effect"
import type { Sent } from "./capture.ts"
import { listed, models } from "./model-cases.ts"
import { chat, client } from "./openrouter/api.ts"
import { embeddings } from "./openrouter/embeddings.ts"
import { conversations, prompts } from "./openrouter/prompts.ts"
import { settings } from "./openrouter/settings.ts"
import { chatRules, embeddingRules } from "./rules/openrouter.ts"
import { sharedCases } from "./shared-cases.ts"
import type { Vendor } from "./Vendor.ts"

/** The description has its paths without `/api/v1`. */
const operation = ({ path }: Sent): string => path.replace(/^\/api\/v1/, "")

export const openrouter: Vendor = {
  name: "openrouter",
  file: "openrouter.yaml",
  apis: [
    {
      name: "chat",
      operation,
      checks: [...sharedCases(chat), ...settings(chat), ...prompts(chat), ...conversations(chat)],
      rules: chatRules,
      language: chat
    },
    { name: "embeddings", operation, checks: embeddings, rules: embeddingRules },
    models(operation, [
      listed(
        "the models of two pages",
        [
          { data: [{ id: "acme/large" }], links: { next: "https://openrouter.ai/api/v1/models?offset=1&limit=1000" } },
          { data: [], links: { next: null } }
        ],
        (fetch) => Effect.provide(OpenRouterModels.list, client(fetch)),
        ["1000"]
      )
    ])
  ],
  without: []
}
