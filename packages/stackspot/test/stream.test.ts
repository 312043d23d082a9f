import { assert, describe, it } from "@effect/vitest"
import * as EventStream from "@llm-layers/core/EventStream"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { errors } from "../src/internal/errors.ts"
import { decodeReason, decodeUsage } from "../src/internal/finish.ts"
import { decodeAnswer } from "../src/internal/response.ts"
import { type DecodeContext, decoder } from "../src/internal/stream.ts"
import { answer, last } from "./fixtures/stackspot.ts"

const origin = { provider: "stackspot", module: "StackSpotLanguageModel", method: "streamText" }

const context: DecodeContext = {
  warnings: [],
  eventError: (body) =>
    ProviderError.fromFailure(
      origin,
      errors,
      { status: undefined, headers: {}, body: JSON.stringify(body), method: "POST", url: "" },
      0
    ),
  cutShort: () => ProviderError.make(origin, "StreamInterrupted")
}

const done = { event: EventStream.doneEvent, data: undefined }

const message = (data: unknown): EventStream.JsonEvent => ({ event: "message", data })

const decode = (...events: ReadonlyArray<EventStream.JsonEvent>) => {
  const { halt, initial, step } = decoder(context)
  const parts: Array<PartStream.Part> = []
  let state = initial
  for (const event of events) {
    const [next, given, error] = step(state, event)
    state = next
    parts.push(...given)
    if (error !== undefined) return { parts, kind: ProviderError.kindOf(error) }
  }
  const [rest, error] = halt(state)
  return { parts: [...parts, ...rest], kind: error === undefined ? undefined : ProviderError.kindOf(error) }
}

const texts = (parts: ReadonlyArray<PartStream.Part>) =>
  parts.map((part) => part.type === "text-delta" ? part.delta : "").join("")

const finish = (parts: ReadonlyArray<PartStream.Part>) => parts.find((part) => part.type === "finish")

describe("the end of a stream", () => {
  const text = message({ message: "Hi" })

  it("is an event with a reason and token counts", () => {
    const { kind, parts } = decode(text, message(last()), done)
    assert.isUndefined(kind)
    assert.strictEqual(texts(parts), "Hi")
    assert.strictEqual(finish(parts)?.reason, "stop")
    assert.strictEqual(finish(parts)?.usage.outputTokens.total, 3)
  })

  it("may come in two events, or with one of the two alone", () => {
    const both = decode(text, message({ stop_reason: "stop" }), message({ tokens: { input: 1, output: "2" } }))
    assert.strictEqual(finish(both.parts)?.usage.outputTokens.total, 2)
    for (const one of [{ stop_reason: "stop", tokens: null }, { tokens: { input: 1, output: 2 } }]) {
      for (const after of [[], [done]]) {
        const { kind, parts } = decode(text, message(one), ...after)
        assert.isUndefined(kind)
        assert.strictEqual(parts.filter((part) => part.type === "finish").length, 1)
      }
    }
  })

  it("may have the last piece of the text in it", () => {
    assert.strictEqual(texts(decode(text, message(last({ message: "!" }))).parts), "Hi!")
  })

  it("that is missing is an error, whatever came before", () => {
    for (const events of [[], [text], [text, done], [message({ hello: "world" })]]) {
      assert.strictEqual(decode(...events).kind, "StreamInterrupted")
    }
  })

  it("is the end: what follows changes nothing", () => {
    const { kind, parts } = decode(text, message(last()), text, { event: "error", data: {} })
    assert.isUndefined(kind)
    assert.strictEqual(texts(parts), "Hi")
  })
})

describe("an error inside a stream", () => {
  it("is told by its event or by its members", () => {
    const limit = { type: "TooManyRequests", code: "INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED", details: "…" }
    assert.strictEqual(decode(message(limit)).kind, "RateLimited")
    assert.strictEqual(decode(message({ message: "Hi" }), { event: "error", data: limit }).kind, "RateLimited")
    assert.strictEqual(decode(message({ code: "X", message: "It broke" })).kind, "ProviderFailed")
    assert.strictEqual(decode(message({ error: "It broke" })).kind, "ProviderFailed")
    const gateway = { status: 503, error: "Service Unavailable", message: "No server is free", path: "/v1" }
    assert.strictEqual(decode(message(gateway)).kind, "Overloaded")
  })

  it("in place of a plain answer is one, too", () => {
    const error = decodeAnswer(context, { code: "INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED", details: "…" })
    assert.isFalse(Array.isArray(error))
  })
})

describe("what is unknown", () => {
  it("is kept in the metadata of the finish part", () => {
    const { parts } = decode(
      message({ message: "Hi", thing: 1 }),
      { event: "what", data: { no: "type" } },
      message(last({ agent_info: [{ id: "a" }], knowledge_source_id: ["ks-1"] }))
    )
    const { more, unknown, usage, knowledgeSourceIds } = finish(parts)?.metadata?.stackspot ?? {}
    assert.deepStrictEqual(more, { thing: 1, agent_info: [{ id: "a" }] })
    assert.deepStrictEqual(unknown, [{ event: "what", data: { no: "type" } }])
    assert.deepStrictEqual(usage, { user: null, enrichment: null, input: 12, output: 3 })
    assert.deepStrictEqual(knowledgeSourceIds, ["ks-1"])
  })
})

describe("sources", () => {
  it("are documents or addresses, with what they came as", () => {
    const source = [{ name: "Handbook", id: "ks-1" }, { name: "Page", url: "https://x.example/a" }, "https://y.example"]
    const cross_account_source = ["StackSpot docs", { odd: true }]
    const parts = decodeAnswer(context, answer("Hi", { source, cross_account_source }))
    assert.isTrue(Array.isArray(parts))
    const all = Array.isArray(parts) ? parts : []
    assert.deepStrictEqual(
      all.flatMap((part) => part.type === "source" ? [{ ...part, metadata: part.metadata }] : []),
      [
        {
          type: "source",
          sourceType: "document",
          id: "source_0",
          mediaType: "text/plain",
          title: "Handbook",
          metadata: { stackspot: { source: { name: "Handbook", id: "ks-1" } } }
        },
        {
          type: "source",
          sourceType: "url",
          id: "source_1",
          url: "https://x.example/a",
          title: "Page",
          metadata: { stackspot: { source: { name: "Page", url: "https://x.example/a" } } }
        },
        {
          type: "source",
          sourceType: "url",
          id: "source_2",
          url: "https://y.example",
          title: "https://y.example",
          metadata: { stackspot: { source: "https://y.example" } }
        },
        {
          type: "source",
          sourceType: "document",
          id: "source_3",
          mediaType: "text/plain",
          title: "StackSpot docs",
          metadata: { stackspot: { source: "StackSpot docs", crossAccount: true } }
        }
      ]
    )
    const unknown = all.find((part) => part.type === "finish")?.metadata?.stackspot?.unknown
    assert.deepStrictEqual(unknown, [{ odd: true }])
  })
})

describe("token counts", () => {
  it("come as numbers, as texts or as null, in two shapes", () => {
    const cases = [
      [{ user: 5, enrichment: 7, output: 3 }, 12, 3],
      [{ user: "5", enrichment: "7", output: "3" }, 12, 3],
      [{ user: null, enrichment: null, input: 12, output: 3 }, 12, 3],
      [{ user: 5, enrichment: 7, input: "20", output: 3 }, 20, 3],
      [{ user: "5", enrichment: null, output: null }, 5, undefined],
      [{ user: null, enrichment: null, output: "" }, undefined, undefined],
      [null, undefined, undefined]
    ] as const
    for (const [tokens, input, output] of cases) {
      const usage = decodeUsage(tokens)
      assert.deepStrictEqual([usage.inputTokens.total, usage.outputTokens.total], [input, output])
    }
  })
})

describe("the reason of the end", () => {
  it("is one of those of effect/ai, and other for what is not known", () => {
    assert.deepStrictEqual(
      ["stop", "STOP", "length", "content_filter", "tired", undefined].map(decodeReason),
      ["stop", "stop", "length", "content-filter", "other", "unknown"]
    )
  })
})
