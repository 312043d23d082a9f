/** Prompts that the model cannot be asked. */
import type { Prompt } from "effect/ai"
import { type Case, type Fault, needing } from "../Fault.ts"
import { unsupported, whole } from "./answers.ts"

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const withFile = (mediaType: string, data: string | URL | Uint8Array = png): Prompt.RawInput => [{
  role: "user",
  content: [{ type: "text", text: "What is this?" }, { type: "file", mediaType, data }]
}]

/** Those that send an image. */
const sending: ReadonlyArray<Fault> = [
  {
    name: "no fault, with an image",
    cases: (target) => [{
      plans: [whole(target, { deltas: ["A dot."] })],
      ask: { prompt: withFile("image/png") },
      expected: { _tag: "Succeeds", text: "A dot.", sends: png }
    }]
  },
  {
    name: "file that is none",
    cases: () => [{
      ask: { prompt: withFile("image/png", "not base64!") },
      expected: { ...unsupported, kind: "InvalidRequest" }
    }]
  }
]

/** Those that a model is known not to take. */
const unseen: ReadonlyArray<Fault> = [
  {
    name: "image the model cannot see",
    cases: ({ wire }) => {
      const { mediaType, model } = wire.blind
      return ([
        ["base64", png],
        ["bytes", Buffer.from(png, "base64")],
        ["data URL", `data:${mediaType};base64,${png}`],
        ["address", new URL("https://example.com/a.png")]
      ] as const).map(([variant, data]): Case => ({
        variant,
        ask: { model, prompt: withFile(mediaType, data) },
        expected: { ...unsupported, says: [mediaType] }
      }))
    }
  },
  {
    name: "video no model of the vendor sees",
    cases: ({ wire }) => wire.lacks?.unseenVideo ?? [{ ask: { prompt: withFile("video/mp4") }, expected: unsupported }]
  }
]

export const prompts: ReadonlyArray<Fault> = [...needing("images", sending), ...needing("knownModels", unseen)]
