/** Decode: a citation of a text → a source part. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"

type Source = Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded

/** What a citation is of, by its type. Source: `BetaTextCitation` of `@anthropic-ai/sdk`. */
const mediaTypes = new Map<unknown, string>([
  ["char_location", "text/plain"],
  ["content_block_location", "text/plain"],
  ["page_location", "application/pdf"],
  ["search_result_location", "text/plain"],
  ["web_search_result_location", "text/html"]
])

/**
 * Of a web page by its address, of a document of the prompt by its title; the citation itself, with the cited text and
 * its place, is in the metadata. `undefined` for a citation of a type that is not known: it is in the metadata of its
 * text alone.
 */
export const decodeCitation = (value: unknown, id: string): Source | undefined => {
  const citation = Json.record(value)
  const mediaType = mediaTypes.get(citation["type"])
  if (mediaType === undefined) return undefined
  const url = Json.url(citation["url"]) ?? Json.url(citation["source"])
  const title = Json.string(citation["document_title"]) ?? Json.string(citation["title"])
  const metadata = Metadata.make("anthropic", { citation })
  if (url !== undefined) return { type: "source", sourceType: "url", id, url, title: title ?? url, metadata }
  return {
    type: "source",
    sourceType: "document",
    id,
    mediaType,
    title: title ?? Json.string(citation["source"]) ?? nameOf(citation["document_index"]),
    metadata
  }
}

/** A document without a title is known by its place among the documents of the prompt. */
const nameOf = (index: unknown): string => `Document ${(Json.number(index) ?? 0) + 1}`
