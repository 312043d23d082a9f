import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { AiError } from "effect/ai"
import { decodeAnswer } from "../src/internal/response.ts"
import { chunk, context, end } from "./fixtures/decode.ts"

const parts = (answer: unknown, ...rest: Parameters<typeof context>) => {
  const decoded = decodeAnswer(context(...rest), answer)
  if (AiError.isAiError(decoded)) throw decoded
  return decoded
}

const failure = (answer: unknown, ...rest: Parameters<typeof context>) => {
  const decoded = decodeAnswer(context(...rest), answer)
  if (!AiError.isAiError(decoded)) throw new Error("no failure")
  return decoded
}

describe("a whole answer", () => {
  it("is its parts in order, between metadata and finish", () => {
    const answer = chunk(
      [
        { text: "Hm", thought: true },
        { text: "Hello" },
        { functionCall: { id: "f_1", name: "weather", args: { city: "Lima" } }, thoughtSignature: "s" }
      ],
      { ...end, avgLogprobs: -0.25, safetyRatings: [{ category: "c", probability: "LOW" }] },
      {
        responseId: "r1",
        modelVersion: "gemini-3.5-flash",
        createTime: "2026-03-04T05:06:07.123456Z",
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 1, totalTokenCount: 15 },
        mood: "good"
      }
    )
    const usage = { inputTokens: { uncached: 10, total: 10 }, outputTokens: { total: 5, text: 4, reasoning: 1 } }
    assert.deepStrictEqual<unknown>(parts(answer), [
      {
        type: "response-metadata",
        id: "r1",
        modelId: "gemini-3.5-flash",
        timestamp: "2026-03-04T05:06:07.123Z",
        metadata: { llmLayers: { usage } }
      },
      { type: "reasoning", text: "Hm", metadata: { google: { thought: true } } },
      { type: "text", text: "Hello", metadata: {} },
      {
        type: "tool-call",
        id: "f_1",
        name: "weather",
        params: { city: "Lima" },
        metadata: { google: { thoughtSignature: "s" } }
      },
      {
        type: "finish",
        reason: "tool-calls",
        usage,
        response: undefined,
        metadata: {
          google: {
            finishReason: "STOP",
            safetyRatings: [{ category: "c", probability: "LOW" }],
            avgLogprobs: -0.25,
            usage: { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 1, totalTokenCount: 15 },
            more: { mood: "good" }
          }
        }
      }
    ])
  })

  it("may be a list of chunks, as a stream without `alt=sse` is: their texts are pieces of one", () => {
    const list = [chunk([{ text: "Hel" }]), chunk([{ text: "lo" }]), chunk([{ text: "", thoughtSignature: "s" }], end)]
    assert.deepStrictEqual<unknown>(parts(list).slice(1, -1), [
      { type: "text", text: "Hello", metadata: { google: { thoughtSignature: "s" } } }
    ])
  })

  it("may be a list of one, whose parts are whole", () => {
    const texts = parts([chunk([{ text: "a" }, { text: "b" }], end)]).flatMap((part) =>
      part.type === "text" ? [part.text] : []
    )
    assert.deepStrictEqual(texts, ["a", "b"])
  })

  it("without content is an empty answer that says why", () => {
    for (const candidate of [{ finishReason: "MAX_TOKENS" }, { content: {}, finishReason: "MAX_TOKENS" }]) {
      const decoded = parts({ candidates: [candidate] })
      assert.deepStrictEqual(decoded.map(({ type }) => type), ["response-metadata", "finish"])
      assert.strictEqual(decoded.at(-1)?.type === "finish" && decoded.at(-1), decoded[1])
      assert.include(JSON.stringify(decoded[1]), `"reason":"length"`)
    }
  })

  it("has the tokens that were likeliest, one record a chunk", () => {
    const logprobsResult = { chosenCandidates: [{ token: "a", logProbability: -0.1 }] }
    const finish = parts(chunk([{ text: "a" }], { ...end, logprobsResult })).at(-1)
    assert.deepStrictEqual<unknown>(finish?.metadata?.["google"], { finishReason: "STOP", logprobs: [logprobsResult] })
  })

  it("has times and ids only where they are some", () => {
    const [head] = parts(chunk([{ text: "a" }], end, { createTime: "yesterday", responseId: 7, modelVersion: null }))
    assert.deepStrictEqual<unknown>(head, { type: "response-metadata", metadata: {} })
  })
})

describe("a failure with a good status", () => {
  const error = { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" }

  it("is the vendor's error", () => {
    const decoded = failure({ error })
    assert.include(decoded.message, "overloaded")
    assert.isUndefined(ProviderError.partial(decoded))
  })

  it("keeps what came before it in a list of chunks", () => {
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 2 }
    const decoded = failure([chunk([{ text: "Ha" }], {}, { usageMetadata }), chunk([{ text: "lf" }]), { error }])
    assert.include(decoded.message, "overloaded")
    const partial = ProviderError.partial(decoded)
    assert.deepStrictEqual(partial?.parts.flatMap((part) => part.type === "text" ? [part.text] : []), ["Half"])
    assert.strictEqual(partial?.usage?.inputTokens.total, 4)
  })

  it("is refused content where the prompt was blocked, with the reason", () => {
    const decoded = failure({
      promptFeedback: { blockReason: "OTHER", blockReasonMessage: "Not this.", safetyRatings: [] },
      usageMetadata: { promptTokenCount: 4 }
    })
    assert.strictEqual(ProviderError.kindOf(decoded), "ContentRefused")
    assert.include(decoded.message, "Not this.")
  })
})
