/** Decode: the knowledge an answer used → source parts. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as PartStream from "@llm-layers/core/PartStream"

/** One source as it came, and whether it belongs to another account. */
export interface Raw {
  readonly source: unknown
  readonly crossAccount: boolean
}

/** The sources of an answer or an event: `source`, `cross_account_source`. */
export const takeSources = (data: Json.JsonRecord): ReadonlyArray<Raw> => [
  ...Json.list(data["source"]).map((source) => ({ source, crossAccount: false })),
  ...Json.list(data["cross_account_source"]).map((source) => ({ source, crossAccount: true }))
]

// The API's documentation does not show an item of the lists; these are names StackSpot gives such things elsewhere.
const addresses = ["url", "link", "uri"]
const titles = ["title", "name", "document_name", "slug", "document_id", "id"]

/** The part for a source, or `undefined` for one that has no name. */
export const decodeSource = ({ crossAccount, source }: Raw, id: string): PartStream.Part | undefined => {
  const members = typeof source === "string" ? { url: source, title: source } : Json.record(source)
  const first = (names: ReadonlyArray<string>) =>
    names.map((name) => Json.string(members[name]) || undefined)
      .find((text) => text !== undefined)
  const url = addresses.map((name) => Json.url(members[name])).find((address) => address !== undefined)
  const title = first(titles) ?? url
  if (title === undefined) return undefined
  const metadata = Metadata.make("stackspot", { source, crossAccount: crossAccount ? true : undefined })
  return url === undefined
    ? { type: "source", sourceType: "document", id, mediaType: "text/plain", title, metadata }
    : { type: "source", sourceType: "url", id, url, title, metadata }
}
