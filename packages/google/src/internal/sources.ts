/** Decode: what an answer rests on → source parts. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"
import type { Change, State } from "./state.ts"

type Source = Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded

/** A source that has no id yet, and what it is known by: chunks of a stream repeat what earlier ones had. */
interface Found {
  readonly known: string
  readonly make: (id: string) => Source
}

/** The sources of a candidate that did not come before. */
export const decodeSources = (state: State, candidate: Json.JsonRecord): Change => {
  const cited = [
    ...Json.list(Json.record(candidate["groundingMetadata"])["groundingChunks"]).map(fromChunk),
    ...citationsOf(candidate["citationMetadata"]).map(fromCitation)
  ].filter((one) => one !== undefined)
  const read = Json.list(Json.record(candidate["urlContextMetadata"])["urlMetadata"]).map(fromUrlMetadata)
    .filter((one) => one !== undefined)
  const sources: Array<Source> = []
  const known = [...state.sources]
  for (const one of [...cited, ...read]) {
    if (known.includes(one.known)) continue
    const source = one.make(
      `${Json.string(state.answer["responseId"]) ?? "answer"}-source-${state.cited + sources.length}`
    )
    sources.push(source)
    known.push(one.known)
    if (source.sourceType === "url") known.push(source.url)
  }
  return sources.length === 0
    ? [state, sources]
    : [{ ...state, sources: known, cited: state.cited + sources.length }, sources]
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
  const known = JSON.stringify(chunk)
  if (url !== undefined) return { known, make: page(url, title, metadata) }
  if (kind !== "retrievedContext") return undefined
  return {
    known,
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
  if (url === undefined) return undefined
  const make = page(url, Json.string(citation["title"]), Metadata.make("google", { citation }))
  return { known: JSON.stringify(citation), make }
}

/** A page of the prompt that was read; mostly it is a grounding chunk, too. */
const fromUrlMetadata = (value: unknown): Found | undefined => {
  const urlMetadata = Json.record(value)
  const url = Json.url(urlMetadata["retrievedUrl"])
  return url === undefined || urlMetadata["urlRetrievalStatus"] !== "URL_RETRIEVAL_STATUS_SUCCESS"
    ? undefined
    : { known: url, make: page(url, undefined, Metadata.make("google", { urlMetadata })) }
}

const page = (url: string, title: string | undefined, metadata: Metadata.Metadata) => (id: string): Source => ({
  type: "source",
  sourceType: "url",
  id,
  url,
  title: title ?? url,
  metadata
})
