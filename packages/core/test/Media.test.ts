import { assert, describe, it } from "@effect/vitest"
import * as Media from "@llm-layers/core/Media"
import { Prompt } from "effect/ai"

const file = (data: string | Uint8Array | URL, mediaType = "image/*", fileName?: string) =>
  Media.fromFilePart(
    Prompt.makePart("file", { data, mediaType, ...(fileName === undefined ? undefined : { fileName }) }),
    (text) => text.startsWith("file-")
  )

const bytes = (base64: string, mediaType: string, fileName?: string): Media.Media => ({
  _tag: "Bytes",
  base64,
  mediaType,
  fileName
})

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const pngText = Buffer.from(png).toString("base64")

describe("fromFilePart", () => {
  it("bytes", () => assert.deepStrictEqual(file(png, "image/png", "a.png"), bytes(pngText, "image/png", "a.png")))

  it("base64, with and without padding, over several lines, and in the form for URLs", () => {
    assert.deepStrictEqual(file("aGk=", "text/plain"), bytes("aGk=", "text/plain"))
    assert.deepStrictEqual(file("aGk", "text/plain"), bytes("aGk=", "text/plain"))
    assert.deepStrictEqual(file("aG\r\nk=\n", "text/plain"), bytes("aGk=", "text/plain"))
    assert.deepStrictEqual(file("-_-_", "text/plain"), bytes("+/+/", "text/plain"))
  })

  it("data URLs: base64, text, and their own media type where the part has none", () => {
    assert.deepStrictEqual(file("data:image/png;base64,aGk="), bytes("aGk=", "image/png"))
    assert.deepStrictEqual(file("data:image/png;base64,aGk=", "image/webp"), bytes("aGk=", "image/webp"))
    assert.deepStrictEqual(file("data:text/plain;charset=utf-8;base64,aGk%3D", ""), bytes("aGk=", "text/plain"))
    assert.deepStrictEqual(file("data:,hi%20%C3%A9", "text/plain"), bytes("aGkgw6k=", "text/plain"))
    assert.deepStrictEqual(file("data:,100%", "text/plain"), bytes("MTAwJQ==", "text/plain"))
    assert.deepStrictEqual(file(new URL("data:image/gif;base64,aGk=")), bytes("aGk=", "image/gif"))
  })

  it("addresses, as text and as URL", () => {
    const url: Media.Media = {
      _tag: "Url",
      url: "https://example.com/a.png",
      mediaType: "image/*",
      fileName: undefined
    }
    assert.deepStrictEqual(file("https://example.com/a.png"), url)
    assert.deepStrictEqual(file(new URL("https://example.com/a.png")), url)
    assert.deepStrictEqual(file("gs://bucket/a.png"), { ...url, url: "gs://bucket/a.png" })
  })

  it("ids of uploaded files", () =>
    assert.deepStrictEqual(file("file-abc", "application/pdf", "a.pdf"), {
      _tag: "FileId",
      id: "file-abc",
      mediaType: "application/pdf",
      fileName: "a.pdf"
    }))

  it.each(["not base64!", "a", "data:image/png;base64", "data:image/png;base64,@@@"])(
    "what is none of these: %s",
    (data) => {
      assert.strictEqual(file(data)._tag, "Invalid")
    }
  )

  it.each([
    [png, "image/png"],
    [new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg"],
    [new TextEncoder().encode("GIF89a"), "image/gif"],
    [new TextEncoder().encode("RIFF0000WEBPVP8 "), "image/webp"],
    [new Uint8Array([1, 2, 3, 4]), "image/jpeg"]
  ])("a wildcard becomes what the first bytes say (%#)", (data, mediaType) => {
    const asBytes = file(data)
    const asText = file(Buffer.from(data).toString("base64"))
    assert.deepInclude(asBytes, { _tag: "Bytes", mediaType })
    assert.deepStrictEqual(asText, asBytes)
  })

  it("a type that is stated is believed", () =>
    assert.deepInclude(file(png, "image/webp"), { mediaType: "image/webp" }))

  it("no type at all", () => {
    assert.deepInclude(file(new TextEncoder().encode("%PDF-1.7"), ""), { mediaType: "application/pdf" })
    assert.deepInclude(file(new Uint8Array([1]), ""), { mediaType: "application/octet-stream" })
  })
})

describe("kindOf", () => {
  it.each([
    ["image/png", "image"],
    ["IMAGE/*", "image"],
    ["application/pdf", "pdf"],
    ["text/markdown", "text"],
    ["audio/wav", "audio"],
    ["video/mp4", "video"],
    ["application/json", "other"],
    ["", "other"],
    ["image", "other"]
  ])("%s is %s", (mediaType, kind) => assert.strictEqual(Media.kindOf(mediaType), kind))
})

describe("toDataUrl and toText", () => {
  it("write what vendors take", () => {
    const media = { base64: "w6k=", mediaType: "text/plain" }
    assert.strictEqual(Media.toDataUrl(media), "data:text/plain;base64,w6k=")
    assert.strictEqual(Media.toText(media), "é")
  })
})
