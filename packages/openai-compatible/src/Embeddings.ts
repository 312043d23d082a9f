/**
 * Embeddings in OpenAI's dialect, for providers whose servers speak it: one request, and what every such server refuses.
 */
import type * as Connection from "@llm-layers/core/Connection"
import * as Embedding from "@llm-layers/core/Embedding"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const path = "/embeddings"

/**
 * Sends the body of a request for so many texts. Vectors may come as numbers or in base64, and in any order.
 *
 * @example
 * ```ts
 * import { Embeddings, OpenAiCompatibleClient } from "@llm-layers/openai-compatible"
 * import { Effect } from "effect"
 *
 * const origin = { provider: "acme", module: "AcmeEmbeddingModel", method: "embedMany" }
 *
 * export const red = Effect.flatMap(
 *   OpenAiCompatibleClient.OpenAiCompatibleClient,
 *   (connection) => Embeddings.request(connection, origin, { model: "small", input: ["red"] }, 1)
 * )
 * ```
 */
export const request = (
  connection: Connection.Connection,
  origin: ProviderError.Origin,
  body: Json.JsonRecord,
  count: number
): Effect.Effect<Embedding.Answer, AiError.AiError> =>
  Effect.gen(function*() {
    const { json } = yield* connection.json({ origin, path, body })
    const answer = Json.record(json)
    if (Json.isRecord(answer["error"])) {
      return yield* connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, answer)
    }
    const vectors = yield* Embedding.inOrder(origin, Json.list(answer["data"]).map(decodeItem), count)
    return { vectors, tokens: Usage.toCount(Json.record(answer["usage"])["prompt_tokens"]) }
  })

/** The error for a text without a character, for which these servers refuse the whole request. */
export const refuseEmpty =
  (origin: ProviderError.Origin, vendor: string) => (input: string, index: number): AiError.AiError | undefined =>
    input !== "" ? undefined : ProviderError.make(origin, "InvalidRequest", {
      description: `Input ${index} is empty; ${vendor} refuses the whole request for it`,
      parameter: "input"
    })

const decodeItem = (item: unknown) => {
  const { embedding, index } = Json.record(item)
  return {
    index: Json.number(index),
    vector: typeof embedding === "string" ? Embedding.decodeFloats(embedding) : Json.list(embedding)
  }
}
