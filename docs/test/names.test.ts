/** Which provider a bare name is asked of, where all of this project's are there. */
import { assert, describe, it } from "@effect/vitest"
import { AnthropicProvider } from "@llm-layers/anthropic"
import { CohereProvider } from "@llm-layers/cohere"
import { GoogleProvider } from "@llm-layers/google"
import { OpenAiProvider } from "@llm-layers/openai"
import { OpenRouterProvider } from "@llm-layers/openrouter"
import { ModelCatalog, ProviderRegistry } from "@llm-layers/registry"
import { StackSpotProvider } from "@llm-layers/stackspot"
import { ConfigProvider, Effect } from "effect"

const providers = [
  OpenAiProvider.provider,
  AnthropicProvider.provider,
  GoogleProvider.provider,
  CohereProvider.provider,
  StackSpotProvider.provider,
  OpenRouterProvider.provider
]

const env = {
  ...Object.fromEntries(providers.map(({ keyName }) => [keyName, "secret"])),
  STACKSPOT_CLIENT_ID: "id",
  STACKSPOT_REALM: "realm"
}

/** By the form of the name alone: the catalogue is empty. */
const resolved = (name: string) =>
  Effect.gen(function*() {
    const registry = yield* ProviderRegistry.make({ providers })
    return yield* registry.resolve(name)
  }).pipe(
    Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: ({ model, provider }) => `${provider}: ${model}` }),
    Effect.scoped,
    Effect.provide(ModelCatalog.layer({ generated: false })),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
  )

describe("a bare name", () => {
  it.effect.each<readonly [string, string]>([
    ["gpt-4o", "openai"],
    ["o3-mini", "openai"],
    ["chatgpt-4o-latest", "openai"],
    ["codex-mini-latest", "openai"],
    ["text-embedding-3-large", "openai"],
    ["ft:gpt-4o-mini:acme::1", "openai"],
    ["claude-sonnet-4-5", "anthropic"],
    ["gemini-3.5-flash", "google"],
    ["gemma-4-31b-it", "google"],
    ["command-r-plus", "cohere"],
    ["embed-v4.0", "cohere"],
    ["north-mini-1", "cohere"],
    ["meta-llama/llama-4-maverick", "openrouter"]
  ])(
    "%s is a model of %s",
    ([name, provider]) => Effect.map(resolved(name), (found) => assert.strictEqual(found, `${provider}: ${name}`))
  )

  it.effect("with its provider in front is nobody else's, whatever is in the rest", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* resolved("openai/gpt-5.5"), "openai: gpt-5.5")
      assert.strictEqual(yield* resolved("openrouter/openai/gpt-5.5"), "openrouter: openai/gpt-5.5")
      assert.strictEqual(yield* resolved("google/claude-sonnet-4-5"), "google: claude-sonnet-4-5")
    }))

  it.effect("of nobody is an error, also where a vendor's name is in it", () =>
    Effect.gen(function*() {
      for (const name of ["palm-2", "my-openai-model", "not-a-claude"]) {
        assert.strictEqual(yield* resolved(name), "UnknownModel")
      }
    }))
})
