/** What of a case has to be found in the request that is made of it. */
import type * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import type { PromptCase } from "./PromptCase.ts"

/** Something a case says. */
export interface Said {
  /** What it is, for a message: `a text`, `the tool get_weather`. */
  readonly what: string
  /** The forms it may have in a request, one of which has to be in some string, or be some number, of the body. */
  readonly forms: ReadonlyArray<string>
}

/**
 * The texts, files, calls, results, tools and stop sequences of a case. What is not in a request has to be spoken of in a
 * warning of the answer (`Warning.of`).
 */
export const said = (asked: PromptCase): ReadonlyArray<Said> => [
  ...asked.prompt.content.flatMap(inMessage),
  ...offered(asked).flatMap(inTool),
  ...(asked.settings.stopSequences ?? []).map((one) => ({ what: "a stop sequence", forms: [one] }))
]

const inMessage = (message: Prompt.Message): ReadonlyArray<Said> => {
  if (message.role === "system") return inText(`a ${message.role} text`, message.content)
  return message.content.flatMap((part) => inPart(message.role, part))
}

const inPart = (role: string, part: Prompt.Part): ReadonlyArray<Said> => {
  switch (part.type) {
    case "text":
      return inText(`a ${role} text`, part.text)
    case "reasoning":
      return inText("reasoning", part.text)
    case "file":
      return [{ what: `a file (${part.mediaType})`, forms: formsOf(part) }]
    case "tool-call":
      return [{ what: "the name of a call", forms: [part.name] }, ...inJson("an argument", part.params)]
    case "tool-result":
      return part.modelOutput === undefined
        ? inJson("a result", part.result)
        : part.modelOutput.flatMap((one) => inPart("result's", one))
    case "tool-approval-request":
    case "tool-approval-response":
      return []
  }
}

/** Vendors refuse texts without a letter, so that those may be left out. */
const inText = (what: string, text: string): ReadonlyArray<Said> =>
  text.trim() === "" ? [] : [{ what, forms: [text, text.trim()] }]

const inJson = (what: string, value: unknown): ReadonlyArray<Said> => {
  if (typeof value === "string") return inText(what, value)
  if (typeof value !== "object" || value === null) return [{ what, forms: [JSON.stringify(value ?? null)] }]
  return Object.values(value).flatMap((one) => inJson(what, one))
}

/** Bytes as base64 or, where they are text, as that text; addresses as they are. */
const formsOf = ({ data }: Prompt.FilePart): ReadonlyArray<string> => {
  if (data instanceof Uint8Array) {
    return [Buffer.from(data).toString("base64"), Buffer.from(data).toString("utf8")]
  }
  const address = data instanceof URL ? data.href : data
  const comma = address.startsWith("data:") ? address.indexOf(",") : -1
  if (comma < 0) return [address]
  const content = address.slice(comma + 1)
  if (address.slice(0, comma).endsWith(";base64")) return [content]
  const text = decodeURIComponent(content)
  return [text, Buffer.from(text).toString("base64"), content]
}

/** `oneOf` leaves the others out. */
const offered = ({ toolChoice, tools }: PromptCase): ReadonlyArray<Tool.Any> =>
  typeof toolChoice === "object" && "oneOf" in toolChoice
    ? tools.filter((tool) => toolChoice.oneOf.includes(tool.name))
    : tools

const inTool = (tool: Tool.Any): ReadonlyArray<Said> => {
  if (Tool.isProviderDefined(tool)) return []
  const description = Tool.getDescription(tool)
  return [
    { what: `the tool ${tool.name}`, forms: [tool.name] },
    ...(description === undefined ? [] : [{ what: `the description of ${tool.name}`, forms: [description] }])
  ]
}
