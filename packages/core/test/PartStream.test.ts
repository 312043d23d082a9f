import { assert, describe, it } from "@effect/vitest"
import type * as EventStream from "@llm-layers/core/EventStream"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Stream } from "effect"
import type { AiError } from "effect/ai"

/** Runs steps one after the other and gives all parts and what is still open. */
const run = (...steps: ReadonlyArray<(blocks: PartStream.Blocks) => PartStream.Result>) => {
  let blocks = PartStream.empty
  const parts: Array<PartStream.Part> = []
  for (const step of steps) {
    const [next, given] = step(blocks)
    blocks = next
    parts.push(...given)
  }
  return { blocks, parts }
}

describe("blocks", () => {
  it("text has a start, deltas and an end, with metadata where it was given", () => {
    const { blocks, parts } = run(
      (all) => PartStream.start(all, "text", "0", "msg_1", { acme: { item: 1 } }),
      (all) => PartStream.delta(all, "text", "0", "a"),
      (all) => PartStream.delta(all, "text", "0", "b", { acme: { logprob: -1 } }),
      (all) => PartStream.end(all, "0", { metadata: { acme: { done: true } } })
    )
    assert.deepStrictEqual(parts, [
      { type: "text-start", id: "msg_1", metadata: { acme: { item: 1 } } },
      { type: "text-delta", id: "msg_1", delta: "a" },
      { type: "text-delta", id: "msg_1", delta: "b", metadata: { acme: { logprob: -1 } } },
      { type: "text-end", id: "msg_1", metadata: { acme: { done: true } } }
    ])
    assert.deepStrictEqual(blocks, {})
  })

  it("a delta starts its block where the vendor does not; a second start and a second end do nothing", () => {
    const { parts } = run(
      (all) => PartStream.delta(all, "reasoning", "r", "hm"),
      (all) => PartStream.start(all, "reasoning", "r", "other"),
      (all) => PartStream.end(all, "r"),
      (all) => PartStream.end(all, "r"),
      (all) => PartStream.end(all, "never opened")
    )
    assert.deepStrictEqual(parts, [
      { type: "reasoning-start", id: "r" },
      { type: "reasoning-delta", id: "r", delta: "hm" },
      { type: "reasoning-end", id: "r" }
    ])
  })

  it("a tool call is given out whole, at its end, beside calls that are open at the same time", () => {
    const { parts } = run(
      (all) => PartStream.toolStart(all, "0", { id: "a", name: "Weather" }),
      (all) => PartStream.toolStart(all, "1", { id: "b", name: "search", providerExecuted: true }, { acme: { n: 1 } }),
      (all) => PartStream.toolDelta(all, "0", "{\"city\":"),
      (all) => PartStream.toolDelta(all, "1", ""),
      (all) => PartStream.toolDelta(all, "0", "\"Rome\"}"),
      (all) => PartStream.toolDelta(all, "2", "nobody's"),
      (all) => PartStream.end(all, "1"),
      (all) => PartStream.end(all, "0", { metadata: { acme: { item: "i" } } })
    )
    assert.deepStrictEqual(parts, [
      { type: "tool-params-start", id: "a", name: "Weather" },
      { type: "tool-params-start", id: "b", name: "search", providerExecuted: true, metadata: { acme: { n: 1 } } },
      { type: "tool-params-delta", id: "a", delta: "{\"city\":" },
      { type: "tool-params-delta", id: "a", delta: "\"Rome\"}" },
      { type: "tool-params-end", id: "b" },
      { type: "tool-call", id: "b", name: "search", params: {}, providerExecuted: true },
      { type: "tool-params-end", id: "a" },
      { type: "tool-call", id: "a", name: "Weather", params: { city: "Rome" }, metadata: { acme: { item: "i" } } }
    ])
  })

  it("arguments repeated at the end win over the pieces; arguments that are no JSON by nature are taken as they are", () => {
    const { parts } = run(
      (all) => PartStream.toolStart(all, "0", { id: "a", name: "A" }),
      (all) => PartStream.toolDelta(all, "0", "{\"a\":"),
      (all) => PartStream.end(all, "0", { text: "{\"a\":1}" }),
      (all) => PartStream.toolStart(all, "0", { id: "b", name: "B" }),
      (all) => PartStream.toolDelta(all, "0", "SELECT 1"),
      (all) => PartStream.end(all, "0", { params: { input: "SELECT 1" } })
    )
    assert.deepStrictEqual(parts.filter((part) => part.type === "tool-call"), [
      { type: "tool-call", id: "a", name: "A", params: { a: 1 } },
      { type: "tool-call", id: "b", name: "B", params: { input: "SELECT 1" } }
    ])
  })

  it("arguments that are not JSON stay text, and the part says so beside what the vendor says", () => {
    const { parts } = run(
      (all) => PartStream.toolStart(all, "0", { id: "a", name: "A" }),
      (all) => PartStream.toolDelta(all, "0", "{\"city\": Ro"),
      (all) => PartStream.end(all, "0", { metadata: { acme: { item: "i" } } })
    )
    assert.deepStrictEqual(parts.at(-1), {
      type: "tool-call",
      id: "a",
      name: "A",
      params: "{\"city\": Ro",
      metadata: { acme: { item: "i" }, llmLayers: { invalidJson: true } }
    })
  })

  it("a key that is used again for another call ends the one before; the same call again changes nothing", () => {
    const { parts } = run(
      (all) => PartStream.toolStart(all, "0", { id: "a", name: "A" }),
      (all) => PartStream.toolDelta(all, "0", "{}"),
      (all) => PartStream.toolStart(all, "0", { id: "a", name: "A" }),
      (all) => PartStream.toolStart(all, "0", { id: "b", name: "B" }),
      (all) => PartStream.endAll(all)
    )
    assert.deepStrictEqual(parts.map((part) => [part.type, "id" in part ? part.id : undefined]), [
      ["tool-params-start", "a"],
      ["tool-params-delta", "a"],
      ["tool-params-end", "a"],
      ["tool-call", "a"],
      ["tool-params-start", "b"],
      ["tool-params-end", "b"],
      ["tool-call", "b"]
    ])
  })

  it("endAll ends what is open in the order it was started, whatever the keys are", () => {
    const { blocks, parts } = run(
      (all) => PartStream.start(all, "reasoning", "z", "z"),
      (all) => PartStream.toolStart(all, "1", { id: "one", name: "A" }),
      (all) => PartStream.toolStart(all, "0", { id: "zero", name: "A" }),
      (all) => PartStream.end(all, "z"),
      (all) => PartStream.start(all, "text", "a", "a"),
      (all) => PartStream.endAll(all)
    )
    assert.deepStrictEqual(
      parts.slice(4).map((part) => [part.type, "id" in part ? part.id : undefined]),
      [
        ["text-start", "a"],
        ["tool-params-end", "one"],
        ["tool-call", "one"],
        ["tool-params-end", "zero"],
        ["tool-call", "zero"],
        ["text-end", "a"]
      ]
    )
    assert.deepStrictEqual(blocks, {})
  })

  it("changes no value it was given", () => {
    const [blocks] = PartStream.toolStart(PartStream.empty, "0", { id: "a", name: "A" })
    const before = structuredClone(blocks)
    PartStream.toolDelta(blocks, "0", "{}")
    PartStream.end(blocks, "0")
    PartStream.endAll(blocks)
    assert.deepStrictEqual(blocks, before)
  })
})

const origin = { provider: "acme", module: "AcmeLanguageModel", method: "streamText" }
const broken = ProviderError.make(origin, "ProviderFailed", { description: "broken" })
const missing = ProviderError.make(origin, "StreamInterrupted", { description: "missing" })

/** Gives out each event's data as a text delta; `skip` gives nothing, `fail` fails after a part. */
const decoder: PartStream.Decoder<number> = {
  initial: 0,
  step: (count, event) => {
    const delta: PartStream.Part = { type: "text-delta", id: String(count), delta: String(event.data) }
    if (event.event === "skip") return [count, []]
    if (event.event === "metadata") return [count, [{ type: "response-metadata", id: "metadata" }]]
    if (event.event === "fail") return [count, [delta], broken]
    return [count + 1, [delta]]
  },
  halt: (count) => count < 3 ? [[{ type: "text-end", id: "halted" }], missing] : [[{ type: "text-end", id: "ended" }]]
}

const event = (data: unknown, name = "message"): EventStream.JsonEvent => ({ event: name, data })

const decodeReads = (
  reads: ReadonlyArray<ReadonlyArray<EventStream.JsonEvent>>,
  failure?: AiError.AiError
) => {
  const arrays: Array<ReadonlyArray<PartStream.Part>> = []
  const source = Stream.fromArrays(...reads)
  return PartStream.decode(failure === undefined ? source : Stream.concat(source, Stream.fail(failure)), decoder).pipe(
    Stream.runForEachArray((parts) => Effect.sync(() => arrays.push(parts))),
    Effect.match({
      onSuccess: () => ({ arrays, error: undefined }),
      onFailure: (error) => ({ arrays, error })
    })
  )
}

const idsOf = (arrays: ReadonlyArray<ReadonlyArray<PartStream.Part>>) =>
  arrays.map((parts) => parts.map((part) => "id" in part ? part.id : undefined))

describe("decode", () => {
  it.effect("keeps the parts of one read together, and passes over reads without parts", () =>
    Effect.gen(function*() {
      const { arrays, error } = yield* decodeReads([
        [event(1), event(2)],
        [event(0, "skip")],
        [event(0, "skip"), event(3)]
      ])
      assert.isUndefined(error)
      assert.deepStrictEqual(idsOf(arrays), [["0", "1"], ["2"], ["ended"]])
    }))

  it.effect("ends with what halt says: last parts, then the error", () =>
    Effect.gen(function*() {
      const { arrays, error } = yield* decodeReads([[event(1)]])
      assert.deepStrictEqual(idsOf(arrays), [["0"], ["halted"]])
      assert.strictEqual(error, missing)
    }))

  it.effect("asks halt of an empty stream, too", () =>
    Effect.gen(function*() {
      const { arrays, error } = yield* decodeReads([])
      assert.deepStrictEqual(idsOf(arrays), [["halted"]])
      assert.strictEqual(error, missing)
    }))

  it.effect("an error of a step ends the stream after the parts so far; later events are not looked at", () =>
    Effect.gen(function*() {
      const { arrays, error } = yield* decodeReads([[event(1)], [event(2, "fail"), event(3)], [event(4)]])
      assert.deepStrictEqual(idsOf(arrays), [["0"], ["1"]])
      assert.strictEqual(error, broken)
    }))

  it.effect("a failure of the events passes, without halt", () =>
    Effect.gen(function*() {
      const { arrays, error } = yield* decodeReads([[event(1)]], broken)
      assert.deepStrictEqual(idsOf(arrays), [["0"]])
      assert.strictEqual(error, broken)
    }))

  it.effect("metadata that comes alone goes out with what follows, or after four reads without parts", () =>
    Effect.gen(function*() {
      const metadata = [event(0, "metadata")]
      const skip = [event(0, "skip")]
      const followed = yield* decodeReads([metadata, skip, [event(1)], metadata, [event(2)]])
      assert.deepStrictEqual(idsOf(followed.arrays), [["metadata", "0"], ["metadata"], ["1"], ["halted"]])
      const alone = yield* decodeReads([metadata, skip, skip, skip, skip, [event(1)]])
      assert.deepStrictEqual(idsOf(alone.arrays), [["metadata"], ["0"], ["halted"]])
      const together = yield* decodeReads([[event(0, "metadata"), event(1)]])
      assert.deepStrictEqual(idsOf(together.arrays), [["metadata", "0"], ["halted"]])
    }))

  it.effect("metadata that comes alone is not lost where the stream ends or fails next", () =>
    Effect.gen(function*() {
      const metadata = [event(0, "metadata")]
      const ended = yield* decodeReads([metadata])
      assert.deepStrictEqual(idsOf(ended.arrays), [["metadata", "halted"]])
      assert.strictEqual(ended.error, missing)
      const failed = yield* decodeReads([metadata], broken)
      assert.deepStrictEqual(idsOf(failed.arrays), [["metadata"]])
      assert.strictEqual(failed.error, broken)
    }))

  it.effect("starts anew each time the stream runs", () =>
    Effect.gen(function*() {
      const stream = PartStream.decode(Stream.make(event(1), event(2), event(3)), decoder)
      const first = yield* Stream.runCollect(stream)
      assert.deepStrictEqual(yield* Stream.runCollect(stream), first)
    }))
})
