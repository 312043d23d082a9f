/**
 * What StackSpot adds to answers, under the key `stackspot`.
 *
 * @example
 * ```ts
 * import "@llm-layers/stackspot/StackSpotMetadata"
 * import type { Response } from "effect/ai"
 *
 * // For the setting `conversationId` of the next call.
 * export const conversationOf = (parts: ReadonlyArray<Response.AnyPart>): string | undefined =>
 *   parts.find((part) => part.type === "response-metadata")?.metadata.stackspot?.conversationId
 * ```
 */
import type { Json } from "effect/Schema"

/** On the metadata part, which stands before the finish: a stream names the message with its last event. */
export type ResponseInfo = {
  /** For the setting `conversationId`. There where a conversation was asked for. */
  readonly conversationId?: string
}

/** On a source. */
export type Source = {
  /** As it came. */
  readonly source?: Json
  /** Whether it belongs to another account: the platform's own knowledge. */
  readonly crossAccount?: boolean
}

/** On the finish part. */
export type Finish = {
  /** As it came: `stop`, … */
  readonly stopReason?: string
  readonly conversationId?: string
  /** Token counts as they came: `user`, `enrichment`, `input`, `output`. */
  readonly usage?: Json
  /** The knowledge sources that were used. */
  readonly knowledgeSourceIds?: ReadonlyArray<Json>
  /** Members of the answer that this package does not know. */
  readonly more?: Json
  /** Sources and events that this package does not know, as they came. */
  readonly unknown?: ReadonlyArray<Json>
}

declare module "effect/ai/Response" {
  interface ResponseMetadataPartMetadata {
    readonly stackspot?: ResponseInfo
  }
  interface DocumentSourcePartMetadata {
    readonly stackspot?: Source
  }
  interface UrlSourcePartMetadata {
    readonly stackspot?: Source
  }
  interface FinishPartMetadata {
    readonly stackspot?: Finish
  }
}
