import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import { Effect, Stream } from "effect"

const origin = { provider: "acme", module: "AcmeLanguageModel", method: "streamText" }
const broken = ProviderError.make(origin, "ProviderFailed", { description: "broken" })
const usage = Usage.make({ inputTotal: 3, outputTotal: 2 })
const finish: PartStream.Part = { type: "finish", reason: "stop", usage }

describe("collect", () => {
  it.effect("folds a stream into whole parts, in the order they were started", () =>
    Effect.gen(function*() {
      const parts = yield* PartCollector.collect(Stream.make<ReadonlyArray<PartStream.Part>>(
        { type: "response-metadata", id: "r" },
        { type: "reasoning-start", id: "0", metadata: { acme: { a: 1 } } },
        { type: "text-start", id: "0" },
        { type: "reasoning-delta", id: "0", delta: "h" },
        { type: "text-delta", id: "0", delta: "a" },
        { type: "reasoning-delta", id: "0", delta: "m", metadata: { acme: { b: 2 } } },
        { type: "text-delta", id: "0", delta: "b" },
        { type: "text-end", id: "0" },
        { type: "reasoning-end", id: "0", metadata: { acme: { signature: "s" } } },
        { type: "tool-params-start", id: "t", name: "A" },
        { type: "tool-params-delta", id: "t", delta: "{}" },
        { type: "tool-params-end", id: "t" },
        { type: "tool-call", id: "t", name: "A", params: {} },
        { type: "source", sourceType: "url", id: "s", url: "https://example.com", title: "t" },
        finish
      ))
      assert.deepStrictEqual(parts, [
        { type: "response-metadata", id: "r" },
        { type: "reasoning", text: "hm", metadata: { acme: { a: 1, b: 2, signature: "s" } } },
        { type: "text", text: "ab", metadata: {} },
        { type: "tool-call", id: "t", name: "A", params: {} },
        { type: "source", sourceType: "url", id: "s", url: "https://example.com", title: "t" },
        finish
      ])
    }))

  it.effect("keeps what came where the stream fails", () =>
    Effect.gen(function*() {
      const cut = Stream.concat(
        Stream.fromArray<PartStream.Part>([{ type: "text-start", id: "0" }, {
          type: "text-delta",
          id: "0",
          delta: "He"
        }]),
        Stream.fail(ProviderError.make(origin, "ConnectionFailed"))
      )
      const error = yield* Effect.flip(PartCollector.collect(cut))
      assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
      assert.deepStrictEqual(ProviderError.partial(error)?.parts, [{ type: "text", text: "He", metadata: {} }])
      assert.strictEqual(yield* Effect.flip(PartCollector.collect(Stream.fail(broken))), broken)
    }))

  it("knows at any time what has come: open texts as they stand, unfinished tool calls not at all", () => {
    const collector = new PartCollector.Collector()
    assert.deepStrictEqual(collector.parts, [])
    assert.isUndefined(collector.usage)
    collector.push([
      { type: "response-metadata", id: "r", metadata: PartCollector.earlyUsage(usage) },
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "He" }
    ])
    const before = collector.parts
    collector.push([{ type: "text-delta", id: "0", delta: "llo" }])
    collector.push([{ type: "tool-params-start", id: "t", name: "A" }, {
      type: "tool-params-delta",
      id: "t",
      delta: "{"
    }])
    assert.deepStrictEqual(before[1], { type: "text", text: "He", metadata: {} })
    assert.deepStrictEqual(collector.parts.slice(1), [{ type: "text", text: "Hello", metadata: {} }])
    assert.deepStrictEqual(collector.usage, usage)
    const last = Usage.make({ inputTotal: 3, outputTotal: 9 })
    collector.push([{ type: "finish", reason: "stop", usage: last }])
    assert.deepStrictEqual(collector.usage, last)
  })

  it("puts early usage where the framework lets it pass", () => {
    assert.deepStrictEqual(PartCollector.earlyUsage(usage), Metadata.make(Metadata.namespace, { usage }))
  })
})
