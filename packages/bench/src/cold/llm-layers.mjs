import { baseUrl, fetch, model, prompt, report } from "./answer.mjs"

await report(
  () =>
    Promise.all([
      import("@llm-layers/openai/OpenAiClient"),
      import("@llm-layers/openai/OpenAiLanguageModel"),
      import("effect/ai/LanguageModel"),
      import("effect/Effect"),
      import("effect/Layer"),
      import("effect/Redacted"),
      import("effect/Stream")
    ]),
  ([OpenAiClient, OpenAiLanguageModel, LanguageModel, Effect, Layer, Redacted]) =>
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
