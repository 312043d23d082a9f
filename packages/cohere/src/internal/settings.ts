/** The settings of a model, as `CohereLanguageModel` exports them and the encoders read them. */
import type * as Settings from "@llm-layers/core/Settings"

/** Whether the model reasons before it answers, and up to how many tokens. Source: https://docs.cohere.com/docs/reasoning */
export type Thinking =
  | {
    readonly type: "enabled"
    /** The most tokens of reasoning, 1 or more. Default: no limit. */
    readonly tokenBudget?: number | undefined
  }
  | { readonly type: "disabled" }

/** A text the answer can cite: its content alone, or members by name, all of which the model sees. */
export type Document = string | {
  /** What citations name it by. Default: one that Cohere makes up. */
  readonly id?: string | undefined
  /** Texts by name: `title`, `text`, `url`, … A `url` becomes the address of the source. */
  readonly data: { readonly [name: string]: unknown }
}

/**
 * Settings. What the model refuses is a typed error before the network: reasoning on models without, `parallelToolCalls:
 * false` (the API has no such parameter), a `safetyMode` together with tools or documents.
 *
 * `temperature` goes from 0 to 1 (default 0.3), `topP` from 0.01 to 0.99, `topK` to 500, the penalties from 0 to 1; the
 * API takes five `stopSequences` at most. Tools are not strict by default; `strictTools` holds all tools of a request, each
 * of which needs a required parameter then.
 *
 * Source: https://docs.cohere.com/reference/chat
 */
export interface Config extends Settings.Common {
  /** Default: on for models that reason. */
  readonly thinking?: Thinking | undefined
  /** Texts the answer can cite. Text files in the prompt join them. Not together with structured output. */
  readonly documents?: ReadonlyArray<Document> | undefined
  /** How citations are made. Default: `ENABLED`. */
  readonly citationOptions?: {
    readonly mode: "ENABLED" | "DISABLED" | "FAST" | "ACCURATE" | "OFF"
  } | undefined
  /** Which safety instruction the prompt gets. Default: `CONTEXTUAL`. Newer models have no `OFF`. */
  readonly safetyMode?: "CONTEXTUAL" | "STRICT" | "OFF" | undefined
  /** Whether the finish part has the log probabilities of the tokens, as `metadata.cohere.logprobs`. Default: no. */
  readonly logprobs?: boolean | undefined
  /** From 0 to 999; under load, lower numbers are served first. Default: 0. */
  readonly priority?: number | undefined
}
