/** Google: `generateContent`, its stream, and embeddings, of the Gemini Developer API. */
import * as GoogleModels from "@llm-layers/google/GoogleModels"
import * as Effect from "effect/Effect"
import type { Sent } from "./capture.ts"
import { client, content } from "./google/api.ts"
import { conversations } from "./google/conversations.ts"
import { counts } from "./google/counts.ts"
import { embeddings } from "./google/embeddings.ts"
import { settings } from "./google/settings.ts"
import { tools } from "./google/tools.ts"
import { listed, models } from "./model-cases.ts"
import { contentRules, embeddingRules } from "./rules/google.ts"
import { sharedCases } from "./shared-cases.ts"
import type { Vendor } from "./Vendor.ts"

/** The model is a part of the path. */
const operation = ({ path }: Sent): string => path.replace(/\/models\/[^:]+:/, "/models/{model}:")

// The newest; one that thinks by budgets.
const current = content(["gemini-3.5-flash", "gemini-2.5-flash"])

const oneAtATime = "the API has no such parameter (ai.google.dev/api/caching#FunctionCallingConfig)"

export const google: Vendor = {
  name: "google",
  file: "google.json",
  apis: [
    {
      name: "generateContent",
      operation,
      checks: [...sharedCases(current), ...settings(current), ...tools(current), ...conversations(current)],
      rules: contentRules,
      language: current
    },
    { name: "embeddings", operation, checks: embeddings, rules: embeddingRules },
    models(({ path }) => path, [
      listed(
        "the models of two pages",
        [{ models: [{ name: "models/gemini-3.5-flash" }], nextPageToken: "page-2" }, { models: [] }],
        (fetch) => Effect.provide(GoogleModels.list, client(fetch)),
        ["page-2"]
      )
    ]),
    { name: "token counts", operation, checks: counts, rules: [] }
  ],
  without: [
    { name: "one tool call at a time", reason: oneAtATime },
    { name: "one forced tool call at a time", reason: oneAtATime }
  ]
}
