/** Files in user messages, in each form `effect/ai` takes. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Prompt from "effect/ai/Prompt"
import * as Files from "./files.ts"
import { make, type PromptCase } from "./PromptCase.ts"

type File = Omit<Prompt.FilePartEncoded, "type">

const withText = (
  name: string,
  needs: ReadonlyArray<Capability.Flag>,
  ...files: ReadonlyArray<File>
): PromptCase =>
  make({
    name,
    needs,
    prompt: [{
      role: "user",
      content: [
        { type: "text", text: "What does this show?" },
        ...files.map((file) => ({ type: "file", ...file }) as const)
      ]
    }]
  })

export const media: ReadonlyArray<PromptCase> = [
  withText("an image as bytes", ["imageInput"], { mediaType: "image/png", data: Files.png }),
  withText("an image as base64", ["imageInput"], { mediaType: "image/png", data: Files.base64Of(Files.png) }),
  withText("an image as a data URL", ["imageInput"], {
    mediaType: "image/png",
    data: `data:image/png;base64,${Files.base64Of(Files.png)}`
  }),
  withText("an image by its address", ["imageInput"], {
    mediaType: "image/png",
    data: new URL("https://example.com/tagus.png?size=small&page=1")
  }),
  withText("an image by its address as text", ["imageInput"], {
    mediaType: "image/jpeg",
    data: "https://example.com/tagus.jpg"
  }),
  withText("an image of any type", ["imageInput"], { mediaType: "image/*", data: Files.png }),
  withText("an image of any type by its address", ["imageInput"], {
    mediaType: "image/*",
    data: new URL("https://example.com/tagus")
  }),
  withText("a JPEG, a GIF and a WebP", ["imageInput"], { mediaType: "image/jpeg", data: Files.jpeg }, {
    mediaType: "image/gif",
    data: Files.gif
  }, { mediaType: "image/webp", data: Files.webp }),
  make({
    name: "an image before its question, and one after it",
    needs: ["imageInput"],
    prompt: [
      { role: "system", content: "You know rivers." },
      {
        role: "user",
        content: [
          { type: "file", mediaType: "image/png", data: Files.png, fileName: "before.png" },
          { type: "text", text: "That was before; this is after:" },
          { type: "file", mediaType: "image/gif", data: Files.gif, fileName: "after.gif" }
        ]
      },
      { role: "assistant", content: "The river is wider." },
      { role: "user", content: [{ type: "file", mediaType: "image/webp", data: Files.webp }] }
    ]
  }),
  withText("a PDF as bytes", ["pdfInput"], { mediaType: "application/pdf", data: Files.pdf }),
  withText("a PDF with a name", ["pdfInput"], {
    mediaType: "application/pdf",
    data: Files.pdf,
    fileName: "rivers.pdf"
  }),
  withText("a PDF as base64", ["pdfInput"], { mediaType: "application/pdf", data: Files.base64Of(Files.pdf) }),
  withText("a PDF as a data URL", ["pdfInput"], {
    mediaType: "application/pdf",
    data: `data:application/pdf;base64,${Files.base64Of(Files.pdf)}`
  }),
  withText("a PDF by its address", ["pdfInput"], {
    mediaType: "application/pdf",
    data: new URL("https://example.com/rivers.pdf")
  }),
  withText("a text file as bytes", ["textInput"], { mediaType: "text/plain", data: Files.text }),
  withText("a text file with a name", ["textInput"], {
    mediaType: "text/plain",
    data: Files.text,
    fileName: "rivers.txt"
  }),
  withText("a text file as a data URL without base64", ["textInput"], {
    mediaType: "text/plain",
    data: "data:text/plain,The%20Tagus%20ends%20here."
  }),
  withText("a table", ["textInput"], { mediaType: "text/csv", data: Files.csv, fileName: "rivers.csv" }),
  withText("a text file by its address", ["textInput"], {
    mediaType: "text/plain",
    data: new URL("https://example.com/rivers.txt")
  }),
  withText("a WAV", ["audioInput"], { mediaType: "audio/wav", data: Files.wav }),
  withText("an MP3", ["audioInput"], { mediaType: "audio/mpeg", data: Files.mp3 }),
  withText("a video as bytes", ["videoInput"], { mediaType: "video/mp4", data: Files.mp4 }),
  withText("a video by its address", ["videoInput"], {
    mediaType: "video/mp4",
    data: new URL("https://example.com/tagus.mp4")
  })
]
