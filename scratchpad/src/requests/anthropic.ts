/** Anthropic: the Messages API, under both versions of it. */
import * as AnthropicModels from "@llm-layers/anthropic/AnthropicModels"
import * as Effect from "effect/Effect"
import { messages } from "./anthropic/api.ts"
import { conversations } from "./anthropic/conversations.ts"
import { client, counts } from "./anthropic/counts.ts"
import { prompts } from "./anthropic/prompts.ts"
import { settings } from "./anthropic/settings.ts"
import { tools } from "./anthropic/tools.ts"
import type { Sent } from "./capture.ts"
import { listed, models } from "./model-cases.ts"
import { own } from "./own-cases.ts"
import { anthropicRules } from "./rules/anthropic.ts"
import { sharedCases } from "./shared-cases.ts"
import type { Vendor } from "./Vendor.ts"

/** Requests with a value of the `anthropic-beta` header are an operation of their own. */
const operation = ({ headers, path }: Sent): string => headers.has("anthropic-beta") ? `${path}?beta=true` : path

// The newest, one that can be forced to call a tool, one without later system messages, one that takes a prefill.
const current = messages(["claude-opus-5-5", "claude-sonnet-5", "claude-opus-4-6", "claude-haiku-4-5"])

/** Under the first version of the API, which has sampling settings. */
const first = messages(["claude-sonnet-4-5"], "2023-06-01")

const noSuchSetting = "the Messages API has no such parameter (platform.claude.com/docs/en/api/messages)"
const noFileOfItsOwn = "assistant messages take no files (platform.claude.com/docs/en/api/migration-2026-10-21)"
const noSuchBlock = "the Messages API has no such block (platform.claude.com/docs/en/api/messages)"

export const anthropic: Vendor = {
  name: "anthropic",
  file: "anthropic.yaml",
  apis: [
    {
      name: "messages",
      operation,
      checks: [
        ...sharedCases(current),
        ...settings(current),
        ...prompts(current),
        ...tools(current),
        ...conversations(current)
      ],
      rules: anthropicRules,
      language: current
    },
    {
      name: "messages 2023-06-01",
      operation,
      checks: [
        ...sharedCases(first),
        ...own(first, "all sampling settings", { topP: 0.95, topK: 5, stopSequences: ["END"], maxOutputTokens: 1999 })
      ],
      rules: anthropicRules
    },
    models(({ path }) => path, [
      listed(
        "the models of two pages",
        [{ data: [{ id: "claude-opus-5-5" }], has_more: true, last_id: "claude-opus-5-5" }, { data: [] }],
        (fetch) => Effect.provide(AnthropicModels.list, client(fetch)),
        ["claude-opus-5-5"]
      )
    ]),
    { name: "token counts", operation, checks: counts, rules: [] }
  ],
  without: [
    { name: "a text file by its address", reason: "documents by address are PDFs (`URLPDFSource`)" },
    { name: "openrouter chat: an image in the history", reason: "messages of the assistant have no images" },
    { name: "a WAV", reason: noSuchBlock },
    { name: "an MP3", reason: noSuchBlock },
    { name: "a video as bytes", reason: noSuchBlock },
    { name: "a video by its address", reason: noSuchBlock },
    {
      name: "an object with a member that contains itself",
      reason: "platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations"
    },
    { name: "a seed", reason: noSuchSetting },
    { name: "a presence penalty", reason: noSuchSetting },
    { name: "a frequency penalty", reason: noSuchSetting },
    { name: "openai responses: a generated image in the history", reason: noFileOfItsOwn },
    { name: "openai responses: a generated image in the history, not stored", reason: noFileOfItsOwn },
    { name: "openai chat: a spoken answer in the history", reason: noFileOfItsOwn },
    { name: "google generateContent: a picture of the model's in the history", reason: noFileOfItsOwn }
  ]
}
