/** From an entry of a script to whole parts, and from those to the parts of a stream. */
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** A part of a whole answer. */
export type Part = Exclude<Response.PartEncoded, Response.ReasoningDeltaPartEncoded | Response.ReasoningEndPartEncoded>

/** A tool call that gets its id when it is given out, unless it has one. */
export interface ToolCall extends Omit<Response.ToolCallPartEncoded, "id"> {
  readonly id?: string | undefined
}

interface Call {
  readonly id: string
  readonly model: string
  /** The texts of the prompt. */
  readonly prompt: ReadonlyArray<string>
  readonly toolCallId: () => string
}

/** The parts of an answer, with those added that a script need not write. */
export const whole = (answer: string | Part | ToolCall | ReadonlyArray<Part | ToolCall>, call: Call): Array<Part> => {
  const pieces = typeof answer === "string" ? [{ type: "text", text: answer } as const] : [answer].flat()
  const parts = pieces.map((piece): Part =>
    piece.type === "tool-call" ? { ...piece, id: piece.id ?? call.toolCallId() } : piece
  )
  if (!parts.some((part) => part.type === "response-metadata")) {
    parts.unshift({ type: "response-metadata", id: call.id, modelId: call.model })
  }
  if (!parts.some((part) => part.type === "finish")) parts.push(finish(parts, call))
  return parts
}

const finish = (parts: ReadonlyArray<Part>, call: Call): Part => ({
  type: "finish",
  reason: parts.some((part) => part.type === "tool-call" && part.providerExecuted !== true) ? "tool-calls" : "stop",
  usage: Usage.make({
    inputTotal: wordsOf(...call.prompt),
    outputTotal: wordsOf(...parts.map(written)),
    reasoning: wordsOf(...parts.map((part) => part.type === "reasoning" ? part.text : ""))
  })
})

/** What a model would have written for the part. */
const written = (part: Part): string => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text
    case "tool-call":
      return JSON.stringify(part.params)
    default:
      return ""
  }
}

const wordsOf = (...texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0)

/** A text as a model sends it: a word at a time, with the space before it. */
const deltas = (text: string): ReadonlyArray<string> => text.match(/\s*\S+|\s+$/g) ?? []

/** The same answer as a stream: start, deltas and end in place of whole texts, reasoning and tool arguments. */
export const toStream = (parts: ReadonlyArray<Part>): Array<Response.StreamPartEncoded> =>
  parts.flatMap((part, index): Array<Response.StreamPartEncoded> => {
    switch (part.type) {
      case "text":
      case "reasoning": {
        const id = `${part.type}-${index}`
        // Providers type the metadata of a part and of its end apart; both are JSON by provider.
        const metadata: Response.ProviderMetadata = part.metadata ?? {}
        return [
          { type: `${part.type}-start`, id },
          ...deltas(part.text).map((delta) => ({ type: `${part.type}-delta`, id, delta } as const)),
          { type: `${part.type}-end`, id, metadata }
        ]
      }
      case "tool-call":
        return [
          {
            type: "tool-params-start",
            id: part.id,
            name: part.name,
            ...(part.providerExecuted === undefined ? undefined : { providerExecuted: part.providerExecuted })
          },
          ...deltas(written(part)).map((delta) => ({ type: "tool-params-delta", id: part.id, delta } as const)),
          { type: "tool-params-end", id: part.id },
          part
        ]
      default:
        return [part]
    }
  })
