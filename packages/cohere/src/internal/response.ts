/** Decode: a plain answer → parts. It is read as a stream that comes all at once. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import { decodeUsage } from "./finish.ts"
import type { DecodeContext } from "./state.ts"
import { decoder } from "./stream.ts"

/** A failure keeps what came with it. */
export const decodeAnswer = (context: DecodeContext, json: unknown): Array<Response.PartEncoded> | AiError.AiError => {
  const { halt, initial, step } = decoder(context)
  const [state, parts, error] = step(initial, { event: EventStream.bodyEvent, data: json })
  const collector = new PartCollector.Collector()
  collector.push(parts)
  const failure = error ?? halt(state)[1]
  if (failure === undefined) return [...collector.parts]
  const arrived = { parts: collector.parts, usage: decodeUsage(Json.record(json)["usage"]) }
  return parts.length === 0 ? failure : ProviderError.withPartial(context.origin, failure, arrived)
}
