/** Decode: a plain answer → parts. It is read as a stream whose chunks are there at once. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import type { DecodeContext } from "./state.ts"
import { decoder } from "./stream.ts"

/** Some servers answer with the list of chunks that a stream without `alt=sse` is. A failure keeps what came before it. */
export const decodeAnswer = (context: DecodeContext, json: unknown): Array<Response.PartEncoded> | AiError.AiError => {
  const { halt, initial, step } = decoder(context)
  const collector = new PartCollector.Collector()
  const chunks: ReadonlyArray<unknown> = Array.isArray(json) ? json : [json]
  let state = { ...initial, pieces: chunks.length > 1 }
  for (const data of chunks) {
    const [next, parts, error] = step(state, { event: EventStream.bodyEvent, data })
    collector.push(parts)
    if (error !== undefined) return collector.keptBy(error)
    state = next
  }
  const [parts, error] = halt(state)
  collector.push(parts)
  return error === undefined ? [...collector.parts] : collector.keptBy(error)
}
