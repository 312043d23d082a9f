import { assert, describe, it } from "@effect/vitest"
import * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import type { Api, Attempt } from "../../src/recordings/Api.ts"
import type { Heard } from "../../src/recordings/heard.ts"
import { parseJson } from "../../src/recordings/json.ts"
import { runExchange } from "../../src/recordings/run-exchange.ts"
import { startServer } from "../../src/recordings/serve.ts"
import type { Transport } from "../../src/recordings/transport.ts"
import { answered } from "./exchange.ts"

const heardFrom = (text: string, status: number): Heard => {
  const body = parseJson(text)
  if (status === 200 && Array.isArray(body)) return { kind: "embeddings", vectors: [body.map(Number)], inputTokens: 1 }
  const reason = new AiError.InvalidRequestError({ description: text })
  return { kind: "error", error: AiError.make({ module: "Made", method: "up", reason }), parts: [] }
}

const post = (url: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ model: "m" }) })
    return heardFrom(await response.text(), response.status)
  })

const attempt = (run: Attempt["run"]): Attempt => ({
  run,
  compareAsked: ({ body }) => JSON.stringify(body) === `{"model":"m"}` ? [] : ["another body"],
  declared: new Map(),
  customName: (name: string) => name,
  form: { spared: [], takenApart: [] }
})

const posting = (path: string) => () => attempt(({ baseUrl }: Transport) => post(`${baseUrl}${path}`))

const api: Api = {
  path: "/v1/embed",
  read: ({ response }) =>
    response.status === 200
      ? { kind: "embeddings", vectors: [[1, 2]], inputTokens: 1 }
      : { kind: "error", reasons: ["InvalidRequestError"], retryable: false, retryAfterMillis: undefined, said: [] },
  attempt: posting("/v1/embed"),
  plainAttempt: posting("/v1/embed")
}

const run = (exchange: ReturnType<typeof answered>, over: Partial<Api> = {}) =>
  Effect.map(
    Effect.scoped(Effect.flatMap(startServer, (server) => runExchange(server, exchange, { ...api, ...over }, "seed"))),
    ({ lines }) => lines
  )

describe("runExchange", () => {
  it.effect("passes where the answer says the same", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run(answered([1, 2])), [])
    }))

  it.effect("fails with the difference", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run(answered([1, 3])), ["number 1 of vector 0: expected 2, got 3"])
    }))

  it.effect("fails where another place, or no place, is asked", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run(answered([1, 2]), { attempt: posting("/elsewhere") }), [
        "path: expected \"/v1/embed\", got \"/elsewhere\""
      ])
      const nowhere = { attempt: () => attempt(() => Effect.succeed(heardFrom("", 400))) }
      assert.include(yield* run(answered([1, 2]), nowhere), "0 requests in place of one")
    }))

  it.effect("fails where something else is asked", () =>
    Effect.gen(function*() {
      const asking = { attempt: () => ({ ...posting("/v1/embed")(), compareAsked: () => ["not that"] }) }
      assert.deepStrictEqual(yield* run(answered([1, 2]), asking), ["not that"])
    }))

  it.effect("makes a request refused before the network again, where the vendor refused it too", () =>
    Effect.gen(function*() {
      const refused = { attempt: () => attempt(() => Effect.succeed(heardFrom("", 400))) }
      assert.deepStrictEqual(yield* run(answered({}, 400), refused), [])
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
      ) assert.include((yield* run(answered([1, 2]), over)).join(), "a defect")
    }))
})
