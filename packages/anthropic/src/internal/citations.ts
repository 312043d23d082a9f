/** Decode: a citation of a text → a source part. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"

type Source = Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded

/**
 * Of a web page by its address, of a document of the prompt by its title; the citation itself, with the cited text and
 * its place, is in the metadata.
 */
export const decodeCitation = (value: unknown, id: string): Source => {
  const citation = Json.record(value)
  const url = Json.url(citation["url"]) ?? Json.url(citation["source"])
  const title = Json.string(citation["document_title"]) ?? Json.string(citation["title"])
  const metadata = Metadata.make("anthropic", { citation })
  if (url !== undefined) return { type: "source", sourceType: "url", id, url, title: title ?? url, metadata }
  return {
    type: "source",
    sourceType: "document",
    id,
    mediaType: citation["type"] === "page_location" ? "application/pdf" : "text/plain",
    title: title ?? Json.string(citation["source"]) ?? nameOf(citation["document_index"]),
    metadata
  }
}

/** A document without a title is known by its place among the documents of the prompt. */
const nameOf = (index: unknown): string => `Document ${(Json.number(index) ?? 0) + 1}`
