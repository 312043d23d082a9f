/** Encode: the whole request. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Settings from "@llm-layers/core/Settings"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import { encodePrompt } from "./prompt.ts"
import type { Config } from "./settings.ts"
import { encodeTools } from "./tools.ts"

export interface Encoded {
  readonly body: Json.JsonRecord
  readonly warnings: ReadonlyArray<Warning.Warning>
}

export const encodeRequest = (
  subject: Capability.Subject,
  resolved: Settings.Resolved<Config>,
  options: LanguageModel.ProviderOptions
): Effect.Effect<Encoded, AiError.AiError> =>
  Effect.gen(function*() {
    const { settings } = resolved
    const refused = refusal(subject, settings)
    if (refused !== undefined) return yield* refused
    const warnings = [...resolved.warnings]
    const turns = yield* encodePrompt(subject, options.prompt, warnings)
    const tools = yield* encodeTools(subject, settings, options)
    const shape = yield* RequestSchema.ofFormat(subject.origin, options.responseFormat, ToolParameters.plain)
    const body = {
      model: subject.model,
      turns,
      ...tools,
      shape,
      limit: settings.maxOutputTokens,
      heat: settings.temperature,
      think: settings.think,
      ...settings.extraBody
    }
    return { body: Json.defined(body), warnings }
  })

/** What a caller sets and Acme cannot do is an error before the network. `Settings.resolve` sees to the common ones. */
const refusal = (subject: Capability.Subject, settings: Config): AiError.AiError | undefined => {
  if (settings.parallelToolCalls === false) {
    return ProviderError.unsupported(subject.origin, {
      capability: "parallelToolCalls",
      asked: "one tool call at a time",
      model: subject.model,
      parameter: "parallelToolCalls"
    })
  }
  return Capability.checkSettings(subject, [
    { flag: "reasoning", name: "think", given: settings.think === true },
    { flag: "reasoningOff", name: "think", given: settings.think === false }
  ])
}
