/** Encode: Prompt → the one text that the API takes. */
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"

interface Turn {
  readonly role: "System" | "User" | "Assistant"
  readonly text: string
}

/**
 * The text. A prompt of one user message is that message. Any other is written turn by turn in order: a line with the role
 * and a colon, the text as it is, an empty line.
 *
 * ```text
 * System:
 * Answer in one word.
 *
 * User:
 * Which river runs through Lisbon?
 * ```
 */
export const encodePrompt = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  prompt: Prompt.Prompt,
  warnings: Array<Warning.Warning>
) {
  const turns: Array<Turn> = []
  for (const message of prompt.content) {
    const text = yield* encodeMessage(subject, message, warnings)
    if (text.trim() !== "") turns.push({ role: roles[message.role], text })
  }
  const [first, ...others] = turns
  if (first === undefined) {
    return yield* ProviderError.make(subject.origin, "InvalidRequest", {
      description: "The prompt has no text in it",
      parameter: "prompt"
    })
  }
  if (turns.findLast(({ role }) => role !== "System")?.role === "Assistant") {
    return yield* refuse(subject, "prefill", "an answer at the end of the prompt, to be continued")
  }
  return others.length === 0 && first.role === "User" ? first.text : turns.map(encodeTurn).join("\n\n")
})

const roles = { system: "System", user: "User", assistant: "Assistant", tool: "User" } as const

const encodeTurn = ({ role, text }: Turn): string => `${role}:\n${text}`

const encodeMessage = (
  subject: Capability.Subject,
  message: Prompt.Message,
  warnings: Array<Warning.Warning>
): Effect.Effect<string, AiError.AiError> => {
  switch (message.role) {
    case "system":
      return Effect.succeed(message.content)
    case "user":
      return join(message.content, (part) => part.type === "text" ? Effect.succeed(part.text) : refuseFile(subject))
    case "assistant":
      return join(message.content, (part) => encodeAnswerPart(subject, part, warnings))
    case "tool":
      return message.content.length === 0 ? Effect.succeed("") : refuse(subject, "tools", "results of tools")
  }
}

const encodeAnswerPart = (
  subject: Capability.Subject,
  part: Prompt.AssistantMessagePart,
  warnings: Array<Warning.Warning>
): Effect.Effect<string, AiError.AiError> => {
  switch (part.type) {
    case "text":
      return Effect.succeed(part.text)
    case "reasoning":
      warnings.push({ about: "prompt", message: "reasoning of an earlier answer was left out" })
      return Effect.succeed("")
    case "file":
      return refuseFile(subject)
    case "tool-call":
    case "tool-result":
      return refuse(subject, "tools", "calls of tools in the history")
    case "tool-approval-request":
      // Between the program and its user: the model is told of the result alone.
      return Effect.succeed("")
  }
}

/** Parts of one message, each on a line of its own. */
const join = <Part>(
  parts: ReadonlyArray<Part>,
  encode: (part: Part) => Effect.Effect<string, AiError.AiError>
): Effect.Effect<string, AiError.AiError> =>
  Effect.map(Effect.forEach(parts, encode), (texts) => texts.filter((text) => text !== "").join("\n"))

const refuseFile = (subject: Capability.Subject) =>
  refuse(
    subject,
    "fileInput",
    "files in the prompt (upload them with `StackSpotFile`, and give their ids as `uploadIds`)"
  )

const refuse = (
  subject: Capability.Subject,
  capability: string,
  asked: string
): Effect.Effect<never, AiError.AiError> => Effect.fail(Capability.unsupportedPrompt(subject, capability, asked))
