import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import {
  callDelta,
  callEnd,
  callStart,
  citationEnd,
  citationStart,
  collect,
  contentDelta,
  contentEnd,
  contentStart,
  decode,
  hello,
  messageEnd,
  messageStart,
  planDelta
} from "./fixtures/events.ts"

const types = (parts: ReadonlyArray<{ readonly type: string }>) => parts.map((part) => part.type)

describe("text", () => {
  it("starts, grows and ends", () => {
    const { error, parts } = decode(hello)
    assert.isUndefined(error)
    assert.deepStrictEqual(types(parts), [
      "response-metadata",
      "text-start",
      "text-delta",
      "text-delta",
      "text-end",
      "finish"
    ])
    assert.deepStrictEqual(parts[0], { type: "response-metadata", id: "c1", metadata: {} })
  })

  it("ends where its end is missing, and starts where its start is", () => {
    const { error, parts } = decode([messageStart, contentDelta(0, { text: "Hi" }), messageEnd()])
    assert.isUndefined(error)
    assert.deepStrictEqual(types(parts), ["response-metadata", "text-start", "text-delta", "text-end", "finish"])
  })

  it("has its metadata first where the first event is missing", () => {
    const { parts } = decode(hello.slice(1))
    assert.strictEqual(parts[0]?.type, "response-metadata")
  })
})

describe("reasoning", () => {
  it("says what it was: thinking", () => {
    const { parts } = decode([
      messageStart,
      contentStart(0, { type: "thinking", thinking: "" }),
      contentDelta(0, { thinking: "Hm" }),
      contentEnd(0),
      contentStart(1, { type: "text", text: "" }),
      contentDelta(1, { text: "Hi" }),
      contentEnd(1),
      messageEnd()
    ])
    assert.deepStrictEqual(
      collect(parts).slice(1, 3).map(({ metadata, ...part }) => ({ ...part, metadata })),
      [
        { type: "reasoning", text: "Hm", metadata: { cohere: { type: "thinking" } } },
        { type: "text", text: "Hi", metadata: {} }
      ]
    )
  })

  it("says what it was: a plan, which ends before the calls", () => {
    const { error, parts } = decode([
      messageStart,
      planDelta("I will "),
      planDelta("look."),
      callStart(0, "look_1", "look"),
      callDelta(0, `{"at":`),
      callDelta(0, `"x"}`),
      callEnd(0),
      callStart(1, "look_2", "look"),
      callEnd(1),
      messageEnd({ finish_reason: "TOOL_CALL" })
    ])
    assert.isUndefined(error)
    const [, plan, first, second, finish] = collect(parts)
    assert.deepStrictEqual<unknown>(plan, {
      type: "reasoning",
      text: "I will look.",
      metadata: { cohere: { type: "tool_plan" } }
    })
    assert.deepInclude(first, { type: "tool-call", id: "look_1", name: "look", params: { at: "x" } })
    assert.deepInclude(second, { type: "tool-call", id: "look_2", name: "look", params: {} })
    assert.deepInclude(finish, { type: "finish", reason: "tool-calls" })
  })
})

const cited = {
  start: 0,
  end: 2,
  text: "It",
  sources: [
    { type: "document", id: "d1", document: { id: "d1", text: "…", title: "Tower" } },
    { type: "document", id: "d2", document: { id: "d2", text: "…", url: "https://example.com/tower" } },
    { type: "tool", id: "look_1:0", tool_output: { content: "330 m" } }
  ],
  type: "TEXT_CONTENT"
}

describe("citations", () => {
  it.each([
    ["before the end of their text", [citationStart(0, cited), citationEnd(0), contentEnd(0)]],
    ["after the end of their text", [contentEnd(0), citationStart(0, cited), citationEnd(0)]]
  ])("%s are sources, and stay with the text", (_, events) => {
    const { error, parts } = decode([
      messageStart,
      contentStart(0, { type: "text", text: "It is 330 m high." }),
      ...events,
      messageEnd()
    ])
    assert.isUndefined(error)
    const sources = parts.filter((part) => part.type === "source")
    assert.deepStrictEqual(
      sources.map((
        part
      ) => [part.sourceType, part.id, part.title, part.sourceType === "url" ? part.url : part.mediaType]),
      [
        ["document", "c1-source-0", "Tower", "text/plain"],
        ["url", "c1-source-1", "d2", "https://example.com/tower"],
        ["document", "c1-source-2", "look_1:0", "application/json"]
      ]
    )
    assert.deepStrictEqual<unknown>(sources[2]?.metadata, { cohere: { citation: cited, source: 2 } })
    const text = collect(parts).find((part) => part.type === "text")
    assert.deepStrictEqual<unknown>(text?.metadata, { cohere: { citations: [cited] } })
  })

  it("of reasoning and of plans are on the finish part", () => {
    const ofPlan = { ...cited, type: "PLAN" }
    const { parts } = decode([messageStart, planDelta("I look."), citationStart(0, ofPlan), messageEnd()])
    assert.lengthOf(parts.filter((part) => part.type === "source"), 3)
    assert.deepInclude(parts.at(-1)?.metadata?.["cohere"], { citations: [ofPlan] })
  })
})

describe("the end", () => {
  it("carries what is charged and the log probabilities", () => {
    const logprobs = { text: "Hi", token_ids: [1], logprobs: [-0.5] }
    const { parts } = decode([
      messageStart,
      { ...contentDelta(0, { text: "Hi" }), logprobs },
      messageEnd()
    ])
    const finish = parts.at(-1)
    assert.deepInclude(finish, { type: "finish", reason: "stop" })
    assert.deepStrictEqual<unknown>(finish?.metadata, {
      cohere: {
        finishReason: "COMPLETE",
        usage: {
          billed_units: { input_tokens: 3, output_tokens: 5 },
          tokens: { input_tokens: 10, output_tokens: 5 }
        },
        logprobs: [logprobs]
      },
      llmLayers: {
        billed: {
          inputTokens: { uncached: 3, total: 3 },
          outputTokens: { total: 5, text: 5 }
        }
      }
    })
  })

  it.each([
    ["ERROR", { error: "it broke" }, "ProviderFailed", "it broke"],
    ["ERROR", {}, "ProviderFailed", "The answer ended with ERROR"],
    ["ERROR", { error: "no call", error_type: "INVALID_TOOL_GENERATION" }, "InvalidOutput", "no call"],
    ["TIMEOUT", {}, "TimedOut", "The answer ended with TIMEOUT"],
    ["ERROR_TOXIC", {}, "ContentRefused", "The answer ended with ERROR_TOXIC"],
    ["ERROR_LIMIT", {}, "ContextOverflow", "The answer ended with ERROR_LIMIT"]
  ])("%s %o is a failure", (finish_reason, fields, kind, message) => {
    const { error, parts } = decode([...hello.slice(0, -1), messageEnd({ finish_reason, ...fields })])
    assert.isDefined(error)
    assert.strictEqual(error && ProviderError.kindOf(error), kind)
    assert.include(error?.message, message)
    assert.isFalse(parts.some((part) => part.type === "finish"))
    assert.isTrue(parts.some((part) => part.type === "text-delta"))
  })

  it("is demanded", () => {
    const { error } = decode(hello.slice(0, -1))
    assert.strictEqual(error && ProviderError.kindOf(error), "StreamInterrupted")
  })

  it("is the last: what follows is no part of the answer", () => {
    assert.deepStrictEqual(decode([...hello, ...hello]), decode(hello))
  })
})

describe("what nobody has heard of", () => {
  it("fails nothing, and is told of at the end", () => {
    const debug = { type: "debug", prompt: "<BOS>" }
    const image = { type: "image", image: "…" }
    const { error, parts } = decode([
      messageStart,
      debug,
      contentStart(0, image),
      contentEnd(0),
      contentDelta(1, { text: "Hi" }),
      messageEnd({ novelty: 1 })
    ])
    assert.isUndefined(error)
    assert.deepInclude(parts.at(-1)?.metadata?.["cohere"], { unknown: [debug, image], more: { novelty: 1 } })
    assert.deepStrictEqual(types(collect(parts)), ["response-metadata", "text", "finish"])
  })

  it("is an error where it has the form of an error answer", () => {
    const { error } = decode([messageStart, { id: "r", message: "too many tokens: the limit is 1" }])
    assert.strictEqual(error && ProviderError.kindOf(error), "ProviderFailed")
    assert.include(error?.message, "too many tokens")
  })
})
