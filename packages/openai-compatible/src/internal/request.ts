/** Encodes the body of a request. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import { Encoding } from "./encoding.ts"
import { encodePrompt } from "./prompt.ts"
import type { Quirks } from "./quirks.ts"
import { type ChatSettings, encodeSettings } from "./settings.ts"
import { encodeFormat, type EncodeProviderTool, type EncodeToolMembers, encodeTools } from "./tools.ts"
import type { Message } from "./wire.ts"

/** What is the same for all requests of a model. */
export interface Model<S extends ChatSettings> {
  readonly model: string
  readonly capabilities: Capability.Capabilities
  readonly settings: S
  readonly override: Settings.Override<S>
  readonly transformer: LanguageModel.CodecTransformer
  readonly quirks: Quirks
  readonly encodeSettings: ((settings: S) => Json.JsonRecord) | undefined
  readonly encodeProviderTool: EncodeProviderTool | undefined
  readonly encodeToolMembers: EncodeToolMembers | undefined
}

/** A request, and what its answer is read with. */
export interface Encoded {
  readonly body: Json.JsonRecord
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** The format audio was asked for in: an answer does not repeat it. */
  readonly audioFormat: string | undefined
  readonly names: Tool.NameMapper<ReadonlyArray<Tool.Any>>
}

/** The body for a request, or the error for what it cannot express. */
export const encodeRequest = <S extends ChatSettings>(
  model: Model<S>,
  origin: ProviderError.Origin,
  request: LanguageModel.ProviderOptions,
  streaming: boolean
): Effect.Effect<Encoded, AiError.AiError> => {
  const subject = { origin, model: model.model, capabilities: model.capabilities }
  return Effect.flatMap(Settings.resolve(subject, model.override, model.settings), ({ settings, warnings }) => {
    const encoding = new Encoding(subject, model.quirks, settings, warnings)
    const names = new Tool.NameMapper(request.tools)
    const context = {
      encoding,
      settings,
      transformer: model.transformer,
      names,
      encodeProviderTool: model.encodeProviderTool,
      encodeToolMembers: model.encodeToolMembers
    }
    const { instructions, ...format } = encodeFormat(context, request.responseFormat)
    const messages = encodePrompt(encoding, request.prompt, (name) => names.getProviderName(name))
    const body = {
      model: model.model,
      messages: instructions === undefined ? messages : instruct(messages, instructions, encoding.systemRole),
      ...encodeTools(context, request),
      ...encodeSettings(encoding, settings),
      ...(streaming ? encodeStream(encoding, settings) : undefined),
      ...(model.encodeSettings === undefined ? undefined : Json.defined(model.encodeSettings(settings))),
      ...format,
      ...settings.extraBody
    }
    return encoding.refused === undefined
      ? Effect.succeed({ body, warnings: encoding.warnings, audioFormat: settings.audio?.format, names })
      : Effect.fail(encoding.refused)
  })
}

const encodeStream = (encoding: Encoding, settings: ChatSettings): Json.JsonRecord => {
  const { streamUsage } = encoding.quirks
  const obfuscation = settings.includeObfuscation
  const options = {
    ...(streamUsage ? { include_usage: true } : undefined),
    ...(obfuscation === undefined ? undefined : { include_obfuscation: obfuscation })
  }
  return { stream: true, ...(Object.keys(options).length === 0 ? undefined : { stream_options: options }) }
}

/** After the system messages that stand first: what a cache of prefixes has seen stays where it is. */
const instruct = (
  messages: ReadonlyArray<Message>,
  content: string,
  role: "system" | "developer"
): ReadonlyArray<Message> => {
  const first = messages.findIndex((message) => message.role !== "system" && message.role !== "developer")
  const at = first < 0 ? messages.length : first
  return [...messages.slice(0, at), { role, content }, ...messages.slice(at)]
}
