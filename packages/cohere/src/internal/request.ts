/** Encode: options and settings → the whole request. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Settings from "@llm-layers/core/Settings"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import { encodePrompt } from "./prompt.ts"
import type { Config, Thinking } from "./settings.ts"
import { encodeTools, notSent } from "./tools.ts"

export interface EncodedRequest {
  /** The body without `stream`. */
  readonly body: Json.JsonRecord
  readonly warnings: ReadonlyArray<Warning.Warning>
}

export const encodeRequest = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  resolved: Settings.Resolved<Config>,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "tools" | "toolChoice" | "responseFormat">
) {
  const { settings } = resolved
  const warnings: Array<Warning.Warning> = [...resolved.warnings]
  const lenient = settings.unsupported === "warn"
  const check = { subject, lenient, warnings }
  const format = yield* encodeFormat(subject, codecTransformer, options.responseFormat)
  // Tools that must not be called say nothing, and would keep the format from being asked for.
  const withTools = format === undefined || options.toolChoice !== "none"
  const tools = withTools
    ? yield* encodeTools({ subject, codecTransformer, strictTools: settings.strictTools, lenient, warnings }, options)
    : {}
  if (!withTools) notSent(warnings, "Cohere takes no tools beside a schema of the answer", options.tools)
  const files: Array<Json.JsonRecord> = []
  const textInline = format !== undefined
  const messages = yield* encodePrompt({ subject, textInline, documents: files, warnings }, options.prompt)
  const documents = [...settings.documents ?? [], ...files]
  if (format !== undefined) yield* checkFormat(subject, tools.tools !== undefined, documents.length > 0)
  if (settings.parallelToolCalls === false) {
    yield* refuse(check, { parameter: "parallelToolCalls", asked: "one tool call at a time" })
  }
  const thinking = yield* encodeThinking(check, settings.thinking)
  const safety = yield* encodeSafety(check, settings.safetyMode, tools.tools !== undefined || documents.length > 0)
  const written: Json.JsonRecord = {
    model: subject.model,
    messages,
    ...tools,
    ...(documents.length === 0 ? undefined : { documents }),
    ...(format === undefined ? undefined : { response_format: format }),
    ...(thinking === undefined ? undefined : { thinking }),
    ...(safety === undefined ? undefined : { safety_mode: safety }),
    ...encodeSettings(settings)
  }
  const body = settings.extraBody === undefined ? written : { ...written, ...settings.extraBody }
  const request: EncodedRequest = { body, warnings }
  return request
})

const encodeFormat = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  format: LanguageModel.ProviderOptions["responseFormat"]
) {
  const schema = yield* RequestSchema.ofFormat(subject.origin, format, codecTransformer)
  return schema === undefined ? undefined : { type: "json_object", json_schema: schema }
})

/** "The parameter is not supported when used in combinations with the `documents` or `tools` parameters." */
const checkFormat = Effect.fnUntraced(function*(subject: Capability.Subject, tools: boolean, documents: boolean) {
  if (!tools && !documents) return
  return yield* ProviderError.unsupported(subject.origin, {
    capability: "structuredOutput",
    asked: tools
      ? "structured output together with tools: ask for the object without a toolkit, or with `toolChoice: \"none\"`"
      : "structured output together with `documents`: put them into the prompt",
    model: subject.model,
    parameter: tools ? "toolkit" : "documents"
  })
})

interface Check {
  readonly subject: Capability.Subject
  readonly lenient: boolean
  readonly warnings: Array<Warning.Warning>
}

/** What cannot be asked for fails, or is left out with a warning. */
const refuse = Effect.fnUntraced(function*(
  { lenient, subject, warnings }: Check,
  what: { readonly parameter: string; readonly asked: string; readonly capability?: Capability.Flag }
) {
  const { asked, parameter, capability = parameter } = what
  if (!lenient) {
    return yield* ProviderError.unsupported(subject.origin, { capability, asked, model: subject.model, parameter })
  }
  warnings.push({ about: parameter, message: `${subject.model} does not support ${asked}; it was left out` })
  return undefined
})

const encodeThinking = Effect.fnUntraced(function*(check: Check, thinking: Thinking | undefined) {
  if (thinking === undefined) return undefined
  const { capabilities } = check.subject
  if (thinking.type === "disabled") {
    if (capabilities.reasoningOff) return { type: "disabled" }
    return yield* refuse(check, { parameter: "thinking", capability: "reasoningOff", asked: "no thinking" })
  }
  if (!capabilities.reasoning) {
    return yield* refuse(check, { parameter: "thinking", capability: "reasoning", asked: "thinking" })
  }
  const { tokenBudget } = thinking
  if (tokenBudget === undefined) return { type: "enabled" }
  if (!capabilities.reasoningBudget || !(tokenBudget >= 1)) {
    const asked = `a thinking budget of ${tokenBudget} tokens`
    return yield* refuse(check, { parameter: "thinking", capability: "reasoningBudget", asked })
  }
  return { type: "enabled", token_budget: tokenBudget }
})

/** "Safety modes are not yet configurable in combination with `tools` and `documents` parameters." */
const encodeSafety = Effect.fnUntraced(function*(check: Check, mode: Config["safetyMode"], beside: boolean) {
  if (mode === undefined || !beside) return mode
  return yield* refuse(check, { parameter: "safetyMode", asked: "a safety mode together with tools or documents" })
})

const encodeSettings = (settings: Config): Json.JsonRecord => ({
  ...(settings.maxOutputTokens === undefined ? undefined : { max_tokens: settings.maxOutputTokens }),
  ...(settings.temperature === undefined ? undefined : { temperature: settings.temperature }),
  ...(settings.topP === undefined ? undefined : { p: settings.topP }),
  ...(settings.topK === undefined ? undefined : { k: settings.topK }),
  ...(settings.stopSequences === undefined ? undefined : { stop_sequences: [...settings.stopSequences] }),
  ...(settings.seed === undefined ? undefined : { seed: settings.seed }),
  ...(settings.presencePenalty === undefined ? undefined : { presence_penalty: settings.presencePenalty }),
  ...(settings.frequencyPenalty === undefined ? undefined : { frequency_penalty: settings.frequencyPenalty }),
  ...(settings.citationOptions === undefined ? undefined : { citation_options: settings.citationOptions }),
  ...(settings.logprobs === undefined ? undefined : { logprobs: settings.logprobs }),
  ...(settings.priority === undefined ? undefined : { priority: settings.priority })
})
