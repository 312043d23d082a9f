/**
 * Tokens of Cohere's models, by the API: each call is a request.
 *
 * A request takes 65,536 characters at most. What the chat API puts around a prompt is not counted, and neither are images.
 */
import type * as Connection from "@llm-layers/core/Connection"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Tokenizer from "effect/ai/Tokenizer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CohereClient } from "./CohereClient.ts"

/** The tokens of a text. */
export interface Tokens {
  readonly tokens: ReadonlyArray<number>
  /** The piece of text of each. */
  readonly strings: ReadonlyArray<string>
}

/**
 * The tokens of a text for a model. A text without characters has none, and nothing is sent.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereTokenizer from "@llm-layers/cohere/CohereTokenizer"
 * import { Effect } from "effect"
 *
 * export const program = CohereTokenizer.tokenize("command-a-03-2025", "How many tokens is this?").pipe(
 *   Effect.map(({ tokens }) => tokens.length),
 *   Effect.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const tokenize = (model: string, text: string): Effect.Effect<Tokens, AiError.AiError, CohereClient> =>
  Effect.flatMap(CohereClient, (connection) => tokenizeWith(connection, model, text))

/**
 * The text of tokens.
 *
 * @example
 * ```ts
 * import * as CohereTokenizer from "@llm-layers/cohere/CohereTokenizer"
 *
 * export const program = CohereTokenizer.detokenize("command-a-03-2025", [8466, 5169, 2594, 8, 2792, 43])
 * ```
 */
export const detokenize = (
  model: string,
  tokens: ReadonlyArray<number>
): Effect.Effect<string, AiError.AiError, CohereClient> =>
  Effect.gen(function*() {
    if (tokens.length === 0) return ""
    const connection = yield* CohereClient
    const { json } = yield* connection.json({
      origin: at("detokenize"),
      path: "/v1/detokenize",
      body: { model, tokens }
    })
    const text = Json.string(Json.record(json)["text"])
    return text ?? (yield* invalid("detokenize", "The answer has no text"))
  })

/**
 * A `Tokenizer` of `effect/ai` for a model. It counts what messages say: texts, reasoning, calls and results as JSON, files
 * not at all. `truncate` asks once a message that stays: for long histories, count with another tokenizer.
 */
export const make = (model: string): Effect.Effect<Tokenizer.Service, never, CohereClient> =>
  Effect.map(CohereClient, (connection) =>
    Tokenizer.make({
      tokenize: (prompt) => Effect.map(tokenizeWith(connection, model, textOf(prompt)), ({ tokens }) => [...tokens])
    }))

/**
 * {@link make} as a Layer.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereTokenizer from "@llm-layers/cohere/CohereTokenizer"
 * import { Layer } from "effect"
 *
 * export const layer = CohereTokenizer.layer("command-a-03-2025").pipe(Layer.provide(CohereClient.layerConfig()))
 * ```
 */
export const layer = (model: string): Layer.Layer<Tokenizer.Tokenizer, never, CohereClient> =>
  Layer.effect(Tokenizer.Tokenizer, make(model))

const at = (method: string): ProviderError.Origin => ({ provider: "cohere", module: "CohereTokenizer", method })

const invalid = (method: string, description: string): AiError.AiError =>
  ProviderError.make(at(method), "InvalidResponse", { description })

/** Source: https://docs.cohere.com/reference/tokenize */
const longest = 65_536

const tokenizeWith = (
  connection: Connection.Connection,
  model: string,
  text: string
): Effect.Effect<Tokens, AiError.AiError> =>
  Effect.gen(function*() {
    if (text === "") return { tokens: [], strings: [] }
    const origin = at("tokenize")
    if (text.length > longest) {
      return yield* ProviderError.make(origin, "Unsupported", {
        description: `The text has ${text.length} characters; Cohere's API takes ${longest} of them in a request`,
        parameter: "text"
      })
    }
    const answer = Json.record((yield* connection.json({ origin, path: "/v1/tokenize", body: { model, text } })).json)
    const tokens = Json.list(answer["tokens"]).filter((token) => typeof token === "number")
    if (tokens.length === 0 || tokens.length !== Json.list(answer["tokens"]).length) {
      return yield* invalid("tokenize", "The answer is no list of tokens")
    }
    return { tokens, strings: Json.list(answer["token_strings"]).map(String) }
  })

const textOf = (prompt: Prompt.Prompt): string => prompt.content.flatMap(textsOf).join("\n")

const textsOf = (message: Prompt.Message): ReadonlyArray<string> =>
  typeof message.content === "string" ? [message.content] : message.content.flatMap((part) => {
    switch (part.type) {
      case "text":
      case "reasoning":
        return [part.text]
      case "tool-call":
        return [`${part.name} ${JSON.stringify(part.params ?? {})}`]
      case "tool-result":
        return [typeof part.result === "string" ? part.result : JSON.stringify(part.result ?? null)]
      default:
        return []
    }
  })
