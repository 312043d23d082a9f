/** Decode: a plain answer → parts. It is read as a stream of one event. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import { type DecodeContext, decoder } from "./stream.ts"

export const decodeAnswer = (context: DecodeContext, json: unknown): Array<Response.PartEncoded> | AiError.AiError => {
  const { halt, initial, step } = decoder(context)
  const [state, parts, error] = step(initial, { event: EventStream.bodyEvent, data: json })
  const failure = error ?? halt(state)[1]
  if (failure !== undefined) return failure
  const collector = new PartCollector.Collector()
  collector.push(parts)
  return [...collector.parts]
}
