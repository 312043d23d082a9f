/** The settings of the dialect: from their names here to the wire, and which of them a model refuses. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import type * as Settings from "@llm-layers/core/Settings"
import type { Encoding } from "./encoding.ts"

/** Settings of Chat Completions. Not every server knows each of them; what one refuses is its own error. */
export interface ChatSettings extends Settings.Common {
  /**
   * How much the model reasons. Which values a model takes is the vendor's to say; `none` switches reasoning off.
   * Default: the model's. Source: OpenAI, guide "Reasoning".
   */
  readonly reasoningEffort?:
    | "none"
    | "minimal"
    | "low"
    | "medium"
    | "high"
    | "xhigh"
    | "max"
    | (string & {})
    | undefined
  /** The role of system messages. Default: what the server takes for all its models, which is `system` for most. */
  readonly systemRole?: "system" | "developer" | undefined
  /** How long answers are. OpenAI's default: `medium`. */
  readonly verbosity?: "low" | "medium" | "high" | undefined
  /** Which processing, and price, serves the request. What served it is in the metadata of the finish part. */
  readonly serviceTier?: "auto" | "default" | "flex" | "scale" | "priority" | "fast" | (string & {}) | undefined
  /** Whether the vendor keeps the completion. */
  readonly store?: boolean | undefined
  /** Kept with a stored completion: up to 16 keys of 64 characters, values of 512. */
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** Deprecated by OpenAI for `safetyIdentifier` and `promptCacheKey`; other servers still read it. */
  readonly user?: string | undefined
  /** A stable identifier of the end user, best a hash; up to 128 characters. */
  readonly safetyIdentifier?: string | undefined
  /** Requests with the same key are more likely to hit the same prompt cache. */
  readonly promptCacheKey?: string | undefined
  /** How long cached prefixes are kept at most. */
  readonly promptCacheRetention?: "in_memory" | "24h" | undefined
  /** Where cache breakpoints are set, and how long a prefix is kept at least. For `gpt-5.6` and later. */
  readonly promptCacheOptions?:
    | { readonly mode?: "implicit" | "explicit" | undefined; readonly ttl?: "30m" | (string & {}) | undefined }
    | undefined
  /** Log probabilities of the tokens of the answer, in the metadata of the finish part. */
  readonly logprobs?: boolean | undefined
  /** How many alternatives each token's log probability comes with, from 0 to 20. Asks for `logprobs`. */
  readonly topLogprobs?: number | undefined
  /** From token ids to a bias from -100 to 100. */
  readonly logitBias?: { readonly [token: string]: number } | undefined
  /** How many answers to give. The first is the answer; the others are in the metadata of the finish part. */
  readonly n?: number | undefined
  /** What the model puts out. Default: text. */
  readonly modalities?: ReadonlyArray<"text" | "audio" | "image"> | undefined
  /** Voice and format of spoken answers. A stream takes `pcm16` alone. */
  readonly audio?: {
    readonly voice: string | { readonly id: string }
    readonly format: "wav" | "aac" | "mp3" | "flac" | "opus" | "pcm16"
  } | undefined
  /** Text that much of the answer is expected to repeat, such as a file that is being changed. */
  readonly prediction?: string | undefined
  /** Lets a search model look in the web. Source: OpenAI, guide "Web search", search models of Chat Completions. */
  readonly webSearchOptions?: {
    readonly searchContextSize?: "low" | "medium" | "high" | undefined
    readonly userLocation?: {
      readonly city?: string | undefined
      /** Two letters, ISO 3166-1. */
      readonly country?: string | undefined
      readonly region?: string | undefined
      /** IANA name. */
      readonly timezone?: string | undefined
    } | undefined
  } | undefined
  /** Runs the vendor's moderation over input and answer; what it found is in the metadata of the finish part. */
  readonly moderation?: {
    readonly model: string
    readonly policy?: {
      readonly input?: { readonly mode: "score" | "block" } | undefined
      readonly output?: { readonly mode: "score" | "block" } | undefined
    } | undefined
  } | undefined
  /**
   * Whether the chunks of a stream are padded to hide their length. `false` saves bandwidth on a connection that can be
   * trusted. OpenAI's default: `true`.
   */
  readonly includeObfuscation?: boolean | undefined
}

/** Settings that go into the body as they are, under the names they have there. */
const members = Object.entries(
  {
    temperature: "temperature",
    topP: "top_p",
    topK: "top_k",
    stopSequences: "stop",
    presencePenalty: "presence_penalty",
    frequencyPenalty: "frequency_penalty",
    verbosity: "verbosity",
    serviceTier: "service_tier",
    store: "store",
    metadata: "metadata",
    user: "user",
    safetyIdentifier: "safety_identifier",
    promptCacheKey: "prompt_cache_key",
    promptCacheRetention: "prompt_cache_retention",
    promptCacheOptions: "prompt_cache_options",
    logprobs: "logprobs",
    topLogprobs: "top_logprobs",
    logitBias: "logit_bias",
    n: "n",
    modalities: "modalities",
    audio: "audio",
    moderation: "moderation"
  } as const satisfies { readonly [name in keyof ChatSettings]?: string }
)

/** The members of the body for the settings. */
export const encodeSettings = (encoding: Encoding, settings: ChatSettings): { readonly [key: string]: unknown } => {
  const given: { readonly [name: string]: unknown } = { ...settings }
  const out: { [key: string]: unknown } = {}
  if (settings.maxOutputTokens !== undefined) out[encoding.quirks.maxTokensField] = settings.maxOutputTokens
  if (settings.seed !== undefined) out[encoding.quirks.seedField] = settings.seed
  for (const [name, member] of members) if (given[name] !== undefined) out[member] = given[name]
  if (settings.reasoningEffort !== undefined) out["reasoning_effort"] = encodeEffort(encoding, settings)
  if (settings.topLogprobs !== undefined) out["logprobs"] ??= true
  if (settings.prediction !== undefined) out["prediction"] = { type: "content", content: settings.prediction }
  if (settings.webSearchOptions !== undefined) out["web_search_options"] = encodeWebSearch(settings.webSearchOptions)
  return Json.defined(out)
}

const encodeEffort = (encoding: Encoding, settings: ChatSettings): string | undefined => {
  const effort = settings.reasoningEffort
  const refused = Capability.checkSettings(encoding.subject, [
    { flag: "reasoning", name: "reasoningEffort", given: effort !== undefined },
    { flag: "reasoningOff", name: "reasoningEffort none", given: effort === "none" }
  ])
  if (refused === undefined) return effort
  encoding.refuseSetting("reasoningEffort", refused)
  return undefined
}

const encodeWebSearch = (options: Exclude<ChatSettings["webSearchOptions"], undefined>) => ({
  search_context_size: options.searchContextSize,
  user_location: options.userLocation === undefined
    ? undefined
    : { type: "approximate", approximate: options.userLocation }
})
