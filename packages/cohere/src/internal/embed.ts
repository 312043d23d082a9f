/** One request for embeddings. */
import type * as Connection from "@llm-layers/core/Connection"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const path = "/v2/embed"

/** The most texts of a request. Source: https://docs.cohere.com/reference/embed */
export const inputLimit = 96

/** The settings that are a part of the request. */
export interface EmbedSettings {
  readonly inputType: string
  readonly dimensions?: number | undefined
  readonly truncate?: string | undefined
  readonly maxTokens?: number | undefined
  readonly priority?: number | undefined
  readonly extraBody?: { readonly [key: string]: unknown } | undefined
}

export interface Embedded {
  /** The vectors of a type, as they came. */
  readonly ofType: (type: string) => ReadonlyArray<unknown>
  readonly tokens: number | undefined
}

export const embed = (
  connection: Connection.Connection,
  origin: ProviderError.Origin,
  model: string,
  settings: EmbedSettings,
  texts: ReadonlyArray<string>,
  types: ReadonlyArray<string>
): Effect.Effect<Embedded, AiError.AiError> =>
  Effect.gen(function*() {
    const body = encodeRequest(model, settings, texts, types)
    const answer = Json.record((yield* connection.json({ origin, path, body })).json)
    const { embeddings, message, meta } = answer
    if (embeddings === undefined && typeof message === "string") {
      return yield* connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, answer)
    }
    const { billed_units, tokens } = Json.record(meta)
    return {
      // A list alone has floats, as in the first version of the API.
      ofType: (type) =>
        Json.list(Array.isArray(embeddings) && type === "float" ? embeddings : Json.record(embeddings)[type]),
      tokens: Usage.toCount(Json.record(tokens)["input_tokens"] ?? Json.record(billed_units)["input_tokens"])
    }
  })

const encodeRequest = (
  model: string,
  settings: EmbedSettings,
  texts: ReadonlyArray<string>,
  types: ReadonlyArray<string>
): Json.JsonRecord => ({
  model,
  texts,
  input_type: settings.inputType,
  embedding_types: types,
  ...(settings.dimensions === undefined ? undefined : { output_dimension: settings.dimensions }),
  ...(settings.truncate === undefined ? undefined : { truncate: settings.truncate }),
  ...(settings.maxTokens === undefined ? undefined : { max_tokens: settings.maxTokens }),
  ...(settings.priority === undefined ? undefined : { priority: settings.priority }),
  ...settings.extraBody
})
