/** Every setting of `OpenAiLanguageModel`. */
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Responses } from "./api.ts"

export const settings = (api: Responses): ReadonlyArray<Check> => [
  ...(["none", "low", "medium", "high"] as const).flatMap((effort) =>
    own(api, `reasoning effort ${effort}`, { reasoning: { effort } })
  ),
  ...(["minimal", "xhigh", "max"] as const).flatMap((effort) =>
    own(api, `reasoning effort ${effort}`, { reasoning: { effort } }, { model: "gpt-6.1-sol" })
  ),
  ...(["auto", "concise", "detailed"] as const).flatMap((summary) =>
    own(api, `a reasoning summary, ${summary}`, { reasoning: { effort: "low", summary } })
  ),
  ...own(api, "reasoning with sampling", { reasoning: { effort: "none" }, temperature: 0.5, topP: 0.9 }),
  ...(["low", "medium", "high"] as const).flatMap((textVerbosity) =>
    own(api, `verbosity ${textVerbosity}`, { textVerbosity })
  ),
  ...own(api, "nothing stored", { store: false }, { said: ["reasoning.encrypted_content"] }),
  ...own(api, "nothing stored by a model that does not reason", { store: false }, { model: "gpt-4.1" }),
  ...own(api, "stored with metadata", { store: true, metadata: { team: "search", run: "17" } }),
  ...own(api, "includes", {
    include: [
      "file_search_call.results",
      "web_search_call.action.sources",
      "code_interpreter_call.outputs",
      "computer_call_output.output.image_url",
      "message.input_image.image_url"
    ]
  }),
  ...own(api, "instructions", { instructions: "Speak like a boatman." }),
  ...own(api, "a prompt kept at OpenAI", {
    prompt: { id: "pmpt_68a1", version: "3", variables: { river: "Tagus" } }
  }),
  ...own(api, "developer messages", { systemRole: "developer" }, {
    prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi." }]
  }),
  ...own(api, "a response that is continued", { previousResponseId: "resp_0f3a" }),
  ...own(api, "a conversation by its id", { conversation: "conv_0f3a" }),
  ...own(api, "a conversation", { conversation: { id: "conv_0f3a" } }),
  ...own(api, "a limit of calls", { maxToolCalls: 7 }),
  ...own(api, "log probabilities", { topLogprobs: 5 }, { model: "gpt-4.1", said: ["message.output_text.logprobs"] }),
  ...own(api, "no log probabilities but those of the text", { topLogprobs: 0 }, { model: "gpt-4.1" }),
  ...own(api, "in the background", { background: true, store: true }),
  ...own(api, "truncation auto", { truncation: "auto" }),
  ...own(api, "truncation disabled", { truncation: "disabled" }),
  ...own(api, "compaction", { contextManagement: [{ type: "compaction", compact_threshold: 200_001 }] }),
  ...own(api, "a cache key", { promptCacheKey: "rivers-1" }),
  ...own(api, "cache options", { promptCacheOptions: { mode: "explicit", ttl: "30m" } }, { model: "gpt-6.1-sol" }),
  ...(["in_memory", "24h"] as const).flatMap((promptCacheRetention) =>
    own(api, `cache retention ${promptCacheRetention}`, { promptCacheRetention })
  ),
  ...(["auto", "default", "flex", "priority"] as const).flatMap((serviceTier) =>
    own(api, `service tier ${serviceTier}`, { serviceTier })
  ),
  ...own(api, "a safety identifier", { safetyIdentifier: "user-7f3a" }),
  ...own(api, "moderation", {
    moderation: { model: "omni-moderation-latest", policy: { input: { mode: "block" }, output: { mode: "score" } } }
  }),
  ...own(api, "no obfuscation", { includeObfuscation: false }),
  ...own(api, "the smallest limit of output", { maxOutputTokens: 16 }),
  ...own(api, "members of the caller's own", { extraBody: { safety_identifier: "user-8" } }),
  ...own(api, "what the model refuses, left out with a warning", { topK: 40, seed: 7, unsupported: "warn" })
]
