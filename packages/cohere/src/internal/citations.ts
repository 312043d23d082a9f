/** Decode: a citation → source parts, one for each of its sources. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"

type Source = Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded

/**
 * A document, or what a tool gave; by its address where it has a `url`, else by its title or id. The citation itself, with
 * the cited words and their place, is in the metadata. `id` makes an id of a source's place in the citation.
 */
export const decodeCitation = (citation: Json.JsonRecord, id: (place: number) => string): ReadonlyArray<Source> =>
  Json.list(citation["sources"]).map((one, place) => decodeSource(citation, Json.record(one), id(place), place))

const decodeSource = (citation: Json.JsonRecord, source: Json.JsonRecord, id: string, place: number): Source => {
  const content = Json.record(source["document"] ?? source["tool_output"])
  const url = Json.url(content["url"])
  const title = Json.string(content["title"])
  const name = Json.string(source["id"])
  const metadata = Metadata.make("cohere", { citation, source: place })
  if (url !== undefined) return { type: "source", sourceType: "url", id, url, title: title ?? name ?? url, metadata }
  return {
    type: "source",
    sourceType: "document",
    id,
    mediaType: source["type"] === "tool" ? "application/json" : "text/plain",
    title: title ?? name ?? "Document",
    metadata
  }
}
