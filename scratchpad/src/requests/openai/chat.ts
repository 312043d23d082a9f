/** Every setting of `OpenAiChatLanguageModel`, its options on prompts, its tools, and its answers given back to it. */
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { conversation, own, ownTool, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { type Chat, chatMessage } from "./api.ts"

export const chatSettings = (api: Chat): ReadonlyArray<Check> => [
  ...(["none", "low", "medium", "high"] as const).flatMap((reasoningEffort) =>
    own(api, `reasoning effort ${reasoningEffort}`, { reasoningEffort })
  ),
  ...(["minimal", "xhigh", "max"] as const).flatMap((reasoningEffort) =>
    own(api, `reasoning effort ${reasoningEffort}`, { reasoningEffort }, { model: "gpt-6.1-sol" })
  ),
  ...(["low", "medium", "high"] as const).flatMap((verbosity) => own(api, `verbosity ${verbosity}`, { verbosity })),
  ...(["auto", "default", "flex", "scale", "priority"] as const).flatMap((serviceTier) =>
    own(api, `service tier ${serviceTier}`, { serviceTier })
  ),
  ...own(api, "stored with metadata", { store: true, metadata: { team: "search" } }),
  ...own(api, "a user", { user: "user-7f3a" }),
  ...own(api, "a safety identifier", { safetyIdentifier: "user-7f3a" }),
  ...own(api, "a cache key", { promptCacheKey: "rivers-1" }),
  ...(["in_memory", "24h"] as const).flatMap((promptCacheRetention) =>
    own(api, `cache retention ${promptCacheRetention}`, { promptCacheRetention })
  ),
  ...own(api, "cache options", { promptCacheOptions: { mode: "explicit", ttl: "30m" } }, { model: "gpt-6.1-sol" }),
  ...own(api, "log probabilities", { logprobs: true }, { model: "gpt-4.1" }),
  ...own(api, "log probabilities of alternatives", { topLogprobs: 5 }, { model: "gpt-4.1" }),
  ...own(api, "biases", { logitBias: { "50256": -100 } }, { model: "gpt-4.1" }),
  ...own(api, "several answers", { n: 3 }, { model: "gpt-4.1" }),
  // 400 "audio.format 'wav' does not support 'stream: true'": only `pcm16` does.
  ...(["wav", "mp3", "pcm16"] as const).flatMap((format) =>
    own(api, `a spoken answer as ${format}`, { modalities: ["text", "audio"], audio: { voice: "alloy", format } }, {
      model: "gpt-audio"
    }).filter(({ mode }) => mode === "generate" || format === "pcm16")
  ),
  ...own(api, "a voice of the caller's", {
    modalities: ["text", "audio"],
    audio: { voice: { id: "voice_68a1" }, format: "pcm16" }
  }, { model: "gpt-audio" }),
  ...own(api, "a prediction", { prediction: "const river = \"Tagus\"\n" }, { model: "gpt-4.1" }),
  ...own(api, "a web search", { webSearchOptions: {} }, { model: "gpt-5-search-api" }),
  ...own(api, "a web search near a place", {
    webSearchOptions: {
      searchContextSize: "low",
      userLocation: { city: "Lisbon", country: "PT", region: "Lisbon", timezone: "Europe/Lisbon" }
    }
  }, { model: "gpt-5-search-api" }),
  ...own(api, "moderation", {
    moderation: { model: "omni-moderation-latest", policy: { input: { mode: "block" }, output: { mode: "score" } } }
  }),
  ...own(api, "no obfuscation", { includeObfuscation: false }),
  ...own(api, "developer messages", { systemRole: "developer" }, {
    prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi." }]
  }),
  ...own(api, "all sampling settings", {
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
    stopSequences: ["END"],
    presencePenalty: 0.25,
    frequencyPenalty: 0.75,
    maxOutputTokens: 1999
  }, { model: "gpt-4.1" }),
  ...own(api, "what the model refuses, left out with a warning", { topK: 40, unsupported: "warn" })
]

const marked = { openai: { promptCacheBreakpoint: { mode: "explicit", ttl: "30m" } } } as const

const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String }),
  success: Schema.Finite
})

const call = { id: "call_0f3a", type: "function", function: { name: rate.name, arguments: `{"from":"EUR"}` } }

export const chatPrompts = (api: Chat): ReadonlyArray<Check> => [
  ...own(api, "names of participants", {}, {
    prompt: [
      { role: "system", content: "Be brief.", options: { openai: { name: "house", role: "developer" } } },
      { role: "user", content: "Hi.", options: { openai: { name: "Ada" } } },
      { role: "assistant", content: "Hello.", options: { openai: { name: "guide" } } },
      { role: "user", content: "Who are you?", options: { openai: { name: "Ada" } } }
    ],
    said: ["house", "Ada", "guide", "developer"]
  }),
  ...own(api, "cache breakpoints", {}, {
    model: "gpt-6.1-sol",
    prompt: [
      { role: "system", content: "A long contract.", options: marked },
      {
        role: "user",
        content: [
          { type: "text", text: "The map:", options: marked },
          { type: "file", mediaType: "image/png", data: "https://example.com/map.png", options: marked }
        ]
      },
      { role: "user", content: "Where does it end?", options: marked }
    ],
    said: ["explicit", "30m"]
  }),
  ...(["low", "high", "auto"] as const).flatMap((detail) =>
    own(api, `an image looked at with detail ${detail}`, {}, {
      prompt: [{
        role: "user",
        content: [{
          type: "file",
          mediaType: "image/png",
          data: "https://example.com/map.png",
          options: { openai: { detail } }
        }]
      }],
      said: [detail]
    })
  ),
  ...own(api, "an uploaded document", {}, {
    prompt: [{
      role: "user",
      content: [{ type: "file", mediaType: "application/pdf", data: "file-6F2ksmvXxt4VdoqmHRw6kL" }, {
        type: "text",
        text: "Sum it up."
      }]
    }]
  }),
  ...ownTool(api, OpenAiTool.Custom("calculator", {}), {}),
  ...own(api, "a free-form tool with a grammar, forced", {}, {
    tools: [
      OpenAiTool.Custom("calculator", {
        description: "Evaluates an expression.",
        format: { type: "grammar", syntax: "lark", definition: "start: NUMBER" }
      }),
      rate
    ],
    toolChoice: { tool: "calculator" }
  }),
  ...conversation(api, "calls in the history", {}, {
    tools: [rate],
    answer: chatMessage({ content: "I look.", tool_calls: [call, { ...call, id: "call_1" }] }, "tool_calls"),
    next: results(1.25),
    said: ["call_0f3a", "call_1", "1.25"]
  }),
  ...conversation(api, "calls without a text in the history", {}, {
    tools: [rate],
    answer: chatMessage({ tool_calls: [call] }, "tool_calls"),
    next: results("No rate today.", { isFailure: true }),
    said: ["No rate today."]
  }),
  ...conversation(api, "a call of a free-form tool in the history", {}, {
    tools: [OpenAiTool.Custom("calculator", {})],
    answer: chatMessage({
      tool_calls: [{ id: "call_c", type: "custom", custom: { name: "calculator", input: "7 * 6" } }]
    }, "tool_calls"),
    next: results("42"),
    said: ["7 * 6", "42"]
  }),
  ...conversation(api, "a refusal in the history", {}, {
    answer: chatMessage({ refusal: "I cannot." }),
    said: ["I cannot."]
  }),
  ...conversation(api, "a spoken answer in the history", {
    modalities: ["text", "audio"],
    audio: { voice: "alloy", format: "pcm16" }
  }, {
    model: "gpt-audio",
    answer: chatMessage({
      audio: { id: "audio_0f3a", data: "AAAA", transcript: "The Tagus.", expires_at: 1_800_000_000 }
    }),
    said: ["audio_0f3a"]
  })
]
