import { assert, it } from "@effect/vitest"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiModels from "@llm-layers/openai/OpenAiModels"
import { provider } from "@llm-layers/openai/OpenAiProvider"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted } from "effect"

/** Source: https://developers.openai.com/api/reference/resources/models/methods/list */
const answer = {
  object: "list",
  data: [
    { id: "gpt-5.1", object: "model", created: 1_762_800_673, owned_by: "system", shutdown_date: null },
    { id: "ft:gpt-4.1:acme::1", object: "model", owned_by: "acme", new_member: {} }
  ]
}

it.effect("the models, with the day they came; no body is sent", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([{ body: JSON.stringify(answer) }])
    const client = OpenAiClient.layer({ apiKey: Redacted.make("sk-test"), baseUrl: `${server.url}/v1` })
    assert.deepStrictEqual(yield* Effect.provide(OpenAiModels.list, client), [
      { id: "gpt-5.1", released: new Date(1_762_800_673_000) },
      { id: "ft:gpt-4.1:acme::1" }
    ])
    const [request] = yield* server.requests
    assert.deepInclude(request, { method: "GET", path: "/v1/models", body: "" })
    assert.strictEqual(request?.headers.authorization, "Bearer sk-test")
  }))

it("is the list of the provider", () => {
  assert.strictEqual(provider.listModels, OpenAiModels.list)
})
