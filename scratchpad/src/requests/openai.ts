/** OpenAI: the Responses API, Chat Completions and embeddings. */
import * as OpenAiModels from "@llm-layers/openai/OpenAiModels"
import * as Effect from "effect/Effect"
import type { Sent } from "./capture.ts"
import { listed, models } from "./model-cases.ts"
import { chat, client, responses } from "./openai/api.ts"
import { chatPrompts, chatSettings } from "./openai/chat.ts"
import { conversations } from "./openai/conversations.ts"
import { compactions, counts } from "./openai/counts.ts"
import { embeddings } from "./openai/embeddings.ts"
import { prompts } from "./openai/prompts.ts"
import { settings } from "./openai/settings.ts"
import { tools } from "./openai/tools.ts"
import { chatRules, embeddingRules, responsesRules } from "./rules/openai.ts"
import { sharedCases } from "./shared-cases.ts"
import type { Vendor } from "./Vendor.ts"

/** The description has its paths without the version. */
const operation = ({ path }: Sent): string => path.replace(/^\/v1/, "")

const noVideo = "no API for text takes video (developers.openai.com/api/docs/models)"

export const openai: Vendor = {
  name: "openai",
  file: "openai.yaml",
  apis: [
    {
      name: "responses",
      operation,
      checks: [
        ...sharedCases(responses),
        ...settings(responses),
        ...prompts(responses),
        ...tools(responses),
        ...conversations(responses)
      ],
      rules: responsesRules,
      language: responses
    },
    {
      name: "chat",
      operation,
      checks: [...sharedCases(chat), ...chatSettings(chat), ...chatPrompts(chat)],
      rules: chatRules,
      language: chat
    },
    { name: "embeddings", operation, checks: embeddings, rules: embeddingRules },
    { name: "token counts", operation, checks: counts, rules: [] },
    models(operation, [
      listed(
        "the models",
        [{ object: "list", data: [{ id: "gpt-5.5" }] }],
        (fetch) => Effect.provide(OpenAiModels.list, client(fetch))
      )
    ]),
    { name: "compaction", operation, checks: compactions, rules: [] }
  ],
  without: [
    { name: "a video as bytes", reason: noVideo },
    { name: "a video by its address", reason: noVideo },
    { name: "top K", reason: "neither API has such a parameter (developers.openai.com/api/reference)" }
  ]
}
