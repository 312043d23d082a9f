import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { DateTime, Effect } from "effect"
import * as OpenRouterKey from "../src/OpenRouterKey.ts"
import { answering } from "./fixtures/stub.ts"

const data = {
  label: "sk-or-v1-abc...123",
  limit: 100,
  limit_remaining: 74.5,
  limit_reset: "monthly",
  usage: 25.5,
  usage_daily: 1,
  usage_weekly: 2,
  usage_monthly: 3,
  byok_usage: 4,
  is_free_tier: false,
  expires_at: "2027-01-01T00:00:00Z"
}

describe("current", () => {
  it.effect("asks for the key, and gives what it may spend and has spent", () =>
    Effect.gen(function*() {
      const { client, sent } = answering([{ json: { data } }])
      const key = yield* Effect.provide(OpenRouterKey.current, client)
      const [request] = sent
      assert.deepStrictEqual([request?.method, request?.url, request?.body], [
        "GET",
        "https://openrouter.ai/api/v1/key",
        undefined
      ])
      assert.strictEqual(request?.headers.get("authorization"), "Bearer sk-or-test")
      const { expiresAt, raw, ...rest } = key
      assert.deepStrictEqual(rest, {
        label: "sk-or-v1-abc...123",
        limit: 100,
        limitRemaining: 74.5,
        limitReset: "monthly",
        usage: { total: 25.5, day: 1, week: 2, month: 3 },
        byokUsage: { total: 4, day: undefined, week: undefined, month: undefined },
        isFreeTier: false
      })
      assert.strictEqual(expiresAt && DateTime.formatIso(expiresAt), "2027-01-01T00:00:00.000Z")
      assert.deepStrictEqual(raw, data)
    }))

  it.effect("a key without a limit has none, and a date that is none fails nothing", () =>
    Effect.gen(function*() {
      const open = { ...data, limit: null, limit_remaining: null, limit_reset: null, expires_at: "never" }
      const { client } = answering([{ json: { data: open } }])
      const key = yield* Effect.provide(OpenRouterKey.current, client)
      assert.deepStrictEqual([key.limit, key.limitRemaining, key.limitReset, key.expiresAt], [
        undefined,
        undefined,
        undefined,
        undefined
      ])
    }))

  it.effect("an answer without counts is no answer", () =>
    Effect.gen(function*() {
      for (const json of [{}, { data: {} }, { data: { usage: "25" } }, []]) {
        const error = yield* Effect.flip(Effect.provide(OpenRouterKey.current, answering([{ json }]).client))
        assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
      }
    }))
})

describe("credits", () => {
  it.effect("what was bought, used and is left", () =>
    Effect.gen(function*() {
      const { client, sent } = answering([{ json: { data: { total_credits: 100.5, total_usage: 25.5 } } }])
      assert.deepStrictEqual(yield* Effect.provide(OpenRouterKey.credits, client), {
        total: 100.5,
        used: 25.5,
        remaining: 75
      })
      assert.strictEqual(sent[0]?.url, "https://openrouter.ai/api/v1/credits")
    }))

  it.effect("is refused to keys that may not see it, with a bad status and with a good one", () =>
    Effect.gen(function*() {
      const json = { error: { code: 403, message: "Only management keys can fetch credits" } }
      for (const status of [403, 200]) {
        const error = yield* Effect.flip(Effect.provide(OpenRouterKey.credits, answering([{ json, status }]).client))
        assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
        assert.strictEqual(error.module, "OpenRouterKey")
        assert.strictEqual(error.method, "credits")
      }
    }))
})
