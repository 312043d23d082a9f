/**
 * Compaction: a long conversation made short by OpenAI, for later requests to go on from.
 *
 * What users said stays; answers, calls and reasoning become one item that OpenAI alone can read. It goes back with the
 * prompt that comes out, to the Responses API of OpenAI: another provider would get the messages of the users alone, with a
 * warning. For compaction inside a request, without a call of its own, there is the setting `contextManagement` of
 * `OpenAiLanguageModel`.
 *
 * Source: https://developers.openai.com/api/docs/guides/compaction
 */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { decodeItems, splitInstructions } from "./internal/compaction.ts"
import { decodeUsage } from "./internal/finish.ts"
import { namespace } from "./internal/namespace.ts"
import { encodePrompt } from "./internal/prompt.ts"
import * as OpenAiCapabilities from "./OpenAiCapabilities.ts"
import { OpenAiClient } from "./OpenAiClient.ts"
import type * as OpenAiLanguageModel from "./OpenAiLanguageModel.ts"

/** The settings of `OpenAiLanguageModel` that bear on a compaction. */
export interface Options extends
  Pick<
    OpenAiLanguageModel.Config,
    | "instructions"
    | "previousResponseId"
    | "promptCacheKey"
    | "promptCacheOptions"
    | "promptCacheRetention"
    | "serviceTier"
    | "store"
    | "systemRole"
    | "extraBody"
  >
{
  /** The conversation so far; with `previousResponseId`, what came after that response. */
  readonly prompt: Prompt.RawInput
}

/** What came out. */
export interface Compacted {
  /** What the next request is to begin with, in place of the prompt. None of it is to be left out. */
  readonly prompt: Prompt.Prompt
  readonly id: string | undefined
  /** The tokens of the compaction itself. */
  readonly usage: Usage.Encoded
  /** What of the prompt was not sent. */
  readonly warnings: ReadonlyArray<Warning.Warning>
}

/**
 * Compacts a conversation. One request of its own, which is charged.
 *
 * System messages at the start are sent as instructions and stand at the start of what comes out. The setting
 * `instructions` comes before them, and is the next request's to set again.
 *
 * An answer without items is `InvalidResponse`: the conversation would be lost.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiCompaction from "@llm-layers/openai/OpenAiCompaction"
 * import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
 * import { Effect, Ref } from "effect"
 * import { Chat } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const chat = yield* Chat.empty
 *   yield* chat.generateText({ prompt: "What is 2+2?" })
 *   const { prompt } = yield* OpenAiCompaction.compact("gpt-5.1", { prompt: yield* Ref.get(chat.history) })
 *   yield* Ref.set(chat.history, prompt)
 *   return yield* chat.generateText({ prompt: "And that times three?" })
 * }).pipe(
 *   Effect.provide(OpenAiLanguageModel.model("gpt-5.1")),
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const compact = (
  model: OpenAiLanguageModel.ModelId,
  options: Options
): Effect.Effect<Compacted, AiError.AiError, OpenAiClient> =>
  Effect.gen(function*() {
    const client = yield* OpenAiClient
    const origin = { provider: namespace, module: "OpenAiCompaction", method: "compact" }
    const path = "/responses/compact"
    const subject = { origin, model, capabilities: OpenAiCapabilities.of(model) }
    const whole = Prompt.make(options.prompt)
    const refused = Capability.checkRequest(subject, {
      prompt: whole,
      tools: [],
      toolChoice: "auto",
      responseFormat: { type: "text" }
    }, false)
    if (refused !== undefined) return yield* refused
    const [systems, said] = splitInstructions(whole)
    const warnings: Array<Warning.Warning> = []
    const input = yield* encodePrompt({
      subject,
      systemRole: options.systemRole ?? "system",
      stored: options.store !== false,
      whole,
      warnings
    }, said)
    const instructions = [options.instructions ?? "", ...systems.map(({ content }) => content)].filter((text) =>
      text !== ""
    )
    const body = {
      ...Json.defined({
        model,
        input,
        instructions: instructions.length === 0 ? undefined : instructions.join("\n\n"),
        previous_response_id: options.previousResponseId,
        prompt_cache_key: options.promptCacheKey,
        prompt_cache_options: options.promptCacheOptions,
        prompt_cache_retention: options.promptCacheRetention,
        service_tier: options.serviceTier
      }),
      ...options.extraBody
    }
    const { json } = yield* client.json({ origin, path, body })
    const answer = Json.record(json)
    const items = Json.list(answer["output"])
    if (items.length === 0) {
      return yield* Json.isRecord(answer["error"])
        ? client.eventError({ origin, path }, yield* Clock.currentTimeMillis, json)
        : ProviderError.make(origin, "InvalidResponse", { description: "The answer has no items to go on from" })
    }
    const usage = answer["usage"]
    return {
      prompt: Prompt.fromMessages([...systems, ...decodeItems(items)]),
      id: Json.string(answer["id"]),
      usage: Json.isRecord(usage) ? decodeUsage(usage) : Usage.unknown,
      warnings
    }
  })
