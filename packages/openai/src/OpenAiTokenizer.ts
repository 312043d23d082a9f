/**
 * Tokens of OpenAI's models without a request: with their vocabularies, which `gpt-tokenizer` has. A vocabulary is loaded
 * when it is first needed, which takes about half a second.
 *
 * What OpenAI makes of a request is not published: the frame of a message is the cookbook's, that of a tool was found by
 * others. `npm run counts` measures both against recorded counts.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as PromptTrim from "@llm-layers/core/PromptTrim"
import type * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import * as Tokenizer from "effect/ai/Tokenizer"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Framing from "./internal/framing.ts"
import { namespace } from "./internal/namespace.ts"
import * as Vocabulary from "./internal/vocabulary.ts"

/** A vocabulary, and whether the model is known to have it. */
export interface Encoding {
  readonly name: Vocabulary.Name
  readonly known: boolean
}

const newer = /^(?:ft:)?(?:gpt-(?:4o|4\.1|4\.5|5|audio|realtime)|o\d|chatgpt-4o|codex-|computer-use-)/
const older = /^(?:ft:)?(?:gpt-(?:4|3\.5)(?:-|$)|text-embedding-)/

/**
 * The vocabulary of a model. One that is not known is taken to have the newest.
 *
 * Source: https://github.com/openai/tiktoken/blob/main/tiktoken/model.py
 *
 * @example
 * ```ts
 * import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(OpenAiTokenizer.encodingOf("gpt-4-0613"), { name: "cl100k_base", known: true })
 * deepStrictEqual(OpenAiTokenizer.encodingOf("someones-model"), { name: "o200k_base", known: false })
 * ```
 */
export const encodingOf = (model: string): Encoding =>
  newer.test(model)
    ? { name: "o200k_base", known: true }
    : older.test(model)
    ? { name: "cl100k_base", known: true }
    : { name: "o200k_base", known: false }

const originOf = (method: string): ProviderError.Origin => ({ provider: namespace, module: "OpenAiTokenizer", method })

/**
 * The tokens of a text. A mark such as `<|endoftext|>` in it is text. Fails with `Unsupported` where the vocabulary cannot
 * be loaded.
 *
 * @example
 * ```ts
 * import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(await Effect.runPromise(OpenAiTokenizer.countText("gpt-5.1", "The quick brown fox")), 4)
 * ```
 */
export const countText = (model: string, text: string): Effect.Effect<number, AiError.AiError> =>
  Effect.map(Vocabulary.load(encodingOf(model).name, originOf("countText")), ({ count }) => count(text))

/** Models that reason count one token fewer, in all of the recordings. */
const reasons = /^(?:ft:)?(?:o\d|gpt-5)(?!.*chat)/

/**
 * By how much a count may be off, in tokens. Of `npm run counts` on 2026-11-27, OpenAI and OpenRouter together: messages of
 * text alone were exact in 26 of 27 requests (the other was of a model that searches); of 32 with tools, 30 were within 16
 * and a tenth.
 */
const boundOf = (tokens: number, request: { readonly tools: boolean; readonly known: boolean }): number =>
  1 + (request.tools ? 15 + Math.ceil(tokens / 10) : 0) + (request.known ? 0 : Math.ceil(tokens / 3))

/**
 * The tokens of a request, about: see the bound. `undefined` where it has files or tools of OpenAI's, whose tokens only
 * OpenAI knows: `OpenAiLanguageModel.countTokens` asks there.
 *
 * @example
 * ```ts
 * import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const count = await Effect.runPromise(OpenAiTokenizer.count("gpt-4o", { prompt: "Say hello" }))
 * deepStrictEqual(count, { tokens: 9, method: "o200k_base", errorBound: 1 })
 * ```
 */
export const count = (
  model: string,
  request: Provider.CountRequest
): Effect.Effect<Provider.LocalCount | undefined, AiError.AiError> =>
  Effect.gen(function*() {
    const messages = Prompt.make(request.prompt).content
    const toolChoice = request.toolChoice ?? "auto"
    const tools = Capability.offeredTools({ tools: request.tools ?? [], toolChoice })
    if (tools.some(Tool.isProviderDefined) || messages.some(hasFile)) return undefined
    const { known, name } = encodingOf(model)
    const vocabulary = yield* Vocabulary.load(name, originOf("count"))
    const tokens = Framing.tokensOf({ messages, tools, toolChoice }, vocabulary) - (reasons.test(model) ? 1 : 0)
    const called = messages.some(({ role }) => role === "tool")
    const reasoning = vocabulary.count(messages.flatMap(reasoningOf).join("\n"))
    const errorBound = boundOf(tokens, { tools: tools.length > 0 || called, known }) + reasoning
    return { tokens, method: name, errorBound }
  })

const hasFile = (message: Prompt.Message): boolean =>
  message.role !== "system" && message.content.some((part: Prompt.Part) =>
    part.type === "file" ||
    (part.type === "tool-result" && part.modelOutput?.some((output) => output.type === "file") === true)
  )

/** Whether OpenAI counts reasoning that is given back depends on the turn. */
const reasoningOf = (message: Prompt.Message): ReadonlyArray<string> =>
  message.role === "assistant" ? message.content.flatMap((part) => part.type === "reasoning" ? [part.text] : []) : []

/**
 * `Tokenizer` of `effect/ai` for a model. The tokens are those of the texts, without the frames of messages; `truncate` counts
 * the frames, leaves the oldest messages out as `PromptTrim` does, and fails with `ContextOverflow` where that is not enough.
 *
 * @example
 * ```ts
 * import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
 * import { Effect } from "effect"
 * import { Tokenizer } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const tokens = await Effect.gen(function*() {
 *   const tokenizer = yield* Tokenizer.Tokenizer
 *   return yield* tokenizer.tokenize("The quick brown fox")
 * }).pipe(Effect.provide(OpenAiTokenizer.layer("gpt-5.1")), Effect.runPromise)
 * strictEqual(tokens.length, 4)
 * ```
 */
export const layer = (model: string): Layer.Layer<Tokenizer.Tokenizer> =>
  Layer.succeed(Tokenizer.Tokenizer, {
    tokenize: (input) =>
      Effect.map(Vocabulary.load(encodingOf(model).name, originOf("tokenize")), ({ encode }) =>
        Prompt.make(input).content.flatMap((message) => textsOf(message).flatMap(encode))),
    truncate: (input, tokens) =>
      Effect.flatMap(Vocabulary.load(encodingOf(model).name, originOf("truncate")), (vocabulary) =>
        truncate(Prompt.make(input), tokens, vocabulary))
  })

const textsOf = (message: Prompt.Message): ReadonlyArray<string> =>
  Framing.encodeMessage(message).flatMap(({ content, function_call }) => [
    content,
    function_call?.name ?? "",
    function_call?.arguments ?? ""
  ])

const truncate = (
  prompt: Prompt.Prompt,
  limit: number,
  vocabulary: Vocabulary.Vocabulary
): Effect.Effect<Prompt.Prompt, AiError.AiError> => {
  const framed = (messages: ReadonlyArray<Prompt.Message>) =>
    Framing.tokensOf({ messages, tools: [], toolChoice: "auto" }, vocabulary)
  const empty = framed([])
  const tokens = framed(prompt.content)
  if (tokens <= limit) return Effect.succeed(prompt)
  const trimmed = PromptTrim.trim(prompt, tokens - limit, (message) => framed([message]) - empty)
  return trimmed === undefined
    ? Effect.fail(ProviderError.make(originOf("truncate"), "ContextOverflow", {
      description: `The prompt has ${tokens} tokens, and what cannot be left out of it has more than ${limit}`,
      parameter: "prompt",
      facts: { tokens, limit }
    }))
    : Effect.succeed(trimmed.prompt)
}
