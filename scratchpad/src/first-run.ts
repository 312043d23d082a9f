/**
 * `npm start`: the same program through OpenAI's API, then Anthropic's, then Google's. With `OPENAI_API_KEY`,
 * `ANTHROPIC_API_KEY`, `GOOGLE_API_KEY` or `GEMINI_API_KEY` it speaks to the vendor; without any, to a mock server on a
 * loopback port, through the same SDKs, HTTP and streams.
 */
import { NodeRuntime } from "@effect/platform-node"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { GoogleClient, GoogleLanguageModel } from "@llm-layers/google"
import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Config, Console, Effect, Layer, Option, Redacted } from "effect"
import * as Aimock from "./aimock.ts"
import { program, weatherLayer } from "./first-run/program.ts"

const openAi = OpenAiLanguageModel.model("gpt-5.5")
const anthropic = AnthropicLanguageModel.model("claude-sonnet-5-5")
const google = GoogleLanguageModel.model("gemini-3.5-flash")

const question = process.argv.slice(2).join(" ").trim()
const run = Effect.provide(program(question === "" ? undefined : question), weatherLayer)

const hasKey = (name: string) => Effect.map(Config.option(Config.NonEmptyString(name)), Option.isSome)

const hasGoogleKey = Effect.gen(function*() {
  return (yield* hasKey("GOOGLE_API_KEY")) || (yield* hasKey("GEMINI_API_KEY"))
})

const withKeys = Effect.gen(function*() {
  yield* Console.log("Answers are from the vendors whose key is in the environment.")
  if (yield* hasKey("OPENAI_API_KEY")) {
    yield* Effect.provide(run, Layer.provide(openAi, OpenAiClient.layerConfig()))
  }
  if (yield* hasKey("ANTHROPIC_API_KEY")) {
    yield* Effect.provide(run, Layer.provide(anthropic, AnthropicClient.layerConfig()))
  }
  if (yield* hasGoogleKey) {
    yield* Effect.provide(run, Layer.provide(google, GoogleClient.layerConfig()))
  }
})

const withMock = Effect.gen(function*() {
  const server = yield* Aimock.Aimock
  yield* Console.log(
    `Answers are canned: none of OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY and GEMINI_API_KEY is set, so a mock server answers at ${server.anthropicBaseUrl}.`
  )
  const apiKey = Redacted.make("not-a-key")
  yield* Effect.provide(
    run,
    Layer.provide(openAi, OpenAiClient.layer({ apiKey, baseUrl: server.openAiBaseUrl }))
  )
  yield* Effect.provide(
    run,
    Layer.provide(anthropic, AnthropicClient.layer({ apiKey, baseUrl: server.anthropicBaseUrl }))
  )
  yield* Effect.provide(
    run,
    Layer.provide(google, GoogleClient.layer({ apiKey, baseUrl: server.googleBaseUrl }))
  )
}).pipe(Effect.provide(Aimock.layer))

NodeRuntime.runMain(Effect.gen(function*() {
  const keys = (yield* hasKey("OPENAI_API_KEY")) || (yield* hasKey("ANTHROPIC_API_KEY")) ||
    (yield* hasGoogleKey)
  yield* keys ? withKeys : withMock
}))
