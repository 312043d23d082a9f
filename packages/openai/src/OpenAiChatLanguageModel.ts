/**
 * OpenAI's language models through Chat Completions.
 *
 * For audio in and out, stop sequences, seeds, penalties and several answers at once, which the Responses API does not
 * have. For all else `OpenAiLanguageModel` is the better choice: OpenAI's hosted tools, reasoning that goes on from turn
 * to turn, and tools together with reasoning on the newest models are there alone.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as Json from "@llm-layers/core/Json"
import * as Settings from "@llm-layers/core/Settings"
import * as ChatCompletions from "@llm-layers/openai-compatible/ChatCompletions"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Shared from "openai/resources/shared"
import * as OpenAiCapabilities from "./OpenAiCapabilities.ts"
import { OpenAiClient } from "./OpenAiClient.ts"
// oxlint-disable-next-line import/no-unassigned-import -- it types the metadata of this module's answers, also in its declarations
import "./OpenAiMetadata.ts"

/** Models of Chat Completions. Newer ones are taken as well. */
export type ModelId = Shared.ChatModel | (string & {})

/**
 * Settings. `topK` is not one of OpenAI's and is a typed error before the network.
 *
 * `strictTools` is on by default for tools whose schema allows it, off for dynamic tools.
 *
 * Source: https://developers.openai.com/api/reference/resources/chat/subresources/completions/methods/create
 */
export interface Config extends ChatCompletions.Settings {}

const modelPages = "https://developers.openai.com/api/docs/models"

/** What models that do not take `temperature` do not take either. */
const penalties = { presencePenalty: false, frequencyPenalty: false } as const

/**
 * What the models can do through Chat Completions: the rows of `OpenAiCapabilities`, and where this API is another one.
 */
export const table: Capability.Table = {
  provider: { videoInput: false, topK: false, reasoningBudget: false },
  rows: [
    {
      models: "gpt-audio, gpt-4o-audio-preview",
      match: /^gpt-(?:.*-)?audio/,
      source: modelPages,
      flags: { reasoning: false, reasoningOff: false, imageInput: false, pdfInput: false, structuredOutput: false }
    },
    {
      models: "gpt-4o-search-preview, gpt-5-search-api",
      match: /^gpt-.*-search/,
      source: modelPages,
      flags: { ...penalties, temperature: false, topP: false, stopSequences: false, seed: false, audioInput: false }
    },
    ...OpenAiCapabilities.table.rows.map((row): Capability.Row => ({
      ...row,
      flags: {
        ...row.flags,
        ...(row.flags.temperature === false ? penalties : undefined),
        // The API reference, `stop`: not supported with o3 and o4-mini.
        ...(/\bo3, o4\b|^o3-mini$/.test(row.models) ? { stopSequences: false } : undefined),
        audioInput: false
      }
    }))
  ]
}

/** What a model can do. */
export const capabilities = (model: ModelId): Capability.Capabilities => Capability.lookup(table, model)

/** How OpenAI itself speaks the dialect. */
const quirks: Partial<ChatCompletions.Quirks> = {
  // The reasoning models refuse `max_tokens`.
  maxTokensField: "max_completion_tokens",
  strictTools: true,
  emptyContent: null,
  refusalParts: true,
  fileIds: /^file[-_][A-Za-z0-9]+$/,
  // Guide "File inputs": PDF alone, as bytes or by id.
  anyFile: false,
  // A longer id is refused with `string_above_max_length`.
  toolCallIds: { pattern: /^.{1,40}$/s, length: 14 }
}

const override = Settings.override<Config>("@llm-layers/openai/OpenAiChatLanguageModel")

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Name three colours." }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(OpenAiChatLanguageModel.model("gpt-4.1", { seed: 7, stopSequences: ["\n\n"] })),
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"openai", LanguageModel.LanguageModel, OpenAiClient | R> =>
  Model.make("openai", name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (name: ModelId, options: Config = {}): Effect.Effect<Driver.Driver, never, OpenAiClient> =>
  Effect.map(OpenAiClient, (connection) =>
    ChatCompletions.driver({
      provider: "openai",
      module: "OpenAiChatLanguageModel",
      connection,
      model: name,
      capabilities: capabilities(name),
      settings: options,
      override,
      quirks,
      encodeProviderTool
    }))

/** Free-form tools are the only ones of OpenAI's own that this API has. */
const encodeProviderTool: ChatCompletions.EncodeProviderTool = (tool: Tool.AnyProviderDefined) => {
  if (!/^openai\.custom(?:\.|$)/.test(tool.id)) return undefined
  const { failureMode: _, format, ...args } = Json.record(tool.args)
  return {
    type: "custom",
    custom: { name: tool.name, ...args, ...(format === undefined ? undefined : { format: encodeGrammar(format) }) }
  }
}

/** The Responses API has the grammar beside its type, this one below it. */
const encodeGrammar = (format: unknown): unknown => {
  const { type, ...grammar } = Json.record(format)
  return type === "grammar" && !("grammar" in grammar) ? { type, grammar } : format
}

/** The service of a model. */
export const make = (
  name: ModelId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, OpenAiClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = OpenAiChatLanguageModel.layer("gpt-4.1").pipe(
 *   Layer.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, OpenAiClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const thrice = LanguageModel.generateText({ prompt: "Invent a word." }).pipe(
 *   OpenAiChatLanguageModel.withConfigOverride({ n: 3, temperature: 1.2 })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride
