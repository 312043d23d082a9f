/** Encode: Prompt → turns. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"

/** A turn of the conversation, and what is said in it. */
export interface Turn {
  readonly from: "operator" | "person" | "model" | "tool"
  readonly say: ReadonlyArray<Json.JsonRecord>
}

export const encodePrompt = (
  subject: Capability.Subject,
  prompt: Prompt.Prompt,
  warnings: Array<Warning.Warning>
): Effect.Effect<ReadonlyArray<Turn>, AiError.AiError> =>
  Effect.gen(function*() {
    const turns: Array<Turn> = []
    for (const message of prompt.content) {
      switch (message.role) {
        case "system":
          turns.push({ from: "operator", say: [{ text: message.content }] })
          break
        case "user": {
          const say = yield* Effect.forEach(
            message.content,
            (part) => part.type === "text" ? Effect.succeed({ text: part.text }) : encodeFile(subject, part)
          )
          turns.push({ from: "person", say })
          break
        }
        case "assistant":
          turns.push(...yield* encodeAssistant(subject, message, warnings))
          break
        case "tool": {
          const results = message.content.filter((part) => part.type === "tool-result")
          turns.push({ from: "tool", say: yield* Effect.forEach(results, (part) => encodeResult(subject, part)) })
          break
        }
      }
    }
    if (turns.findLast(({ from }) => from !== "operator")?.from === "model") {
      return yield* refuse(subject, "prefill", "an assistant message at the end of the prompt")
    }
    return turns
  })

const encodeAssistant = (
  subject: Capability.Subject,
  message: Prompt.AssistantMessage,
  warnings: Array<Warning.Warning>
): Effect.Effect<ReadonlyArray<Turn>, AiError.AiError> =>
  Effect.gen(function*() {
    const say: Array<Json.JsonRecord> = []
    const results: Array<Json.JsonRecord> = []
    for (const part of message.content) {
      switch (part.type) {
        case "text":
          say.push({ text: part.text })
          break
        case "reasoning": {
          // Acme takes its own thoughts back, with the seal it put on them.
          const seal = Metadata.get(part.options, "acme", "seal")
          if (seal === undefined) warnings.push({ about: "reasoning", message: "Reasoning of others was left out" })
          else say.push({ thought: part.text, seal })
          break
        }
        case "tool-call":
          say.push({ call: part.id, tool: part.name, args: part.params })
          break
        case "tool-result":
          results.push(yield* encodeResult(subject, part))
          break
        case "file":
          return yield* refuse(subject, "assistantFiles", `${part.mediaType} in an assistant message`)
        case "tool-approval-request":
          // Answered by the framework before the next request.
          break
      }
    }
    return [{ from: "model", say }, ...(results.length === 0 ? [] : [{ from: "tool", say: results } as const])]
  })

const encodeFile = (
  subject: Capability.Subject,
  part: Prompt.FilePart
): Effect.Effect<Json.JsonRecord, AiError.AiError> => {
  const media = Media.fromFilePart(part)
  if (media._tag === "Invalid" || media._tag === "FileId" || Media.kindOf(media.mediaType) !== "image") {
    const what = media._tag === "Invalid" ? `a file that is ${media.reason}` : media.mediaType
    return refuse(subject, "imageInput", `${what} as input`)
  }
  return Effect.succeed({ image: media._tag === "Url" ? media.url : Media.toDataUrl(media) })
}

/** Acme takes texts and JSON as results. */
const encodeResult = (
  subject: Capability.Subject,
  part: Prompt.ToolResultPart
): Effect.Effect<Json.JsonRecord, AiError.AiError> => {
  const { modelOutput } = part
  if (modelOutput?.some((output) => output.type === "file")) {
    return refuse(subject, "toolResultFiles", "files in the result of a tool")
  }
  const result = modelOutput === undefined ? part.result ?? null : Prompt.toolModelOutputToText(modelOutput)
  return Effect.succeed({ result, of: part.id, ok: !part.isFailure })
}

const refuse = (
  subject: Capability.Subject,
  capability: string,
  asked: string
): Effect.Effect<never, AiError.AiError> => Effect.fail(Capability.unsupportedPrompt(subject, capability, asked))
