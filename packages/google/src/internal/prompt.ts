/** Encode: Prompt → system instruction and contents. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { takesSystemInstruction, wantsSignatures } from "../GoogleCapabilities.ts"
import { encodeAssistantPart, encodeHosted } from "./assistantParts.ts"
import type { Part, PromptContext } from "./promptContext.ts"
import { encodeToolResult, encodeUserPart } from "./userParts.ts"

/** One turn. */
export interface Content {
  readonly role: "user" | "model"
  readonly parts: Array<Part>
}

/** What a prompt is on the wire. */
export interface EncodedPrompt {
  readonly systemInstruction?: { readonly parts: ReadonlyArray<Part> }
  readonly contents: ReadonlyArray<Content>
}

/** All messages of one side in a row. */
type Turn = UserTurn | ModelTurn

interface UserTurn {
  readonly role: "user"
  /** The API wants results of tools right after their calls, and nothing else among them. */
  readonly results: Array<Part>
  readonly parts: Array<Part>
}

interface ModelTurn {
  readonly role: "model"
  readonly parts: Array<Part>
}

export const encodePrompt = Effect.fnUntraced(function*(context: PromptContext, prompt: Prompt.Prompt) {
  const system: Array<Part> = []
  const turns: Array<Turn> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        // Later ones follow the first: the API has one place for them.
        if (message.content !== "") system.push({ text: message.content })
        break
      case "user":
        yield* encodeUser(context, message, turns)
        break
      case "assistant":
        yield* encodeAssistant(context, message, turns)
        break
      case "tool":
        yield* encodeTool(context, message, turns)
        break
    }
  }
  if (system.length > 0 && !takesSystemInstruction(context.subject.model)) {
    firstUserTurn(turns).parts.unshift(...system.splice(0))
  }
  const contents = encodeTurns(context, turns)
  if (contents.length === 0 && prompt.content.length === 0) {
    return yield* ProviderError.make(context.subject.origin, "InvalidRequest", {
      description: "The prompt is empty; Google's API wants a message",
      parameter: "prompt"
    })
  }
  const encoded: EncodedPrompt = {
    ...(system.length === 0 ? undefined : { systemInstruction: { parts: system } }),
    contents: contents.length === 0 ? [nothing] : contents
  }
  return encoded
})

/** What goes with system messages alone: the API wants a content, and takes one that says nothing. */
const nothing: Content = { role: "user", parts: [{ text: "" }] }

const encodeUser = Effect.fnUntraced(
  function*(context: PromptContext, message: Prompt.UserMessage, turns: Array<Turn>) {
    const parts: Array<Part> = []
    for (const part of message.content) parts.push(...yield* encodeUserPart(context, part))
    if (parts.length > 0) userTurn(turns).parts.push(...parts)
  }
)

const encodeAssistant = Effect.fnUntraced(
  function*(context: PromptContext, message: Prompt.AssistantMessage, turns: Array<Turn>) {
    const parts: Array<Part> = []
    const results: Array<Prompt.ToolResultPart> = []
    for (const part of message.content) {
      if (part.type !== "tool-result") parts.push(...yield* encodeAssistantPart(context, part))
      else if (part.providerExecuted) parts.push(...encodeHosted(context, part))
      else results.push(part)
    }
    if (parts.length > 0) modelTurn(turns).parts.push(...parts)
    yield* encodeResults(context, results, turns)
  }
)

const encodeTool = Effect.fnUntraced(
  function*(context: PromptContext, message: Prompt.ToolMessage, turns: Array<Turn>) {
    const results: Array<Prompt.ToolResultPart> = []
    for (const part of message.content) {
      if (part.type === "tool-approval-response") continue
      if (part.providerExecuted) modelTurn(turns).parts.push(...encodeHosted(context, part))
      else results.push(part)
    }
    yield* encodeResults(context, results, turns)
  }
)

const encodeResults = Effect.fnUntraced(
  function*(context: PromptContext, results: ReadonlyArray<Prompt.ToolResultPart>, turns: Array<Turn>) {
    for (const result of results) {
      const { after, response } = yield* encodeToolResult(context, result)
      const turn = userTurn(turns)
      turn.results.push(response)
      turn.parts.push(...after)
    }
  }
)

const userTurn = (turns: Array<Turn>): UserTurn => {
  const last = turns.at(-1)
  if (last?.role === "user") return last
  const next: UserTurn = { role: "user", results: [], parts: [] }
  turns.push(next)
  return next
}

/** The turn an answer of the model's never comes before. */
const firstUserTurn = (turns: Array<Turn>): UserTurn => {
  const [first] = turns
  if (first?.role === "user") return first
  const next: UserTurn = { role: "user", results: [], parts: [] }
  turns.unshift(next)
  return next
}

const modelTurn = (turns: Array<Turn>): ModelTurn => {
  const last = turns.at(-1)
  if (last?.role === "model") return last
  const next: ModelTurn = { role: "model", parts: [] }
  turns.push(next)
  return next
}

const encodeTurns = (context: PromptContext, turns: ReadonlyArray<Turn>): ReadonlyArray<Content> => {
  const contents: Array<Content> = []
  for (const turn of turns) {
    if (turn.role === "model") {
      if (turn.parts.length > 0) contents.push({ role: "model", parts: signed(context, turn.parts) })
      continue
    }
    if (turn.results.length > 0) contents.push({ role: "user", parts: turn.results })
    if (turn.parts.length > 0) contents.push({ role: "user", parts: turn.parts })
  }
  return contents
}

/**
 * Gemini 3 refuses a step whose first call has no signature. A history that another model began has none: for it the
 * documentation names this one, which is not checked. Source: ai.google.dev/gemini-api/docs/thought-signatures
 */
const unchecked = "skip_thought_signature_validator"

const signed = (context: PromptContext, parts: Array<Part>): Array<Part> => {
  if (!wantsSignatures(context.subject.model)) return parts
  const first = parts.findIndex((part) => "functionCall" in part)
  return parts.map((part, index) => index === first ? { thoughtSignature: unchecked, ...part } : part)
}
