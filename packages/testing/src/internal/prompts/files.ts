/** Files as small as their formats allow. */

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"))

/** One pixel. */
export const png = bytesOf(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

/** One pixel. */
export const gif = bytesOf("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

/** One pixel. */
export const webp = bytesOf("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")

/** The head and the end of one: nobody decodes it before a vendor does. */
export const jpeg = bytesOf("/9j/4AAQSkZJRgABAQEASABIAAD/2Q==")

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** One empty page. */
export const pdf = utf8(
  [
    "%PDF-1.4",
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 3 3]>>endobj",
    "trailer<</Root 1 0 R>>",
    "%%EOF"
  ].join("\n")
)

/** Eight samples of silence: RIFF, 8 kHz, one channel, 16 bits. */
export const wav = bytesOf(
  "UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YRAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)

/** An empty tag: what an MP3 starts with. */
export const mp3 = bytesOf("SUQzBAAAAAAAAA==")

/** The first box of one. */
export const mp4 = bytesOf("AAAAGGZ0eXBpc29tAAAAAGlzb21pc28y")

export const text = utf8("The Tagus rises in the Sierra de Albarracín.\nIt ends in Lisbon.\n")
export const csv = utf8("river,kilometres\nTagus,1007\nDouro,897\n")
export const json = utf8(`{"rivers":[{"name":"Tagus","kilometres":1007}]}`)

export const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")
