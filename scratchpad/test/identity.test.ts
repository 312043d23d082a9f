/** What caches tell requests apart by: each provider's settings, and where they are sent. */
import { assert, describe, it } from "@effect/vitest"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { CohereClient, CohereLanguageModel } from "@llm-layers/cohere"
import type { Driver, Settings } from "@llm-layers/core"
import { GoogleClient, GoogleLanguageModel } from "@llm-layers/google"
import { OpenAiChatLanguageModel, OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { OpenAiCompatibleClient, OpenAiCompatibleLanguageModel } from "@llm-layers/openai-compatible"
import { OpenRouterClient, OpenRouterLanguageModel } from "@llm-layers/openrouter"
import { StackSpotClient, StackSpotLanguageModel } from "@llm-layers/stackspot"
import { Effect, type Layer, Redacted } from "effect"

interface Subject<S extends Settings.Common> {
  readonly driver: (options: S) => Effect.Effect<Driver.Driver>
  /** The same model at another address. */
  readonly elsewhere: Effect.Effect<Driver.Driver>
  readonly withConfigOverride: Settings.Override<S>["withConfigOverride"]
  /** Settings of the provider's own. */
  readonly own: Partial<S>
  /** Settings with which the same request twice is not the same. */
  readonly stateful?: S
}

const secret = "sk-secret-of-this-test"
const apiKey = Redacted.make(secret)
const here = { apiKey, baseUrl: "https://here.example" }
const there = { apiKey, baseUrl: "https://there.example" }

const subject = <S extends Settings.Common, I>(
  of: (options: S) => Effect.Effect<Driver.Driver, never, I>,
  clients: readonly [here: Layer.Layer<I>, there: Layer.Layer<I>],
  others: Omit<Subject<S>, "driver" | "elsewhere">
): Subject<S> => {
  const driver = (options: S, layer: Layer.Layer<I>) => Effect.provide(of(options), layer)
  // No setting is required by any provider.
  const none = {} as S
  return { driver: (options) => driver(options, clients[0]), elsewhere: driver(none, clients[1]), ...others }
}

const suite = <S extends Settings.Common>(
  name: string,
  { driver, elsewhere, own, stateful, withConfigOverride }: Subject<S>
) =>
  describe(name, () => {
    // No setting is required by any provider, and the common ones are every provider's.
    const none = {} as S
    const common = { maxOutputTokens: 7 } as Partial<S>
    const identityOf = (made: Effect.Effect<Driver.Driver>) =>
      Effect.flatMap(made, ({ identity }) => identity ?? Effect.die("the driver tells no identity"))

    it.effect("is the same for the same settings, and another for others", () =>
      Effect.gen(function*() {
        const plain = yield* identityOf(driver(none))
        assert.deepStrictEqual(yield* identityOf(driver(none)), plain)
        for (const settings of [common, own]) {
          const given = yield* identityOf(driver({ ...none, ...settings }))
          assert.notDeepEqual(given, plain)
          assert.deepStrictEqual(yield* withConfigOverride(identityOf(driver(none)), settings), given)
        }
      }))

    it.effect("is another at another address, and holds no key", () =>
      Effect.gen(function*() {
        const plain = yield* identityOf(driver(none))
        assert.notDeepEqual(yield* identityOf(elsewhere), plain)
        assert.notInclude(JSON.stringify(plain), secret)
      }))

    if (stateful === undefined) return
    it.effect("is none where the vendor keeps the conversation", () =>
      Effect.gen(function*() {
        assert.isUndefined(yield* identityOf(driver(stateful)))
      }))
  })

suite(
  "Anthropic",
  subject(
    (options: AnthropicLanguageModel.Config) => AnthropicLanguageModel.driver("claude-opus-5", options),
    [AnthropicClient.layer(here), AnthropicClient.layer(there)],
    {
      withConfigOverride: AnthropicLanguageModel.withConfigOverride,
      own: { effort: "low" },
      stateful: { container: "container_1" }
    }
  )
)

suite(
  "Cohere",
  subject(
    (options: CohereLanguageModel.Config) => CohereLanguageModel.driver("command-a-03-2025", options),
    [CohereClient.layer(here), CohereClient.layer(there)],
    { withConfigOverride: CohereLanguageModel.withConfigOverride, own: { safetyMode: "OFF" } }
  )
)

suite(
  "Google",
  subject(
    (options: GoogleLanguageModel.Config) => GoogleLanguageModel.driver("gemini-3.5-flash", options),
    [GoogleClient.layer(here), GoogleClient.layer(there)],
    { withConfigOverride: GoogleLanguageModel.withConfigOverride, own: { thinking: { level: "low" } } }
  )
)

suite(
  "OpenAI, Responses",
  subject(
    (options: OpenAiLanguageModel.Config) => OpenAiLanguageModel.driver("gpt-5.1", options),
    [OpenAiClient.layer(here), OpenAiClient.layer(there)],
    {
      withConfigOverride: OpenAiLanguageModel.withConfigOverride,
      own: { textVerbosity: "low" },
      stateful: { conversation: "conv_1" }
    }
  )
)

suite(
  "OpenAI, Chat Completions",
  subject(
    (options: OpenAiChatLanguageModel.Config) => OpenAiChatLanguageModel.driver("gpt-5.1", options),
    [OpenAiClient.layer(here), OpenAiClient.layer(there)],
    { withConfigOverride: OpenAiChatLanguageModel.withConfigOverride, own: { serviceTier: "flex" } }
  )
)

suite(
  "OpenAI's dialect",
  subject(
    (options: OpenAiCompatibleLanguageModel.Config) => OpenAiCompatibleLanguageModel.driver("local", options),
    [OpenAiCompatibleClient.layer(here), OpenAiCompatibleClient.layer(there)],
    { withConfigOverride: OpenAiCompatibleLanguageModel.withConfigOverride, own: { extraBody: { seed: 1 } } }
  )
)

suite(
  "OpenRouter",
  subject(
    (options: OpenRouterLanguageModel.Config) => OpenRouterLanguageModel.driver("openai/gpt-5.1", options),
    [OpenRouterClient.layer(here), OpenRouterClient.layer(there)],
    { withConfigOverride: OpenRouterLanguageModel.withConfigOverride, own: { models: ["openai/gpt-5"] } }
  )
)

const stackspot = { clientId: "id", clientKey: apiKey, realm: "realm" }

suite(
  "StackSpot",
  subject(
    (options: StackSpotLanguageModel.Config) => StackSpotLanguageModel.driver("agent", options),
    [
      StackSpotClient.layer({ ...stackspot, baseUrl: here.baseUrl }),
      StackSpotClient.layer({ ...stackspot, baseUrl: there.baseUrl })
    ],
    {
      withConfigOverride: StackSpotLanguageModel.withConfigOverride,
      own: { deepSearch: true },
      stateful: { conversationId: "conv_1" }
    }
  )
)
