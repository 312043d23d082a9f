/** A plain answer as parts. */
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import type * as Tool from "effect/ai/Tool"
import { decodeBegin, decodeFinish } from "./finish.ts"
import { decodeItem } from "./output.ts"
import { nothing, type Summary } from "./placed.ts"

/** What decoding an answer needs to know of its request. */
export interface Context {
  readonly origin: ProviderError.Origin
  readonly tools: ReadonlyArray<Tool.Any>
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** The error for an error inside an answer with a good status. */
  readonly fail: (body: unknown) => AiError.AiError
}

/** Whether a value is a response, as far as can be told without holding the vendor to every field. */
export const isResponse = (value: unknown): value is Json.JsonRecord =>
  Json.isRecord(value) &&
  (Array.isArray(value["output"]) || value["object"] === "response" || "incomplete_details" in value)

/** Whether a response says that it failed. */
export const isFailed = (response: Json.JsonRecord): boolean =>
  response["status"] === "failed" || (!isResponse(response) && Json.isRecord(response["error"]))

/** The parts, or the error the answer is. */
export const decodeResponse = (context: Context, json: unknown): Array<Response.PartEncoded> | AiError.AiError => {
  const response = Json.record(json)
  if (isFailed(response)) return context.fail(json)
  if (!isResponse(json)) return notAResponse(context.origin, json)
  const parts: Array<Response.PartEncoded> = [decodeBegin(response, context.warnings)]
  let summary: Summary = nothing
  for (const item of Json.list(response["output"])) {
    const [placed, next] = decodeItem(context.tools, Json.record(item), summary)
    summary = next
    for (const { part } of placed) parts.push(part)
  }
  parts.push(decodeFinish(response, summary))
  return parts
}

/** The error for JSON that is no response. */
export const notAResponse = (origin: ProviderError.Origin, json: unknown): AiError.AiError =>
  ProviderError.make(origin, "InvalidResponse", {
    description: `The answer is JSON but no response of the Responses API; its members are: ${
      Object.keys(Json.record(json)).slice(0, 20).join(", ")
    }`
  })
