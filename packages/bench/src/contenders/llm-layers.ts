import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import { Effect, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import type { Contender } from "./Contender.ts"
import { request } from "./Contender.ts"

/** This project: `LanguageModel.streamText` and `generateText` over `@llm-layers/openai`, its layer built once. */
export const llmLayers: Contender = {
  name: "llm-layers",
  connect: (dialect, { baseUrl, fetch }) => {
    const model = dialect === "chat"
      ? OpenAiChatLanguageModel.model(request.model)
      : OpenAiLanguageModel.model(request.model)
    const runtime = ManagedRuntime.make(
      model.pipe(Layer.provide(OpenAiClient.layer({ apiKey: Redacted.make("test"), baseUrl, fetch })))
    )
    const { prompt } = request
    return {
      stream: (onText) =>
        runtime.runPromise(
          LanguageModel.streamText({ prompt }).pipe(
            Stream.runForEach((part) =>
              part.type === "text-delta" ? Effect.sync(() => onText(part.delta)) : Effect.void
            )
          )
        ),
      generate: () =>
        runtime.runPromise(LanguageModel.generateText({ prompt }).pipe(Effect.map((answer) => answer.text))),
      close: () => runtime.dispose()
    }
  }
}
