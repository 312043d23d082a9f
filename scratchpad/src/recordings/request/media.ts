import type * as Prompt from "effect/ai/Prompt"

/** A file part for a URL, a `data:` URL, or the id of a file the vendor keeps. */
export const fileFrom = (reference: string, mediaType: string, fileName?: string): Prompt.FilePartEncoded => {
  const stated = /^data:([^;,]+)/.exec(reference)?.[1]
  const web = /^https?:/.test(reference) && URL.canParse(reference)
  return {
    type: "file",
    mediaType: stated ?? mediaType,
    data: web ? new URL(reference) : reference,
    ...(fileName === undefined ? {} : { fileName })
  }
}

/** A file part for a text. */
export const fileFromText = (text: string, fileName?: string): Prompt.FilePartEncoded => ({
  type: "file",
  mediaType: "text/plain",
  data: new TextEncoder().encode(text),
  ...(fileName === undefined ? {} : { fileName })
})

const byExtension: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif"
}

/** The media type a file's name or address suggests; a PDF where it suggests nothing, as most documents are. */
export const mediaTypeOf = (name: string | undefined): string =>
  byExtension[/\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name ?? "")?.[1]?.toLowerCase() ?? ""] ?? "application/pdf"
