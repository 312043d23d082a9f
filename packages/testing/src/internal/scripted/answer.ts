/** From an answer of a script to what happens in a stream, and from that to the whole parts of a plain answer. */
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as Usage from "@llm-layers/core/Usage"
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Duration from "effect/Duration"
import { type Cut, cutWith, type Moment, type StreamPart } from "./delivery.ts"

/** A part of a whole answer. */
export type Part = Exclude<Response.PartEncoded, Response.ReasoningDeltaPartEncoded | Response.ReasoningEndPartEncoded>

/** A tool call that gets its id when it is given out, unless it has one. */
export interface ToolCall extends Omit<Response.ToolCallPartEncoded, "id"> {
  readonly id?: string | undefined
}

/**
 * A piece of an answer.
 *
 * - A string is a delta of a text. Strings that follow each other, pauses between them or not, are one text.
 * - A part, or a tool call, is a whole one; a stream has start, deltas and end in its place.
 * - A part of a stream comes as it is; a plain answer has whole parts in its place.
 * - A `Duration` is a pause.
 * - An error, which can only be last, is how the answer fails. It breaks a stream off inside the piece before it, whose
 *   end does not come; a tool call there is not given out. A plain answer fails with nothing come.
 */
export type Piece = string | Part | ToolCall | StreamPart | Duration.Duration | AiError.AiError

/**
 * One answer: a text, a part, a failure, or several pieces. What is left out is added: ids of tool calls, the response's
 * metadata, and a `finish` with reason `tool-calls` where a tool was called, else `stop`.
 */
export type Answer = string | Part | ToolCall | AiError.AiError | ReadonlyArray<Piece>

interface Call {
  readonly id: string
  readonly model: string
  /** The texts of the prompt. */
  readonly prompt: ReadonlyArray<string>
  readonly toolCallId: () => string
}

/** The moments of an answer, with those added that a script need not write. */
export const momentsOf = (answer: Answer, call: Call, cut: Cut | undefined): ReadonlyArray<Moment> => {
  if (AiError.isAiError(answer)) return [answer]
  const pieces = typeof answer === "string" ? [{ type: "text", text: answer } as const] : [answer].flat()
  const moments = started(pieces, call, cut)
  if (AiError.isAiError(moments.at(-1))) return moments
  const parts = whole(moments)
  return parts.some((part) => part.type === "finish") ? moments : [...moments, finish(parts, call)]
}

const started = (pieces: ReadonlyArray<Piece>, call: Call, cut: Cut | undefined): Array<Moment> => {
  const ownCalls = new Set(pieces.flatMap((one) => isPart(one) && one.type === "tool-params-start" ? [one.id] : []))
  const moments: Array<Moment> = []
  let text: string | undefined
  const end = () => {
    if (text !== undefined) moments.push({ type: "text-end", id: text })
    text = undefined
  }
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece === "string") {
      if (text === undefined) moments.push({ type: "text-start", id: text = `text-${index}` })
      if (piece !== "") moments.push({ type: "text-delta", id: text, delta: piece })
    } else if (Duration.isDuration(piece)) {
      moments.push(piece)
    } else if (AiError.isAiError(piece)) {
      if (index < pieces.length - 1) throw new Error("A script has pieces after the failure of an answer")
      text = undefined
      moments.push(piece)
    } else {
      end()
      const part = piece.type === "tool-call" ? { ...piece, id: piece.id ?? call.toolCallId() } : piece
      if (part.type === "tool-call" && ownCalls.has(part.id)) moments.push(part)
      else moments.push(...streamed(part, `${part.type}-${index}`, cut, isBroken(pieces, index)))
    }
  }
  end()
  return withMetadata(moments, call)
}

const isPart = <One extends Piece>(one: One): one is Exclude<One, string | Duration.Duration | AiError.AiError> =>
  typeof one !== "string" && !Duration.isDuration(one) && !AiError.isAiError(one)

/** Whether the answer fails inside this piece. */
const isBroken = (pieces: ReadonlyArray<Piece>, index: number): boolean =>
  AiError.isAiError(pieces.slice(index + 1).find((one) => !Duration.isDuration(one)))

/** Start, deltas and end in place of a whole text, reasoning or tool call; no end where the answer fails inside it. */
const streamed = (
  part: Part | StreamPart,
  id: string,
  cut: Cut | undefined,
  broken: boolean
): ReadonlyArray<StreamPart> => {
  switch (part.type) {
    case "text":
    case "reasoning": {
      const { type } = part
      // Providers type the metadata of a part and of its end apart; both are JSON by provider.
      const metadata: Response.ProviderMetadata = part.metadata ?? {}
      return [
        { type: `${type}-start`, id },
        ...cutWith(cut, part.text, type).map((delta) => ({ type: `${type}-delta`, id, delta } as const)),
        ...(broken ? [] : [{ type: `${type}-end`, id, metadata } as const])
      ]
    }
    case "tool-call": {
      const { id, name, providerExecuted } = part
      return [
        { type: "tool-params-start", id, name, ...(providerExecuted === undefined ? undefined : { providerExecuted }) },
        ...cutWith(cut, JSON.stringify(part.params), "tool-params")
          .map((delta) => ({ type: "tool-params-delta", id, delta } as const)),
        ...(broken ? [] : [{ type: "tool-params-end", id } as const, part])
      ]
    }
    default:
      return [part]
  }
}

/** Before the first part, unless the script has it or fails before any part. */
const withMetadata = (moments: Array<Moment>, { id, model }: Call): Array<Moment> => {
  const first = moments.findIndex(isPart)
  const has = moments.some((one) => isPart(one) && one.type === "response-metadata")
  if (has || (first < 0 && moments.some(AiError.isAiError))) return moments
  return moments.toSpliced(Math.max(first, 0), 0, { type: "response-metadata", id, modelId: model })
}

/** The parts in the form a plain answer has them; of text, reasoning and tool calls, what is whole or was begun. */
export const whole = (moments: ReadonlyArray<Moment>): Array<Response.PartEncoded> => {
  const collector = new PartCollector.Collector()
  for (const one of moments) {
    if (isPart(one)) collector.push([one])
  }
  return [...collector.parts]
}

const finish = (parts: ReadonlyArray<Response.PartEncoded>, call: Call): StreamPart => ({
  type: "finish",
  reason: parts.some((part) => part.type === "tool-call" && part.providerExecuted !== true) ? "tool-calls" : "stop",
  usage: Usage.make({
    inputTotal: wordsOf(...call.prompt),
    outputTotal: wordsOf(...parts.map(written)),
    reasoning: wordsOf(...parts.map((part) => part.type === "reasoning" ? part.text : ""))
  })
})

/** What a model would have written for the part. */
const written = (part: Response.PartEncoded): string => {
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

/** The number of words, which is what a scripted model counts as tokens. */
export const wordsOf = (...texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0)
