/**
 * StackSpot AI's agents as language models, through the Agents API.
 *
 * Text, streams, conversations that StackSpot keeps, knowledge sources as sources, ids of uploaded files. The API takes one
 * text: a prompt with more than a user message is written out turn by turn (`System:`, `User:`, `Assistant:`, each on a line
 * before its text). Tools, structured output, files in the prompt and sampling settings are typed errors before the
 * network. Not covered: the creation of agents.
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { encodeRequest } from "./internal/request.ts"
import { decodeAnswer } from "./internal/response.ts"
import type { Config } from "./internal/settings.ts"
import { type DecodeContext, decoder } from "./internal/stream.ts"
import * as StackSpotCapabilities from "./StackSpotCapabilities.ts"
import { StackSpotClient } from "./StackSpotClient.ts"

/** The id of an agent, which the portal shows: a ULID. The agent has its model, instructions and knowledge there. */
export type AgentId = string

export type { Config } from "./internal/settings.ts"
export type * from "./StackSpotMetadata.ts"

const config = Settings.override<Config>("@llm-layers/stackspot/StackSpotLanguageModel")

/** What an agent can do: the same for all. */
export const capabilities: (agent: AgentId) => Capability.Capabilities = StackSpotCapabilities.lookup

/**
 * An agent, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as StackSpotClient from "@llm-layers/stackspot/StackSpotClient"
 * import * as StackSpotLanguageModel from "@llm-layers/stackspot/StackSpotLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Explain layers in one sentence" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(StackSpotLanguageModel.model("01JXYZ0000000000000000AGNT", { useConversation: true })),
 *   Effect.provide(StackSpotClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  agent: AgentId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"stackspot", LanguageModel.LanguageModel, StackSpotClient | R> =>
  Model.make("stackspot", agent, layer(agent, options))

/** The driver of an agent, for policies and for providers built on this one. */
export const driver = (agent: AgentId, options: Config = {}): Effect.Effect<Driver.Driver, never, StackSpotClient> =>
  Effect.map(StackSpotClient, (client): Driver.Driver => {
    const provider = "stackspot"
    const module = "StackSpotLanguageModel"
    const path = `/v1/agent/${encodeURIComponent(agent)}/chat`
    const capabilities = StackSpotCapabilities.lookup(agent)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: "generateText" | "streamText", request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider, module, method }
        const subject = { origin, model: agent, capabilities }
        const resolved = yield* Settings.resolve(subject, config, options)
        const { body, warnings } = yield* encodeRequest(subject, resolved, request, method === "streamText")
        const now = yield* Clock.currentTimeMillis
        const context: DecodeContext = {
          warnings,
          eventError: (data) => client.eventError({ origin, path }, now, data),
          cutShort: () =>
            method === "streamText"
              ? ProviderError.endedBefore(origin, "its last event")
              : ProviderError.make(origin, "InvalidResponse", { description: "The answer has no message in it" })
        }
        return { origin, body, context }
      })

    return {
      provider,
      module,
      model: agent,
      capabilities,
      codecTransformer: ToolParameters.plain,
      identity: Settings.identity(
        config,
        options,
        { baseUrl: client.baseUrl },
        ({ conversationId, useConversation }) => conversationId !== undefined || useConversation === true
      ),
      generateText: (request) =>
        Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("generateText", request)
          const answer = yield* client.json({ origin, path, body })
          const decoded = decodeAnswer(context, answer.json)
          return AiError.isAiError(decoded) ? yield* decoded : decoded
        }),
      streamText: (request) =>
        Stream.unwrap(Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("streamText", request)
          const { events } = yield* client.events({ origin, path, body, headers: { accept: "text/event-stream" } })
          return PartStream.decode(events, decoder(context))
        }))
    }
  })

/** The service of an agent. */
export const make = (
  agent: AgentId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, StackSpotClient> =>
  Effect.flatMap(driver(agent, options), Driver.toLanguageModel)

/**
 * The service of an agent as a Layer.
 *
 * @example
 * ```ts
 * import * as StackSpotClient from "@llm-layers/stackspot/StackSpotClient"
 * import * as StackSpotLanguageModel from "@llm-layers/stackspot/StackSpotLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = StackSpotLanguageModel.layer("01JXYZ0000000000000000AGNT").pipe(
 *   Layer.provide(StackSpotClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  agent: AgentId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, StackSpotClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(agent, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as StackSpotLanguageModel from "@llm-layers/stackspot/StackSpotLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const next = (conversationId: string) =>
 *   LanguageModel.generateText({ prompt: "And in winter?" }).pipe(
 *     StackSpotLanguageModel.withConfigOverride({ conversationId })
 *   )
 * ```
 */
export const withConfigOverride = config.withConfigOverride
