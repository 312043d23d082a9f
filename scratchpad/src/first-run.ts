/**
 * `npm start`: the same program through OpenAI's API, then through Anthropic's. With `OPENAI_API_KEY` or
 * `ANTHROPIC_API_KEY` it speaks to the vendor; without either, to a mock server on a loopback port, through the same
 * SDKs, HTTP and streams.
 */
import { NodeRuntime } from "@effect/platform-node"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Config, Console, Effect, Layer, Option, Redacted } from "effect"
import * as Aimock from "./aimock.ts"
import { program, weatherLayer } from "./first-run/program.ts"

const openAi = OpenAiLanguageModel.model("gpt-5.5")
const anthropic = AnthropicLanguageModel.model("claude-sonnet-5-5")

const question = process.argv.slice(2).join(" ").trim()
const run = Effect.provide(program(question === "" ? undefined : question), weatherLayer)

const hasKey = (name: string) => Effect.map(Config.option(Config.NonEmptyString(name)), Option.isSome)

const withKeys = Effect.gen(function*() {
  yield* Console.log("Answers are from the vendors whose key is in the environment.")
  if (yield* hasKey("OPENAI_API_KEY")) {
    yield* Effect.provide(run, Layer.provide(openAi, OpenAiClient.layerConfig()))
  }
  if (yield* hasKey("ANTHROPIC_API_KEY")) {
    yield* Effect.provide(run, Layer.provide(anthropic, AnthropicClient.layerConfig()))
  }
})

const withMock = Effect.gen(function*() {
  const server = yield* Aimock.Aimock
  yield* Console.log(
    `Answers are canned: neither OPENAI_API_KEY nor ANTHROPIC_API_KEY is set, so a mock server answers at ${server.anthropicBaseUrl}.`
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
}).pipe(Effect.provide(Aimock.layer))

NodeRuntime.runMain(Effect.gen(function*() {
  const keys = (yield* hasKey("OPENAI_API_KEY")) || (yield* hasKey("ANTHROPIC_API_KEY"))
  yield* keys ? withKeys : withMock
}))
