/** The body of a request, from the options of a call and its settings. */
import * as Json from "@llm-layers/core/Json"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Settings from "@llm-layers/core/Settings"
import type { Warning } from "@llm-layers/core/Warning"
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type { Wire } from "./content.ts"
import { encodePrompt } from "./prompt.ts"
import type { Resolved } from "./settings.ts"
import { encodeTools } from "./tools.ts"

/** Settings that are members of the body as they are. */
const members = [
  ["instructions", "instructions"],
  ["conversation", "conversation"],
  ["prompt", "prompt"],
  ["maxToolCalls", "max_tool_calls"],
  ["reasoning", "reasoning"],
  ["maxOutputTokens", "max_output_tokens"],
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["topLogprobs", "top_logprobs"],
  ["store", "store"],
  ["background", "background"],
  ["truncation", "truncation"],
  ["contextManagement", "context_management"],
  ["promptCacheKey", "prompt_cache_key"],
  ["promptCacheOptions", "prompt_cache_options"],
  ["promptCacheRetention", "prompt_cache_retention"],
  ["serviceTier", "service_tier"],
  ["safetyIdentifier", "safety_identifier"],
  ["moderation", "moderation"],
  ["metadata", "metadata"]
] as const

/** The settings a request is made of. Their values are checked where they are documented. */
export type RequestSettings = Settings.Common & { readonly [name in (typeof members)[number][0]]?: unknown } & {
  readonly systemRole?: "system" | "developer" | undefined
  readonly previousResponseId?: string | undefined
  readonly include?: ReadonlyArray<string> | undefined
  readonly textVerbosity?: string | undefined
  readonly includeObfuscation?: boolean | undefined
}

/** A body, with what was left out of it. */
export interface Encoded {
  readonly body: Wire
  readonly warnings: ReadonlyArray<Warning>
}

/** The body without `stream`. Members of `extraBody` win. */
export const encodeRequest = (
  resolved: Resolved<RequestSettings>,
  options: Omit<LanguageModel.ProviderOptions, "span">
): Effect.Effect<Encoded, AiError.AiError> =>
  Effect.gen(function*() {
    const { settings, subject } = resolved
    const warnings = [...resolved.warnings]
    const stored = settings.store !== false
    const continued = continuation(settings, options, stored)
    const input = yield* encodePrompt({
      subject,
      systemRole: settings.systemRole ?? "system",
      stored,
      whole: options.prompt,
      warnings
    }, continued.prompt)
    const tools = yield* encodeTools(subject, settings, options, warnings)
    const text = yield* encodeText(resolved, options)
    const body: { [key: string]: unknown } = { model: subject.model, input }
    for (const [name, member] of members) body[member] = settings[name]
    Object.assign(body, tools, {
      text,
      include: encodeInclude(resolved),
      previous_response_id: continued.previousResponseId
    }, settings.extraBody)
    return { body: Json.defined(body), warnings }
  })

/** The body of a streamed request. */
export const streamed = (body: Wire, settings: RequestSettings): Wire =>
  Json.defined({
    stream: true,
    stream_options: settings.includeObfuscation === undefined
      ? undefined
      : { include_obfuscation: settings.includeObfuscation },
    ...body
  })

/**
 * What is sent of the prompt, and what it continues. The new messages alone are sent where OpenAI has the others: after a
 * response it stored, or in a conversation.
 */
const continuation = (
  settings: RequestSettings,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "incrementalPrompt" | "previousResponseId">,
  stored: boolean
) => {
  const incremental = stored && settings.previousResponseId === undefined ? options.incrementalPrompt : undefined
  return {
    prompt: incremental ?? options.prompt,
    previousResponseId: settings.previousResponseId ??
      (incremental === undefined || settings.conversation !== undefined ? undefined : options.previousResponseId)
  }
}

/** Reasoning that OpenAI does not keep has to come with the answer, or the next turn starts without it. */
const encodeInclude = ({ settings, subject }: Resolved<RequestSettings>): ReadonlyArray<string> | undefined => {
  const include = new Set<string>(settings.include)
  if (settings.store === false && subject.capabilities.reasoning) include.add("reasoning.encrypted_content")
  if (settings.topLogprobs !== undefined) include.add("message.output_text.logprobs")
  return include.size === 0 ? undefined : [...include]
}

const encodeText = (
  { settings, subject }: Resolved<RequestSettings>,
  { responseFormat }: Pick<LanguageModel.ProviderOptions, "responseFormat">
): Effect.Effect<Wire | undefined, AiError.AiError> => {
  const verbosity = settings.textVerbosity === undefined ? undefined : { verbosity: settings.textVerbosity }
  if (responseFormat.type === "text") return Effect.succeed(verbosity)
  const { objectName, schema } = responseFormat
  return Effect.map(
    RequestSchema.attempt(subject.origin, objectName, () => OpenAiSchema.codecTransformer(schema).jsonSchema),
    (jsonSchema) => ({
      format: {
        type: "json_schema",
        name: OpenAiSchema.formatName(objectName),
        schema: jsonSchema,
        strict: OpenAiSchema.isStrict(jsonSchema)
      },
      ...verbosity
    })
  )
}
