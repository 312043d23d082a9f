import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { LoopbackServer } from "@llm-layers/testing"
import { Effect } from "effect"
import type { Prompt } from "effect/ai"
import { watchRejections } from "./rejections.ts"
import { call, cases, eventStream, run } from "./run.ts"

watchRejections()

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const withFile = (mediaType: string, data: string | URL | Uint8Array = png): Prompt.RawInput => [{
  role: "user",
  content: [{ type: "text", text: "What is this?" }, { type: "file", mediaType, data }]
}]

describe.each(cases)("$name", (one) => {
  const { way, wire } = one

  it.effect("an image that the model sees is sent, so that the refusals below are not the image's fault", () =>
    Effect.gen(function*() {
      const said = { deltas: ["A dot."] }
      const { before, terminal } = wire.stream(said)
      const plan = way === "generateText"
        ? { body: wire.answer(said) }
        : { headers: eventStream, body: [...before, ...terminal] }
      const { error, requests } = yield* run(one, plan, { prompt: withFile("image/png") })
      assert.isUndefined(error)
      assert.include(requests[0]?.body, png)
    }))

  const { mediaType, model } = wire.blind
  for (
    const [name, prompt] of [
      ["base64", withFile(mediaType)],
      ["bytes", withFile(mediaType, Buffer.from(png, "base64"))],
      ["data URL", withFile(mediaType, `data:${mediaType};base64,${png}`)],
      ["address", withFile(mediaType, new URL("https://example.com/a.png"))]
    ] as const
  ) {
    it.effect(`an image that the model cannot see is refused before the network: ${name}`, () =>
      Effect.scoped(Effect.gen(function*() {
        const server = yield* LoopbackServer.make([])
        const { error, parts } = yield* call(one, server.url, { model, prompt })
        assert.isDefined(error)
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual(error.reason._tag, "InvalidRequestError")
        assert.strictEqual(error.isRetryable, false)
        assert.include(error.message, mediaType)
        assert.lengthOf(parts, 0)
        assert.lengthOf(yield* server.requests, 0)
      })))
  }

  it.effect("a video that no model of the vendor sees is refused before the network", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const { error } = yield* call(one, server.url, { prompt: withFile("video/mp4") })
      assert.isDefined(error)
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(yield* server.requests, 0)
    })))

  it.effect("a file that is none is refused before the network", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const { error } = yield* call(one, server.url, { prompt: withFile("image/png", "not base64!") })
      assert.isDefined(error)
      assert.strictEqual(error.reason._tag, "InvalidRequestError")
      assert.strictEqual(error.isRetryable, false)
      assert.lengthOf(yield* server.requests, 0)
    })))
})
