/** Citations in a text as sources. */
import * as Json from "@llm-layers/core/Json"
import type * as Response from "effect/ai/Response"
import { metadata } from "./namespace.ts"

/** The source an annotation names; `undefined` for one of an unknown type or with an address that does not parse. */
export const decodeAnnotation = (
  annotation: Json.JsonRecord,
  itemId: string,
  id: string
): Response.UrlSourcePartEncoded | Response.DocumentSourcePartEncoded | undefined => {
  switch (annotation["type"]) {
    case "url_citation": {
      const url = Json.url(annotation["url"])
      return url === undefined ? undefined : {
        type: "source",
        sourceType: "url",
        id,
        url,
        title: Json.string(annotation["title"]) ?? url,
        metadata: metadata({ itemId, annotation })
      }
    }
    case "file_citation":
    case "container_file_citation":
    case "file_path": {
      const fileName = Json.string(annotation["filename"])
      const title = fileName ?? Json.string(annotation["file_id"])
      return title === undefined ? undefined : {
        type: "source",
        sourceType: "document",
        id,
        // OpenAI does not say what kind of file it is.
        mediaType: "application/octet-stream",
        title,
        ...(fileName === undefined ? undefined : { fileName }),
        metadata: metadata({ itemId, annotation })
      }
    }
    default:
      return undefined
  }
}
