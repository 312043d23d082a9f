import { baseUrl, fetch, model, prompt, report } from "./answer.mjs"

await report(
  () => Promise.all([import("@llm-layers/openai"), import("effect"), import("effect/ai")]),
  ([{ OpenAiClient, OpenAiLanguageModel }, { Effect, Layer, Redacted }, { LanguageModel }]) =>
    LanguageModel.generateText({ prompt }).pipe(
      Effect.map((response) => response.text),
      Effect.provide(
        Layer.provide(
          OpenAiLanguageModel.model(model),
          OpenAiClient.layer({ apiKey: Redacted.make("test"), baseUrl, fetch })
        )
      ),
      Effect.runPromise
    )
)
