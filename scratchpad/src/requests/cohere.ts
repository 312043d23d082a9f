/** Cohere: chat, embeddings, rerank and tokens. */
import * as CohereModels from "@llm-layers/cohere/CohereModels"
import type * as Capability from "@llm-layers/core/Capability"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import * as Effect from "effect/Effect"
import type { Sent } from "./capture.ts"
import { chat, client } from "./cohere/api.ts"
import { conversations } from "./cohere/conversations.ts"
import { embeddings } from "./cohere/embeddings.ts"
import { rerank, tokenizer } from "./cohere/services.ts"
import { settings } from "./cohere/settings.ts"
import { listed, models } from "./model-cases.ts"
import { chatRules } from "./rules/cohere.ts"
import { sharedCases } from "./shared-cases.ts"
import type { Vendor, Without } from "./Vendor.ts"

const operation = ({ path }: Sent): string => path

// The newest, which thinks and sees; one that sees and does not think; one of texts alone; one without `tool_choice`.
const current = chat([
  "command-a-plus-05-2026",
  "command-a-vision-07-2025",
  "command-a-03-2025",
  "command-r-08-2024"
])

const reference = "docs.cohere.com/reference/chat"

/** All cases that need what no model has. */
const all = (flag: Capability.Flag, reason: string): ReadonlyArray<Without> =>
  ConformancePrompts.all.filter(({ needs }) => needs.includes(flag)).map(({ name }) => ({ name, reason }))

const noPrefill = `the API has no word for going on with an unfinished answer (${reference})`
const noSuchContent = `messages of users have texts and images (${reference}, \`Content\`)`
const noImage = `messages of tools have texts and documents (${reference}, \`ToolContent\`)`
const oneAtATime = `the API has no such parameter (${reference})`

export const cohere: Vendor = {
  name: "cohere",
  file: "cohere.yaml",
  apis: [
    {
      name: "chat",
      operation,
      checks: [...sharedCases(current), ...settings(current), ...conversations(current)],
      rules: chatRules,
      language: current
    },
    { name: "embeddings", operation, checks: embeddings, rules: [] },
    { name: "rerank", operation, checks: rerank, rules: [] },
    { name: "tokens", operation, checks: tokenizer, rules: [] },
    models(operation, [
      listed(
        "the models of two pages",
        [{ models: [{ name: "command-a-03-2025" }], next_page_token: "page-2" }, { models: [] }],
        (fetch) => Effect.provide(CohereModels.list, client(fetch)),
        ["page-2"]
      ),
      listed(
        "the models of one endpoint",
        [{ models: [] }],
        (fetch) => Effect.provide(CohereModels.listOf("rerank"), client(fetch)),
        ["rerank"]
      )
    ])
  ],
  without: [
    ...all("prefill", noPrefill),
    ...all("pdfInput", noSuchContent),
    ...all("audioInput", noSuchContent),
    ...all("videoInput", noSuchContent),
    { name: "anthropic messages: a turn that was paused", reason: noPrefill },
    { name: "a text file by its address", reason: `documents have their text in them (${reference}, \`Document\`)` },
    { name: "a result shown as an image", reason: noImage },
    { name: "a failed result shown as a text and an image", reason: noImage },
    { name: "one tool call at a time", reason: oneAtATime },
    { name: "one forced tool call at a time", reason: oneAtATime },
    {
      name: "an object with a member that contains itself",
      reason: "docs.cohere.com/docs/structured-outputs says nothing of such schemas, and no codec of effect makes them"
    },
    { name: "an object with tools beside it", reason: `"not supported when used in combinations" (${reference})` }
  ]
}
