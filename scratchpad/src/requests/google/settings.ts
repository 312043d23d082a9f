/** Every setting of `GoogleLanguageModel`. */
import type * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import { own } from "../own-cases.ts"
import { checksOf } from "../shared-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Content } from "./api.ts"

/** A case whose settings have another form on the wire: what has to be found there is said. */
const stated = (
  api: Content,
  name: string,
  settings: GoogleLanguageModel.Config,
  said: ReadonlyArray<string>,
  model: string = api.models[0]
): ReadonlyArray<Check> =>
  checksOf(api, model, ConformancePrompts.make({ name, prompt: "Name three rivers." }), settings).map((check) => ({
    ...check,
    said: [...check.said, ...said.map((form) => ({ what: "what was set", forms: [form] }))]
  }))

export const settings = (api: Content): ReadonlyArray<Check> => [
  ...(["minimal", "low", "medium", "high"] as const).flatMap((level) =>
    stated(api, `thinking level ${level}`, { thinking: { level } }, [level.toUpperCase()])
  ),
  ...own(api, "thinking, shown", { thinking: { includeThoughts: true } }),
  ...own(api, "a thinking budget", { thinking: { budgetTokens: 2047, includeThoughts: false } }, {
    model: "gemini-2.5-flash"
  }),
  ...stated(api, "dynamic thinking", { thinking: { budgetTokens: "dynamic" } }, ["-1"], "gemini-2.5-flash"),
  ...stated(api, "no thinking", { thinking: { budgetTokens: 0 } }, ["0"], "gemini-2.5-flash"),
  ...own(api, "safety settings", {
    safetySettings: [
      { category: "HARM_CATEGORY_HATE_SPEECH", threshold: "BLOCK_ONLY_HIGH" },
      { category: "HARM_CATEGORY_HARASSMENT", threshold: "OFF" }
    ]
  }),
  ...own(api, "a cache", { cachedContent: "cachedContents/f7h2k9" }),
  ...stated(api, "text and images", { responseModalities: ["text", "image"] }, ["TEXT", "IMAGE"]),
  ...stated(api, "a low resolution", { mediaResolution: "low" }, ["MEDIA_RESOLUTION_LOW"]),
  ...own(api, "log probabilities", { topLogprobs: 5 }),
  ...own(api, "the shape of images", { imageConfig: { aspectRatio: "16:9", imageSize: "2K" } }),
  ...own(api, "a voice", {
    speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } }, languageCode: "en-US" }
  }),
  ...own(api, "where the user is", {
    retrievalConfig: { latLng: { latitude: 38.7, longitude: -9.1 }, languageCode: "pt" }
  }),
  ...(["standard", "flex", "priority"] as const).flatMap((serviceTier) =>
    own(api, `service tier ${serviceTier}`, { serviceTier })
  ),
  ...own(api, "members of the caller's own", { extraBody: { store: false, generationConfig: { candidateCount: 1 } } }),
  ...own(api, "all sampling settings", {
    temperature: 0.5,
    topP: 0.95,
    topK: 41,
    maxOutputTokens: 1999,
    stopSequences: ["END"],
    seed: 7,
    presencePenalty: 0.25,
    frequencyPenalty: 0.75
  })
]
