import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import type * as Connection from "@llm-layers/core/Connection"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as TokenCount from "@llm-layers/core/TokenCount"
import { Effect } from "effect"

const origin = { provider: "acme", module: "AcmeLanguageModel", method: "countTokens" }

const connection = (json: unknown): Pick<Connection.Connection, "json" | "eventError"> => ({
  json: () => Effect.succeed({ json, status: 200, headers: {} }),
  eventError: (request) => ProviderError.make(request.origin, "Overloaded", {})
})

const ask = (json: unknown) => TokenCount.ask(connection(json), { origin, path: "/count", body: {} }, "tokens")

describe("TokenCount", () => {
  it.effect("reads the member; without it there is no count", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* ask({ tokens: 7, more: 1 }), 7)
      assert.strictEqual(yield* ask({ tokens: 0 }), 0)
      for (const none of [{}, { tokens: -1 }, { tokens: null }, [], "7"]) {
        assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(ask(none))), "InvalidResponse")
      }
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(ask({ error: {} }))), "Overloaded")
    }))

  it.effect("refuses what the request would be refused for", () =>
    Effect.gen(function*() {
      const subject = { origin, model: "acme-1", capabilities: { ...Capability.all, imageInput: false } }
      const prompt = [{
        role: "user" as const,
        content: [{ type: "file" as const, mediaType: "image/png", data: "aGk=" }]
      }]
      const error = yield* Effect.flip(TokenCount.prepare(subject, { prompt }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      const counted = yield* TokenCount.prepare(subject, { prompt: "Hi", toolChoice: "none" })
      assert.deepStrictEqual([counted.toolChoice, counted.tools.length], ["none", 0])
    }))
})
