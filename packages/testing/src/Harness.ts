/**
 * What the author of a provider writes to have it checked by the laws of `Conformance`: how its model is made, what it
 * claims, and how its vendor would say what the kit thinks up.
 *
 * The kit makes up answers (`Said`); the harness puts them into the vendor's words, as JSON and as the events of a stream.
 * So the expectation is known without the provider's decoder. Write the wire from the vendor's documentation, never from
 * what the decoder happens to read.
 */
import type * as Capability from "@llm-layers/core/Capability"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Settings from "@llm-layers/core/Settings"
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"

/** A text, in the pieces a stream brings it in. A piece may end within a character of two UTF-16 units. */
export interface SaidText {
  readonly type: "text"
  readonly pieces: ReadonlyArray<string>
  /** Pages the text cites. */
  readonly sources: ReadonlyArray<{ readonly url: string; readonly title: string }>
}

/** Reasoning that is shown, and what the vendor wants back with it in the next turn, such as a signature. */
export interface SaidReasoning {
  readonly type: "reasoning"
  readonly pieces: ReadonlyArray<string>
  readonly secret: string
}

/** A call of a tool of the program. */
export interface SaidCall {
  readonly type: "tool-call"
  /** Absent in answers for vendors that leave ids out; see {@link Harness.callIds}. */
  readonly id: string | undefined
  readonly name: string
  readonly params: unknown
  /** The arguments as JSON text, in pieces, which may end within an escape. None for a call without arguments. */
  readonly pieces: ReadonlyArray<string>
}

/** A part of an answer. */
export type SaidPart = SaidText | SaidReasoning | SaidCall

/** Token counts of an answer. */
export interface SaidUsage {
  /** All tokens of the prompt; those read from a cache are a part of them. */
  readonly input: number
  readonly cacheRead: number
  /** All tokens of the answer; those of reasoning are a part of them. */
  readonly output: number
  readonly reasoning: number
}

/** An answer the vendor is to give. */
export interface Said {
  readonly id: string
  /** Reasoning first, then text, then calls. */
  readonly parts: ReadonlyArray<SaidPart>
  readonly finish: "stop" | "length" | "tool-calls" | "content-filter"
  readonly usage: SaidUsage
}

/** A server-sent event. */
export interface Event {
  readonly event?: string | undefined
  /** JSON, or a text that is sent as it is: `[DONE]`. */
  readonly data: unknown
}

/** An answer in the vendor's words. */
export interface Wire {
  /** The body of a plain answer. */
  readonly body: unknown
  /** The events of a stream up to the last without which the answer is not whole. A cut before that is an error. */
  readonly events: ReadonlyArray<Event>
  /** What follows and may be missing: `[DONE]` of a server that names the reason of the end before. */
  readonly trailing?: ReadonlyArray<Event> | undefined
}

/** A failure as the vendor answers it, and what is to come of it. */
export interface Failure {
  readonly name: string
  readonly status: number
  readonly headers?: { readonly [name: string]: string } | undefined
  readonly body: unknown
  readonly kind: ErrorKind.Name
  /** Milliseconds, where the answer says how long to wait. */
  readonly retryAfter?: number | undefined
}

/** An error event inside a stream that began well. */
export interface ErrorEvent extends Event {
  readonly name: string
  readonly kind: ErrorKind.Name
}

/**
 * What an answer of the vendor may lack, with the reason; its laws are reported as skipped, for that reason.
 *
 * `sources`: citations. `secret`: what goes back with reasoning. `cacheRead`, `reasoningTokens`: token counts.
 */
export type Feature = "reasoning" | "secret" | "sources" | "refusal" | "cacheRead" | "reasoningTokens"

/** What the features of a harness are called. */
export type Lacks = { readonly [feature in Feature]?: string }

/** How the kit wants a model. */
export interface Setup<S extends Settings.Common = Settings.Common> {
  /** What the client sends its requests with. */
  readonly fetch: typeof globalThis.fetch
  /** The address of the server, without a path. */
  readonly baseUrl: string
  /** Must appear in no error. */
  readonly apiKey: Redacted.Redacted
  readonly model: string
  /** Settings of the model. */
  readonly settings: S | Settings.Common
}

/** A provider, bound to the kit. `S` are the settings of its models. */
export interface Harness<S extends Settings.Common = Settings.Common> {
  /** Models with different capabilities. The first is the one that all laws but those on capabilities are checked on. */
  readonly models: readonly [string, ...ReadonlyArray<string>]
  readonly layer: (setup: Setup<S>) => Layer.Layer<LanguageModel.LanguageModel>
  /** What the provider claims of a model. */
  readonly capabilities: (model: string) => Capability.Capabilities
  /** Settings of the provider's own that need a flag, with a value of theirs that the request must have. */
  readonly settings?:
    | {
      readonly [flag in Capability.Flag]?: { readonly settings: S; readonly wire: unknown }
    }
    | undefined
  readonly answer: (said: Said) => Wire
  readonly failures: readonly [Failure, ...ReadonlyArray<Failure>]
  readonly errorEvents: ReadonlyArray<ErrorEvent>
  readonly lacks?: Lacks | undefined
  /**
   * Whether a call has an id on the wire: always; or it may be missing, and the provider makes one up; or there is none.
   * Default: `always`.
   */
  readonly callIds?: "always" | "optional" | "never" | undefined
  /** Events nobody has heard of, in the vendor's form. Default: some with a `type` and a name of their own. */
  readonly unknownEvents?: ReadonlyArray<Event> | undefined
  /** Members of the wire whose content is the user's and not the vendor's, such as the arguments of a tool. */
  readonly opaque?: ReadonlyArray<string> | undefined
}

/** A model that is reached over no wire: one for tests, or inside the process. */
export interface LocalHarness {
  /** A model that gives the answer. It is asked once, unless something asks again that should not. */
  readonly local: (said: Said) => Layer.Layer<LanguageModel.LanguageModel>
  readonly capabilities: Capability.Capabilities
  readonly lacks?: Lacks | undefined
}

/** A vector, and the place of its input in the request. */
export interface SaidEmbedding {
  readonly index: number
  /** Numbers that 32 bits hold, but for one that is none where the kit wants to see that noticed. */
  readonly vector: ReadonlyArray<number>
}

/** An embedding model, bound to the kit. */
export interface EmbeddingHarness {
  readonly layer: (
    setup: Pick<Setup, "fetch" | "baseUrl" | "apiKey">
  ) => Layer.Layer<EmbeddingModel.EmbeddingModel>
  /** The most inputs of one request. */
  readonly limit: number
  /** The inputs of a request, from its body. */
  readonly inputs: (body: unknown) => ReadonlyArray<string>
  /** The body of the answer, its embeddings in the order given; `tokens` is the count of the request. */
  readonly answer: (embeddings: ReadonlyArray<SaidEmbedding>, tokens: number) => unknown
  /** Whether the answer says which input an embedding is of. Else its order does. */
  readonly indexed: boolean
  readonly failures: readonly [Failure, ...ReadonlyArray<Failure>]
}
