/** The size of an image, read from the beginning of its file. */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/** In pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** JPEG has its size after what the camera wrote, which is rarely longer. */
const headBytes = 65_536

/** The first bytes of a file that is in memory: bytes, base64, or a data URL of base64. */
export const headOf = (data: string | Uint8Array): Uint8Array => {
  if (typeof data !== "string") return data.subarray(0, headBytes)
  const from = data.startsWith("data:") ? data.indexOf(",", 0) + 1 : 0
  const base64 = data.slice(from, from + headBytes / 3 * 4 - headBytes / 3 * 4 % 4)
  return Result.getOrElse(Base64.decode(base64), () => new Uint8Array())
}

/** The size in the head of a PNG, GIF, WebP or JPEG, or `undefined`. */
export const sizeOf = (head: Uint8Array): Size | undefined => {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  try {
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) }
    if (view.getUint32(0) === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webp(view)
    return view.getUint16(0) === 0xffd8 ? jpeg(view) : undefined
  } catch {
    // It ends before its size.
    return undefined
  }
}

/** developers.google.com/speed/webp/docs/riff_container */
const webp = (view: DataView): Size | undefined => {
  switch (view.getUint32(12)) {
    case 0x56503820: // "VP8 "
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 0x5650384c: { // "VP8L"
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 0x56503858: // "VP8X"
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint16(27, true) | view.getUint8(29) << 16) + 1
      }
    default:
      return undefined
  }
}

/** Goes from segment to segment, to the one that begins a frame. */
const jpeg = (view: DataView): Size | undefined => {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1)
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}
