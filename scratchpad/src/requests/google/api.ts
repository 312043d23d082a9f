/** How Google's models are made and answered. */
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as GoogleCapabilities from "@llm-layers/google/GoogleCapabilities"
import * as GoogleClient from "@llm-layers/google/GoogleClient"
import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, framed } from "../capture.ts"
import type { LanguageApi } from "../Vendor.ts"

export type Content = LanguageApi<GoogleLanguageModel.Config>

export const client = (fetch: typeof globalThis.fetch) =>
  GoogleClient.layer({ apiKey: Redacted.make("AIza-unused"), fetch })

export const content = (models: LanguageApi["models"]): Content => ({
  models,
  capabilities: GoogleCapabilities.lookup,
  layer: (model, settings, fetch) => Layer.provide(GoogleLanguageModel.layer(model, settings), client(fetch)),
  // An answer is JSON as the schema itself has it.
  transformer: ToolParameters.plain,
  answer: (text) => parts([{ text }])
})

/** An answer with these parts. */
export const parts = (given: ReadonlyArray<object>, more: object = {}): Answer => {
  const chunk = {
    candidates: [{ content: { parts: given, role: "model" }, finishReason: "STOP", index: 0, ...more }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: "gemini",
    responseId: "resp_1"
  }
  return { json: chunk, events: framed(chunk) }
}
