/** Encode: options and settings → the body of a chat. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import { encodePrompt } from "./prompt.ts"
import type { Config } from "./settings.ts"

export interface EncodedRequest {
  readonly body: Json.JsonRecord
  readonly warnings: ReadonlyArray<Warning.Warning>
}

export const encodeRequest = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  resolved: Settings.Resolved<Config>,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "incrementalPrompt">,
  streaming: boolean
) {
  const { settings } = resolved
  const warnings: Array<Warning.Warning> = [...resolved.warnings]
  yield* refuseSettings(subject, settings, warnings)
  // What came before is kept at StackSpot.
  const prompt = settings.conversationId === undefined ? options.prompt : options.incrementalPrompt ?? options.prompt
  const body = {
    user_prompt: yield* encodePrompt(subject, prompt, warnings),
    streaming,
    ...encodeSettings(settings),
    ...settings.extraBody
  }
  const request: EncodedRequest = { body, warnings }
  return request
})

/** Settings that no flag speaks of and the API has no member for. */
const unknown = ["maxOutputTokens", "parallelToolCalls", "strictTools"] as const

const refuseSettings = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  settings: Config,
  warnings: Array<Warning.Warning>
) {
  for (const name of unknown) {
    if (settings[name] === undefined) continue
    if (settings.unsupported !== "warn") {
      return yield* ProviderError.unsupported(subject.origin, {
        capability: name,
        asked: `the setting ${name}`,
        model: subject.model,
        parameter: name
      })
    }
    warnings.push({ about: name, message: `${subject.model} does not support ${name}; it was left out` })
  }
})

/** What is not said explicitly, the platform decides: it adds its own knowledge, and gives no sources. */
const encodeSettings = (settings: Config): Json.JsonRecord =>
  Json.defined({
    stackspot_knowledge: settings.stackspotKnowledge ?? false,
    return_ks_in_response: settings.returnSources ?? true,
    use_conversation: settings.useConversation ?? (settings.conversationId === undefined ? undefined : true),
    conversation_id: settings.conversationId,
    upload_ids: settings.uploadIds,
    knowledge_source_ids: settings.knowledgeSourceIds,
    deep_search_ks: settings.deepSearch,
    agent_version_number: settings.agentVersion,
    selected_model: settings.selectedModel
  })
