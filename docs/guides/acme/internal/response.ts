/** Decode: a plain answer → parts; and the first and the last part of any answer. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"

/** What decoding needs to know of the request. */
export interface Context {
  readonly origin: ProviderError.Origin
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** The error for an `oops` in an answer with a good status. */
  readonly oops: (body: unknown) => AiError.AiError
}

export const decodeResponse = (
  context: Context,
  answer: Json.JsonRecord,
  say: ReadonlyArray<unknown>
): Array<Response.PartEncoded> => {
  const parts: Array<Response.PartEncoded> = []
  const unknown: Array<unknown> = []
  for (const said of say) {
    const part = decodeSaid(Json.record(said))
    if (part === undefined) unknown.push(said)
    else parts.push(part)
  }
  return [decodeBegin(context, answer), ...parts, decodeEnd(answer, unknown)]
}

const decodeSaid = (said: Json.JsonRecord): Response.PartEncoded | undefined => {
  const text = Json.string(said["text"])
  if (text !== undefined) return { type: "text", text }
  const thought = Json.string(said["thought"])
  if (thought !== undefined) {
    return { type: "reasoning", text: thought, metadata: Metadata.make("acme", { seal: said["seal"] }) }
  }
  const [id, name] = [Json.string(said["call"]), Json.string(said["tool"])]
  return id === undefined || name === undefined
    ? undefined
    : { type: "tool-call", id, name, params: said["args"] ?? {} }
}

export const decodeBegin = (context: Context, begin: Json.JsonRecord): Response.ResponseMetadataPartEncoded => {
  const [id, modelId] = [Json.string(begin["answer"]), Json.string(begin["model"])]
  return {
    type: "response-metadata",
    ...(id === undefined ? undefined : { id }),
    ...(modelId === undefined ? undefined : { modelId }),
    metadata: Warning.metadata(context.warnings)
  }
}

/** `unknown` is what no part was made of: it fails nothing, and is not lost. */
export const decodeEnd = (
  end: Json.JsonRecord,
  unknown: ReadonlyArray<unknown>
): Response.FinishPartEncoded => {
  const cost = Json.record(end["cost"])
  return {
    type: "finish",
    reason: decodeReason(end["why"]),
    usage: Usage.make({
      inputTotal: cost["in"],
      cacheRead: cost["cached"],
      outputTotal: cost["out"],
      reasoning: cost["thought"]
    }),
    metadata: Metadata.make("acme", { why: end["why"], unknown: unknown.length === 0 ? undefined : unknown })
  }
}

const decodeReason = (why: unknown): Response.FinishReason => {
  switch (why) {
    case "done":
      return "stop"
    case "limit":
      return "length"
    case "call":
      return "tool-calls"
    case "refused":
      return "content-filter"
    default:
      return typeof why === "string" ? "other" : "unknown"
  }
}
