/** OpenRouter: Chat Completions and embeddings. */
import type { Sent } from "./capture.ts"
import { chat } from "./openrouter/api.ts"
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
    { name: "embeddings", operation, checks: embeddings, rules: embeddingRules }
  ],
  without: []
}
