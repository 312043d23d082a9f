import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import type { Heard } from "../../src/recordings/heard.ts"
import { runExchange } from "../../src/recordings/run-exchange.ts"
import { heardDifference } from "../../src/recordings/same-parts.ts"
import { startServer } from "../../src/recordings/serve.ts"
import { readServerSentEvents } from "../../src/recordings/sse.ts"
import { stubTransport } from "../../src/recordings/stub.ts"
import { compareTruncated, truncationsOf } from "../../src/recordings/truncate.ts"
import { variantsOf } from "../../src/recordings/variants.ts"
import { recorded } from "./answers.ts"
import { streamed } from "./exchange.ts"

const origin = { provider: "made-up", module: "Made", method: "up" }
const start = Response.makePart("text-start", { id: "t" })
const delta = (text: string) => Response.makePart("text-delta", { id: "t", delta: text })

describe("a stream that is played again", () => {
  it("comes in every form", () => {
    const { response } = streamed({ text: "é" }, "[DONE]")
    const variants = variantsOf(response, "seed")
    assert.deepStrictEqual(variants.map(({ name }) => name), [
      "one piece",
      "byte by byte",
      "random cuts 1",
      "random cuts 2",
      "other line ends",
      "other line ends, byte by byte",
      "comments between the events"
    ])
    for (const { pieces } of variants) {
      const events = readServerSentEvents(Buffer.concat(pieces).toString())
      assert.deepStrictEqual(events.map((event) => event.data), ["{\"text\":\"é\"}", "[DONE]"])
    }
    assert.deepStrictEqual(variantsOf(response, "seed"), variants)
    assert.notDeepEqual(variantsOf(response, "other")[2]?.pieces, variants[2]?.pieces)
  })

  it.effect("arrives in the pieces asked for", () =>
    Effect.gen(function*() {
      const asked = ["a", "bcd", "e", "fg"].map((piece) => Buffer.from(piece))
      const { baseUrl, fetch } = stubTransport({ status: 200, headers: {}, body: "" }, asked)
      const reader = (yield* Effect.promise(() => (fetch ?? globalThis.fetch)(baseUrl))).body?.getReader()
      const pieces: Array<string> = []
      for (;;) {
        const read = yield* Effect.promise(async () => reader?.read())
        if (read?.value === undefined) break
        pieces.push(Buffer.from(read.value).toString())
      }
      assert.deepStrictEqual(pieces, ["a", "bcd", "e", "fg"])
    }))

  it("must give the same parts, or fail the same", () => {
    const heard = (...parts: ReadonlyArray<Response.AnyPart>): Heard => ({ kind: "answer", parts, object: undefined })
    const failed = (text: string): Heard => ({
      kind: "error",
      error: ProviderError.make(origin, "Overloaded", { description: text }),
      parts: []
    })
    assert.deepStrictEqual(heardDifference(heard(start, delta("a")), heard(start, delta("a"))), [])
    assert.lengthOf(heardDifference(heard(start, delta("a")), heard(start, delta("b"))), 1)
    assert.lengthOf(heardDifference(heard(start, delta("a")), heard(start)), 1)
    assert.lengthOf(heardDifference(heard(start), failed("x")), 1)
    assert.lengthOf(heardDifference(failed("x"), failed("y")), 1)
  })
})

describe("a stream that is cut", () => {
  const form = { isLast: ({ data }: { data: string }) => data === "[DONE]", ending: "data: [DONE]\n\n" }
  const read = () => ({
    kind: "error" as const,
    reasons: [],
    retryable: undefined,
    retryAfterMillis: undefined,
    said: []
  })

  it.effect("ends before its last event", () =>
    Effect.gen(function*() {
      const cut = yield* truncationsOf(streamed({ n: 1 }, { n: 2 }, { n: 3 }, "[DONE]"), form, read, "seed")
      assert.isAbove(cut.length, 2)
      for (const { bytes } of cut) assert.notInclude(Buffer.from(bytes).toString(), "DONE")
      const texts = cut.map(({ bytes }) => Buffer.from(bytes).toString())
      assert.include(texts, "data: {\"n\":1}\n\n")
      assert.include(texts, "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: {\"n\":3}\n\n")
    }))

  it("is an error with what had come", () => {
    const whole: Heard = { kind: "answer", parts: [start, delta("a"), delta("b")], object: undefined }
    const arrived = { kind: "answer", text: "a", reasoning: "" } as never
    const truncation = { name: "", bytes: new Uint8Array(), arrived, begun: true }
    const interrupted = (text: string, ...parts: ReadonlyArray<Response.AnyPart>): Heard => ({
      kind: "error",
      error: ProviderError.withPartial(origin, ProviderError.make(origin, "StreamInterrupted"), {
        parts: [{ type: "text", text }],
        usage: undefined
      }),
      parts
    })
    assert.deepStrictEqual(compareTruncated(truncation, whole, interrupted("a", start, delta("a"))), [])
    assert.lengthOf(compareTruncated(truncation, whole, whole), 1)
    assert.lengthOf(compareTruncated(truncation, whole, interrupted("", start, delta("a"))), 1)
    assert.lengthOf(compareTruncated(truncation, whole, interrupted("a", start, delta("x"))), 1)
    const other: Heard = { kind: "error", error: ProviderError.make(origin, "InvalidRequest"), parts: [] }
    assert.lengthOf(compareTruncated(truncation, whole, other), 2)
  })
})

describe("the answers of the providers", () => {
  it.effect("pass whole, in pieces, cut, and in the next request", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* startServer
      for (const { api, exchange, name } of recorded) {
        const { lines, turn } = yield* runExchange(server, exchange, api, "seed")
        assert.deepStrictEqual(lines, [], name)
        assert.isDefined(turn?.next)
      }
    })))
})
