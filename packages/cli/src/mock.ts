/** A model that needs neither key nor network, and says back what it was asked. For trying the command. */
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as Embedding from "@llm-layers/core/Embedding"
import * as Provider from "@llm-layers/core/Provider"
import * as Settings from "@llm-layers/core/Settings"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { createHash } from "node:crypto"

/** Between two words, so that an answer is seen to stream. */
const pause = Duration.millis(15)

const textOf = (message: Prompt.Message): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.map((part) => part.type === "text" ? part.text : `[${part.type}]`).join(" ")

const answer = ({ prompt, responseFormat }: LanguageModel.ProviderOptions): string => {
  const said = prompt.content.findLast(({ role }) => role === "user")
  const text = said === undefined ? "nothing" : textOf(said)
  return responseFormat.type === "json" ? JSON.stringify({ said: text }) : `You said: ${text}`
}

const finish = (options: LanguageModel.ProviderOptions, text: string) => ({
  type: "finish",
  reason: "stop",
  usage: Usage.make({
    inputTotal: TokenEstimate.ofRequest(options),
    cacheRead: 0,
    outputTotal: TokenEstimate.ofText(text)
  })
} as const)

const driver = (model: string): Driver.Driver => ({
  provider: "mock",
  module: "MockLanguageModel",
  model,
  capabilities: Capability.all,
  codecTransformer: ToolParameters.plain,
  generateText: (options) => {
    const text = answer(options)
    return Effect.succeed([{ type: "text", text }, finish(options, text)])
  },
  streamText: (options) => {
    const text = answer(options)
    const words = Stream.fromIterable(text.split(/(?<= )/)).pipe(
      Stream.rechunk(1),
      Stream.tap(() => Effect.sleep(pause)),
      Stream.map((delta) => ({ type: "text-delta", id: "0", delta } as const))
    )
    return Stream.make({ type: "text-start", id: "0" } as const).pipe(
      Stream.concat(words),
      Stream.concat(Stream.make({ type: "text-end", id: "0" } as const, finish(options, text)))
    )
  }
})

/** Eight numbers that are the same for the same text, and mean nothing. */
const vectorOf = (text: string): Array<number> =>
  Array.from(createHash("sha256").update(text).digest().subarray(0, 8), (byte) => byte / 255)

const embeddings = (model: string) =>
  Embedding.make({
    origin: { provider: "mock", module: "MockEmbeddingModel", method: "embedMany" },
    model,
    limits: { inputs: 100 },
    settings: {},
    override: Settings.override<Embedding.Common>("mock/MockEmbeddingModel"),
    embed: (_, inputs) =>
      Effect.as(Effect.sleep(pause), {
        vectors: inputs.map(vectorOf),
        tokens: inputs.reduce((sum, text) => sum + TokenEstimate.ofText(text), 0)
      })
  })

export const provider: Provider.Provider<"mock", never> = Provider.make({
  name: "mock",
  claims: () => false,
  languageModel: (model, { policy } = {}) =>
    Model.make("mock", model, Driver.layer(Effect.succeed(driver(model)), policy)),
  embeddingModel: (model) => Model.make("mock", model, Layer.effect(EmbeddingModel.EmbeddingModel, embeddings(model))),
  listModels: Effect.succeed([{ id: "echo", kind: "language" }, { id: "embed", kind: "embedding" }]),
  client: Layer.empty,
  keyName: "",
  capabilities: { provider: {}, rows: [] },
  errors: []
})
