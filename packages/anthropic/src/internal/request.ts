/** Encode: options and settings → the whole request. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Settings from "@llm-layers/core/Settings"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Betas from "./betas.ts"
import { encodeMaxTokens } from "./outputLimit.ts"
import { encodePrompt } from "./prompt.ts"
import * as PromptContext from "./promptContext.ts"
import type { Config } from "./settings.ts"
import { encodeThinking } from "./thinking.ts"
import * as ToolNames from "./toolNames.ts"
import { encodeTools, secretsOf } from "./tools.ts"

/** The body without `stream`. Sampling settings are not in the SDK's type any more. */
export type Body = Beta.MessageCreateParamsBase & {
  readonly temperature?: number
  readonly top_p?: number
  readonly top_k?: number
}

export interface EncodedRequest {
  readonly body: Body
  /** Values of the `anthropic-beta` header. */
  readonly betas: ReadonlyArray<string>
  readonly names: ToolNames.ToolNames
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** Tokens in the body. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
}

export const encodeRequest = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  resolved: Settings.Resolved<Config>,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "tools" | "toolChoice" | "responseFormat">,
  streaming: boolean,
  clientBetas: ReadonlyArray<string> = []
) {
  const { settings } = resolved
  const warnings: Array<Warning.Warning> = [...resolved.warnings]
  const names = ToolNames.make(options.tools)
  const shared = { subject, names, warnings }
  const max_tokens = encodeMaxTokens(subject.model, settings, streaming)
  const thinking = yield* encodeThinking(
    {
      ...shared,
      maxTokens: Json.number(settings.extraBody?.["max_tokens"]) ?? max_tokens,
      betas: [...clientBetas, ...settings.betas ?? []]
    },
    settings,
    options.tools.length === 0 ? undefined : options.toolChoice
  )
  const tools = yield* encodeTools({
    ...shared,
    codecTransformer,
    strictTools: settings.strictTools,
    parallelToolCalls: settings.parallelToolCalls,
    lenient: settings.unsupported === "warn"
  }, options)
  const format = yield* encodeFormat(subject, codecTransformer, options.responseFormat)
  const prompt = yield* encodePrompt(PromptContext.make(shared, options.prompt), options.prompt)
  const { betas, ...toolMembers } = tools
  const written: Body = {
    model: subject.model,
    max_tokens,
    ...prompt,
    ...toolMembers,
    ...(thinking === undefined ? undefined : { thinking }),
    ...encodeOutput(settings, format),
    ...encodeSettings(settings)
  }
  const body: Body = settings.extraBody === undefined ? written : { ...written, ...settings.extraBody }
  const named = [...betas, ...Betas.ofSettings(settings), ...(settings.betas ?? [])]
  const request: EncodedRequest = {
    body,
    betas: [...new Set([...named, ...Betas.ofMessages(prompt.messages, [...named, ...clientBetas])])],
    names,
    warnings,
    secrets: secretsOf(options.tools)
  }
  return request
})

/** Never a forced tool: the newest models refuse one, and it would replace the text of the answer. */
const encodeFormat = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  format: LanguageModel.ProviderOptions["responseFormat"]
) {
  const schema = yield* RequestSchema.ofFormat(subject.origin, format, codecTransformer)
  if (schema === undefined) return undefined
  const encoded: Beta.BetaJSONOutputFormat = { type: "json_schema", schema }
  return encoded
})

const encodeOutput = (
  settings: Config,
  format: Beta.BetaJSONOutputFormat | undefined
): { output_config?: Beta.BetaOutputConfig } => {
  const { effort, taskBudget } = settings
  const config: Beta.BetaOutputConfig = {
    ...(effort === undefined ? undefined : { effort }),
    ...(format === undefined ? undefined : { format }),
    ...(taskBudget === undefined ? undefined : {
      task_budget: {
        type: "tokens",
        total: taskBudget.total,
        ...(taskBudget.remaining === undefined ? undefined : { remaining: taskBudget.remaining })
      }
    })
  }
  return Object.keys(config).length === 0 ? {} : { output_config: config }
}

const encodeSettings = (settings: Config): Partial<Body> => ({
  ...(settings.temperature === undefined ? undefined : { temperature: settings.temperature }),
  ...(settings.topP === undefined ? undefined : { top_p: settings.topP }),
  ...(settings.topK === undefined ? undefined : { top_k: settings.topK }),
  ...(settings.stopSequences === undefined ? undefined : { stop_sequences: [...settings.stopSequences] }),
  ...(settings.cacheControl === undefined ? undefined : { cache_control: settings.cacheControl }),
  ...(settings.metadata?.userId === undefined ? undefined : { metadata: { user_id: settings.metadata.userId } }),
  ...(settings.serviceTier === undefined ? undefined : { service_tier: settings.serviceTier }),
  ...(settings.container === undefined ? undefined : { container: settings.container }),
  ...(settings.contextManagement === undefined ? undefined : { context_management: settings.contextManagement }),
  ...(settings.inferenceGeo === undefined ? undefined : { inference_geo: settings.inferenceGeo }),
  ...(settings.speed === undefined ? undefined : { speed: settings.speed }),
  ...(settings.fallbacks === undefined ? undefined : { fallbacks: settings.fallbacks })
})
