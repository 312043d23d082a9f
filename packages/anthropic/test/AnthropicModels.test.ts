import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted } from "effect"
import * as AnthropicClient from "../src/AnthropicClient.ts"
import * as AnthropicModels from "../src/AnthropicModels.ts"
import { provider } from "../src/AnthropicProvider.ts"

const client = (baseUrl: string) => AnthropicClient.layer({ apiKey: Redacted.make("sk-ant-test"), baseUrl })

/** Source: https://platform.claude.com/docs/en/api/models/list */
const newest = {
  type: "model",
  id: "claude-sonnet-5-5",
  display_name: "Claude Sonnet 5.5",
  created_at: "2026-05-14T00:00:00Z",
  max_input_tokens: 1_000_000,
  max_tokens: 128_000,
  capabilities: { batch: { supported: true } }
}
const old = { type: "model", id: "claude-old", created_at: "1970-01-01T00:00:00Z", max_input_tokens: null }

it.effect("the models of all pages, with their limits; what is not known is absent", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([
      { body: JSON.stringify({ data: [newest], has_more: true, first_id: newest.id, last_id: "claude sonnet/5" }) },
      { body: JSON.stringify({ data: [old], has_more: false, first_id: old.id, last_id: old.id }) }
    ])
    assert.deepStrictEqual(yield* Effect.provide(AnthropicModels.list, client(server.url)), [
      {
        id: "claude-sonnet-5-5",
        name: "Claude Sonnet 5.5",
        contextTokens: 1_000_000,
        outputTokens: 128_000,
        released: new Date("2026-05-14T00:00:00Z"),
        kind: "language"
      },
      { id: "claude-old", kind: "language" }
    ])
    const requests = yield* server.requests
    assert.deepStrictEqual(requests.map(({ body, method, path }) => `${method} ${path} ${body}`), [
      "GET /v1/models?limit=1000 ",
      "GET /v1/models?limit=1000&after_id=claude%20sonnet%2F5 "
    ])
    assert.strictEqual(requests[0]?.headers["anthropic-version"], AnthropicClient.defaultApiVersion)
  }))

it.effect("a failed page fails the whole", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([
      // Where it does not say which was the last, it was the last.
      { body: JSON.stringify({ data: [newest], has_more: true, last_id: null }) },
      { status: 401, body: JSON.stringify({ type: "error", error: { type: "authentication_error", message: "No" } }) }
    ])
    const error = yield* Effect.flip(Effect.provide(AnthropicModels.list, client(server.url)))
    assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
    assert.deepInclude(error, { module: "AnthropicModels", method: "list" })
  }))

it("is the list of the provider", () => {
  assert.strictEqual(provider.listModels, AnthropicModels.list)
})
