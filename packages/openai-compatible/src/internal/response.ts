/** Decodes a whole answer: the decoder of streams, given one chunk. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import { initial, type Reading } from "./draft.ts"
import { decoder } from "./stream.ts"

/** The parts of an answer. `json` says that structured output was asked for. */
export const decodeResponse = (
  reading: Reading,
  body: unknown,
  json: boolean
): Effect.Effect<Array<Response.PartEncoded>, AiError.AiError> => {
  const { halt, step } = decoder(reading)
  const [state, parts, failure] = step(initial, { event: EventStream.bodyEvent, data: body })
  if (failure !== undefined) return Effect.fail(failure)
  const [last, missing] = halt(state)
  if (missing !== undefined) return Effect.fail(missing)
  const collector = new PartCollector.Collector()
  collector.push(parts)
  collector.push(last)
  return Effect.succeed(json ? withoutFence(collector.parts) : [...collector.parts])
}

/** Models that are not held to the schema put JSON between fences. */
const withoutFence = (parts: ReadonlyArray<Response.PartEncoded>): Array<Response.PartEncoded> =>
  parts.map((part) => {
    if (part.type !== "text") return part
    const [, inside] = /^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$/is.exec(part.text) ?? []
    return inside === undefined ? part : { ...part, text: inside }
  })
