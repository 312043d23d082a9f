/** Decode: what an answer rests on → source parts. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"
import type { Change, State } from "./state.ts"

type Source = Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded
/** A source that has no id yet, and what it is known by. */
type Found = { readonly known: string; readonly make: (id: string) => Source }

/** The sources of a candidate that did not come before. */
export const decodeSources = (state: State, candidate: Json.JsonRecord): Change => {
  const found = [
    ...Json.list(Json.record(candidate["groundingMetadata"])["groundingChunks"]).map(fromChunk),
    ...citationsOf(candidate["citationMetadata"]).map(fromCitation),
    ...Json.list(Json.record(candidate["urlContextMetadata"])["urlMetadata"]).map(fromUrlMetadata)
  ].filter((one) => one !== undefined)
  const fresh: Array<Source> = []
  const known = [...state.sources]
  for (const one of found) {
    if (known.includes(one.known)) continue
    fresh.push(one.make(`${Json.string(state.answer["responseId"]) ?? "answer"}-source-${known.length}`))
    known.push(one.known)
  }
  return fresh.length === 0 ? [state, fresh] : [{ ...state, sources: known }, fresh]
}

/** The Developer API says `citationSources`, Vertex AI `citations`. */
const citationsOf = (metadata: unknown): ReadonlyArray<unknown> => {
  const { citationSources, citations } = Json.record(metadata)
  return [...Json.list(citationSources), ...Json.list(citations)]
}

/** A page (`web`), a picture of one (`image`), a place (`maps`) or a piece of a file (`retrievedContext`). */
const fromChunk = (value: unknown): Found | undefined => {
  const chunk = Json.record(value)
  const kind = ["web", "image", "maps", "retrievedContext"].find((one) => Json.isRecord(chunk[one]))
  if (kind === undefined) return undefined
  const inside = Json.record(chunk[kind])
  const metadata = Metadata.make("google", { groundingChunk: chunk })
  const url = Json.url(inside["uri"]) ?? Json.url(inside["sourceUri"]) ?? Json.url(inside["imageUri"])
  const title = Json.string(inside["title"])
  if (url !== undefined) return page(url, title, metadata)
  if (kind !== "retrievedContext") return undefined
  return {
    known: JSON.stringify(chunk),
    make: (id) => ({
      type: "source",
      sourceType: "document",
      id,
      mediaType: "text/plain",
      title: title ?? Json.string(inside["fileSearchStore"]) ?? "Document",
      metadata
    })
  }
}

const fromCitation = (value: unknown): Found | undefined => {
  const citation = Json.record(value)
  const url = Json.url(citation["uri"])
  return url === undefined
    ? undefined
    : page(url, Json.string(citation["title"]), Metadata.make("google", { citation }))
}

/** A page of the prompt that was read. */
const fromUrlMetadata = (value: unknown): Found | undefined => {
  const urlMetadata = Json.record(value)
  const url = Json.url(urlMetadata["retrievedUrl"])
  return url === undefined || urlMetadata["urlRetrievalStatus"] !== "URL_RETRIEVAL_STATUS_SUCCESS"
    ? undefined
    : page(url, undefined, Metadata.make("google", { urlMetadata }))
}

const page = (url: string, title: string | undefined, metadata: Metadata.Metadata): Found => ({
  known: url,
  make: (id) => ({ type: "source", sourceType: "url", id, url, title: title ?? url, metadata })
})
