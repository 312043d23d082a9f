import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Api } from "../../src/recordings/Api.ts"
import { parseJson } from "../../src/recordings/json.ts"
import type { Observation } from "../../src/recordings/observe.ts"
import { runExchange } from "../../src/recordings/run-exchange.ts"
import { startServer } from "../../src/recordings/serve.ts"
import { answered } from "./exchange.ts"

const vectorsFrom = (text: string, status: number): Observation => {
  const body = parseJson(text)
  return status === 200 && Array.isArray(body)
    ? { kind: "embeddings", vectors: [body.map(Number)], inputTokens: 1 }
    : { kind: "error", reason: "InvalidRequestError", retryable: false, retryAfterMillis: undefined, message: text }
}

const post = (url: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ model: "m" }) })
    return vectorsFrom(await response.text(), response.status)
  })

const attempt = (run: (baseUrl: string) => Effect.Effect<Observation>) => ({
  run,
  model: "m",
  stream: false,
  said: ["m"],
  declared: new Set<string>(),
  customName: (name: string) => name
})

const api: Api = {
  path: "/v1/embed",
  read: ({ response }) =>
    response.status === 200
      ? { kind: "embeddings", vectors: [[1, 2]], inputTokens: 1 }
      : { kind: "error", reasons: ["InvalidRequestError"], retryable: false, retryAfterMillis: undefined },
  attempt: () => attempt((baseUrl) => post(`${baseUrl}/v1/embed`)),
  plainAttempt: () => attempt((baseUrl) => post(`${baseUrl}/v1/embed`))
}

const run = (exchange: ReturnType<typeof answered>, over: Partial<Api> = {}) =>
  Effect.scoped(Effect.flatMap(startServer, (server) => runExchange(server, exchange, { ...api, ...over })))

describe("runExchange", () => {
  it.effect("passes where the answer says the same", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run(answered([1, 2])), { kind: "passed" })
    }))

  it.effect("fails with the difference", () =>
    Effect.gen(function*() {
      const outcome = yield* run(answered([1, 3]))
      assert.deepStrictEqual(outcome, { kind: "failed", lines: ["number 1 of vector 0: expected 2, got 3"] })
    }))

  it.effect("fails where another place, or no place, is asked", () =>
    Effect.gen(function*() {
      const elsewhere = yield* run(answered([1, 2]), {
        attempt: () => attempt((baseUrl) => post(`${baseUrl}/elsewhere`))
      })
      assert.deepStrictEqual(elsewhere, {
        kind: "failed",
        lines: ["path: expected \"/v1/embed\", got \"/elsewhere\""]
      })
      const nowhere = yield* run(answered([1, 2]), {
        attempt: () => attempt(() => Effect.succeed(vectorsFrom("", 400)))
      })
      assert.strictEqual(nowhere.kind, "failed")
    }))

  it.effect("makes a request refused before the network again, where the vendor refused it too", () =>
    Effect.gen(function*() {
      const refused = { attempt: () => attempt(() => Effect.succeed(vectorsFrom("", 400))) }
      assert.deepStrictEqual(yield* run(answered({}, 400), refused), { kind: "passed" })
    }))

  it.effect("turns whatever is thrown into a failure", () =>
    Effect.gen(function*() {
      for (
        const over of [
          { attempt: () => attempt(() => Effect.die(new Error("a defect"))) },
          {
            read: () => {
              throw new Error("a defect")
            }
          }
        ]
      ) {
        const outcome = yield* run(answered([1, 2]), over)
        assert.include(outcome.kind === "failed" ? outcome.lines.join() : "", "a defect")
      }
    }))
})
