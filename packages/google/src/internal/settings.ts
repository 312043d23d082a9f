/** The settings of a model, as `GoogleLanguageModel` exports them and the encoders read them. */
import type * as Settings from "@llm-layers/core/Settings"

/** How deep a model of Gemini 3 or later thinks. Which levels it has depends on the model. */
export type ThinkingLevel = "minimal" | "low" | "medium" | "high"

/**
 * How the model thinks before it answers: by a level (since Gemini 3), or by a budget in tokens (Gemini 2.5, and taken by
 * later ones), where 0 is no thinking and `dynamic` leaves it to the model. Source:
 * https://ai.google.dev/gemini-api/docs/thinking
 */
export type Thinking =
  & {
    /** Whether summaries of the thoughts come as reasoning. Default: no. */
    readonly includeThoughts?: boolean | undefined
  }
  & (
    | { readonly level?: ThinkingLevel | undefined; readonly budgetTokens?: never }
    | { readonly budgetTokens: number | "dynamic"; readonly level?: never }
  )

/** From which probability of harm on an answer is blocked, for one category. */
export interface SafetySetting {
  readonly category:
    | "HARM_CATEGORY_HARASSMENT"
    | "HARM_CATEGORY_HATE_SPEECH"
    | "HARM_CATEGORY_SEXUALLY_EXPLICIT"
    | "HARM_CATEGORY_DANGEROUS_CONTENT"
    | "HARM_CATEGORY_CIVIC_INTEGRITY"
    | (string & {})
  readonly threshold:
    | "OFF"
    | "BLOCK_NONE"
    | "BLOCK_ONLY_HIGH"
    | "BLOCK_MEDIUM_AND_ABOVE"
    | "BLOCK_LOW_AND_ABOVE"
    | (string & {})
}

/**
 * Settings. Those of {@link Settings.Common} that the model refuses are a typed error before the network, and so is
 * `parallelToolCalls: false`, which the API has no word for.
 *
 * `strictTools: true` is the calling mode `VALIDATED`, which holds for all tools of a request; so it is where any tool has
 * `Tool.Strict`. `extraBody` may have a `generationConfig` and a `toolConfig` of its own, which are put over the members
 * written here one by one.
 *
 * Source: https://ai.google.dev/api/generate-content
 */
export interface Config extends Settings.Common {
  /** How the model thinks before it answers. Default: the model's own. */
  readonly thinking?: Thinking | undefined
  /** What is blocked as harmful. Default: the vendor's, which depends on the model. */
  readonly safetySettings?: ReadonlyArray<SafetySetting> | undefined
  /**
   * The name of a cache made before: `cachedContents/…`. The API refuses a system message, tools or a tool choice beside
   * one: they are part of the cache.
   */
  readonly cachedContent?: string | undefined
  /** What the answer may have: text, images, speech. Default: text, and images of models that make them. */
  readonly responseModalities?: ReadonlyArray<"text" | "image" | "audio"> | undefined
  /** How many tokens an image or a frame of a video is given. A file's own option wins. */
  readonly mediaResolution?: "low" | "medium" | "high" | undefined
  /** The likeliest tokens at each place, up to 20, as `logprobs` in the metadata of the finish part. */
  readonly topLogprobs?: number | undefined
  /** Size and shape of images of the answer, in the form of the wire. */
  readonly imageConfig?: { readonly [member: string]: unknown } | undefined
  /** Voices of speech, in the form of the wire. */
  readonly speechConfig?: { readonly [member: string]: unknown } | undefined
  /** Where the user is, for Google Maps and Google Search, in the form of the wire. */
  readonly retrievalConfig?: { readonly [member: string]: unknown } | undefined
  /** Which capacity serves the request, and at which price. Default: `standard`. */
  readonly serviceTier?: "standard" | "flex" | "priority" | undefined
  /** Vertex AI alone: labels for the bill. */
  readonly labels?: { readonly [name: string]: string } | undefined
  /**
   * Whether calls of Google's own tools come in the answer. Gemini 3 wants it where a request has tools of both kinds.
   * Default: on the Developer API, where it does.
   */
  readonly includeServerSideToolInvocations?: boolean | undefined
}
