/** Every setting of `CohereLanguageModel`, and of its prompts. */
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Chat } from "./api.ts"
import { rate } from "./tools.ts"

export const settings = (api: Chat): ReadonlyArray<Check> => [
  ...own(api, "thinking", { thinking: { type: "enabled" } }),
  ...own(api, "a thinking budget", { thinking: { type: "enabled", tokenBudget: 2047 } }),
  ...own(api, "no thinking", { thinking: { type: "disabled" } }),
  ...own(api, "documents", {
    documents: [
      "The Tagus ends in Lisbon.",
      { id: "douro", data: { title: "Douro", text: "It ends in Porto.", url: "https://example.com/douro", metres: 1 } }
    ]
  }),
  ...own(api, "documents beside a text file", { documents: [{ data: { text: "The Tagus ends in Lisbon." } }] }, {
    prompt: [{
      role: "user",
      content: [
        { type: "text", text: "Compare." },
        { type: "file", mediaType: "text/plain", data: new TextEncoder().encode("The Douro."), fileName: "douro.txt" },
        { type: "file", mediaType: "text/plain", data: new TextEncoder().encode("The Mondego."), fileName: "douro.txt" }
      ]
    }],
    said: ["The Douro.", "The Mondego."]
  }),
  ...own(api, "documents beside a tool", { documents: ["The Tagus ends in Lisbon."] }, { tools: [rate] }),
  ...(["ENABLED", "DISABLED", "FAST", "ACCURATE", "OFF"] as const).flatMap((mode) =>
    own(api, `citations ${mode}`, { citationOptions: { mode } })
  ),
  ...(["CONTEXTUAL", "STRICT", "OFF"] as const).flatMap((safetyMode) =>
    own(api, `safety mode ${safetyMode}`, { safetyMode })
  ),
  ...own(api, "a safety mode beside a tool, which is left out", { safetyMode: "STRICT", unsupported: "warn" }, {
    tools: [rate]
  }),
  ...own(api, "log probabilities", { logprobs: true }),
  ...own(api, "a priority", { priority: 7 }),
  ...own(api, "strict tools", { strictTools: true }, { tools: [rate] }),
  ...own(api, "tools that are not strict", { strictTools: false }, { tools: [rate] }),
  ...own(api, "strict tools, one without parameters, sent as not strict", { strictTools: true, unsupported: "warn" }, {
    tools: [rate, Tool.make("tell_time", { success: Schema.String })]
  }),
  ...own(api, "all sampling settings", {
    temperature: 0.5,
    topP: 0.95,
    topK: 41,
    maxOutputTokens: 1999,
    stopSequences: ["END"],
    seed: 7,
    presencePenalty: 0.25,
    frequencyPenalty: 0.75
  }),
  ...(["auto", "low", "high"] as const).flatMap((detail) =>
    own(api, `an image looked at with detail ${detail}`, {}, {
      prompt: [{
        role: "user",
        content: [
          { type: "text", text: "What is on the map?" },
          {
            type: "file",
            mediaType: "image/png",
            data: "https://example.com/map.png",
            options: { cohere: { detail } }
          }
        ]
      }],
      said: [detail]
    })
  ),
  ...own(api, "members of the caller's own", { extraBody: { citation_options: { mode: "FAST" } } })
]
