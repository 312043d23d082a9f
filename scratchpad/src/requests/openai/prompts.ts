/** The options `OpenAiMetadata` has for prompts, and files by their ids. */
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Responses } from "./api.ts"

const promptCacheBreakpoint = { mode: "explicit", ttl: "12h" } as const
const marked = { openai: { promptCacheBreakpoint } }

const fileOf = (mediaType: string, data: string | URL | Uint8Array, more: object = {}) =>
  ({ type: "file", mediaType, data, ...more }) as const

const bytes = new TextEncoder().encode("PK rivers")

export const prompts = (api: Responses): ReadonlyArray<Check> => [
  ...own(api, "a developer message among system messages", {}, {
    prompt: [
      { role: "system", content: "Be brief." },
      { role: "system", content: "Be kind.", options: { openai: { role: "developer" } } },
      { role: "user", content: "Hi." }
    ],
    said: ["developer", "system"]
  }),
  ...own(api, "cache breakpoints", {}, {
    model: "gpt-6.1-sol",
    prompt: [
      { role: "system", content: "A long contract.", options: marked },
      {
        role: "user",
        content: [
          { type: "text", text: "The map:", options: marked },
          fileOf("image/png", "https://example.com/map.png", { options: marked }),
          fileOf("application/pdf", "https://example.com/map.pdf", { options: marked })
        ]
      },
      { role: "user", content: "Where does it end?", options: marked }
    ],
    said: ["explicit", "12h"]
  }),
  ...(["low", "high", "auto", "original"] as const).flatMap((detail) =>
    own(api, `an image looked at with detail ${detail}`, {}, {
      prompt: [{
        role: "user",
        content: [fileOf("image/png", "https://example.com/map.png", { options: { openai: { detail } } })]
      }],
      said: [detail]
    })
  ),
  ...own(api, "a PDF looked at closely", {}, {
    prompt: [{
      role: "user",
      content: [fileOf("application/pdf", bytes, { fileName: "a.pdf", options: { openai: { detail: "high" } } })]
    }],
    said: ["high"]
  }),
  ...own(api, "an uploaded image and an uploaded document", {}, {
    prompt: [{
      role: "user",
      content: [
        fileOf("image/png", "file-abc123"),
        fileOf("application/pdf", "file-6F2ksmvXxt4VdoqmHRw6kL"),
        { type: "text", text: "Compare." }
      ]
    }]
  }),
  ...own(api, "office documents", {}, {
    prompt: [{
      role: "user",
      content: [
        fileOf("application/vnd.openxmlformats-officedocument.wordprocessingml.document", bytes),
        fileOf("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes, { fileName: "a.xlsx" }),
        fileOf("application/json", new TextEncoder().encode("{}"))
      ]
    }]
  }),
  ...own(api, "a participant's name, left out with a warning", {}, {
    prompt: [{ role: "user", content: "Hi.", options: { openai: { name: "Ada" } } }]
  }),
  ...own(api, "a name in a schema that the API does not take", {}, {
    object: {
      name: "Ärger & Co.",
      schema: Schema.Struct({ why: Schema.String }),
      value: { why: "rain" }
    }
  }),
  ...own(api, "verbosity beside a schema", { textVerbosity: "low" }, {
    object: { name: "why", schema: Schema.Struct({ why: Schema.String }), value: { why: "rain" } },
    tools: [Tool.make("tell_time", { success: Schema.String })]
  })
]
