/** Spoken answers. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Response from "effect/ai/Response"
import { type Chain, toArray } from "./accumulate.ts"

/** The audio of an answer so far. */
export interface Audio {
  readonly id: string | undefined
  readonly transcript: string
  readonly expiresAt: number | undefined
  /** Each piece is base64 of its own. */
  readonly data: Chain<string> | undefined
}

/** Takes the `audio` of a message or of a delta. */
export const takeAudio = (before: Audio | undefined, raw: Json.JsonRecord): Audio => {
  const data = Json.string(raw["data"])
  return {
    id: Json.string(raw["id"]) ?? before?.id,
    transcript: (before?.transcript ?? "") + (Json.string(raw["transcript"]) ?? ""),
    expiresAt: Json.number(raw["expires_at"]) ?? before?.expiresAt,
    data: data === undefined || data === "" ? before?.data : { last: data, before: before?.data }
  }
}

const mediaTypes: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["mp3", "audio/mpeg"],
  ["flac", "audio/flac"],
  ["opus", "audio/opus"],
  ["aac", "audio/aac"],
  ["pcm16", "audio/pcm"]
])

/** The audio as a file; its id is what a later turn refers to it by. */
export const audioPart = (
  provider: string,
  audio: Audio | undefined,
  format: string | undefined
): Response.FilePartEncoded | undefined => {
  if (audio === undefined) return undefined
  const pieces = toArray(audio.data)
  const [only] = pieces
  return {
    type: "file",
    mediaType: mediaTypes.get(format ?? "") ?? "audio/wav",
    data: pieces.length === 1 && only !== undefined
      ? only
      : Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64"),
    metadata: Metadata.make(provider, {
      audioId: audio.id,
      transcript: audio.transcript === "" ? undefined : audio.transcript,
      expiresAt: audio.expiresAt
    })
  }
}
