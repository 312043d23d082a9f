/** Acme's language models: wiring only. */
import * as Driver from "@llm-layers/core/Driver"
import * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as AcmeCapabilities from "./AcmeCapabilities.ts"
import { AcmeClient } from "./AcmeClient.ts"
import { encodeRequest } from "./internal/request.ts"
import { type Context, decodeResponse } from "./internal/response.ts"
import type { Config } from "./internal/settings.ts"
import { decoder } from "./internal/stream.ts"

export type { Config } from "./internal/settings.ts"

const config = Settings.override<Config>("@acme/llm/AcmeLanguageModel")

/** The driver of a model. */
export const driver = (model: string, options: Config = {}): Effect.Effect<Driver.Driver, never, AcmeClient> =>
  Effect.map(AcmeClient, (client): Driver.Driver => {
    const module = "AcmeLanguageModel"
    const path = "/v3/answers"
    const capabilities = AcmeCapabilities.of(model)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: string, request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider: "acme", module, method }
        const subject = { origin, model, capabilities }
        const resolved = yield* Settings.resolve(subject, config, options)
        const { body, warnings } = yield* encodeRequest(subject, resolved, request)
        const now = yield* Clock.currentTimeMillis
        const context: Context = { origin, warnings, oops: (said) => client.eventError({ origin, path }, now, said) }
        return { body, context, origin }
      })

    return {
      provider: "acme",
      module,
      model,
      capabilities,
      codecTransformer: ToolParameters.plain,
      identity: Settings.identity(config, options, { baseUrl: client.baseUrl }),
      generateText: (request) =>
        Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("generateText", request)
          const { json } = yield* client.json({ origin, path, body })
          const answer = Json.record(json)
          if ("oops" in answer) return yield* context.oops(answer)
          const say = answer["say"]
          if (!Array.isArray(say)) {
            return yield* ProviderError.make(origin, "InvalidResponse", { description: "The answer says nothing" })
          }
          return decodeResponse(context, answer, say)
        }),
      streamText: (request) =>
        Stream.unwrap(Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("streamText", request)
          const { events } = yield* client.events({ origin, path, body: { ...body, stream: true } })
          return PartStream.decode(events, decoder(context))
        }))
    }
  })

/** The service of a model as a Layer. */
export const layer = <R = never>(
  name: string,
  options: Settings.ModelOptions<Config, R> = {}
): Layer.Layer<LanguageModel.LanguageModel, never, AcmeClient | R> => {
  const { policy, ...settings } = options
  return Driver.layer(driver(name, settings), policy)
}

/** A model, to be provided to a program. */
export const model = <R = never>(
  name: string,
  options?: Settings.ModelOptions<Config, R>
): Model.Model<"acme", LanguageModel.LanguageModel, AcmeClient | R> => Model.make("acme", name, layer(name, options))

/** Changes settings of the calls inside an effect or a stream. */
export const withConfigOverride = config.withConfigOverride
