import { assert, describe, it } from "@effect/vitest"
import * as EventStream from "@llm-layers/core/EventStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as GoogleTool from "../src/GoogleTool.ts"
import { decodeAnswer } from "../src/internal/response.ts"
import { chunk, context, decode, end } from "./fixtures/decode.ts"

const kinds = (parts: ReadonlyArray<{ readonly type: string }>) => parts.map(({ type }) => type)
const body = (parts: ReadonlyArray<{ readonly type: string }>) => parts.slice(1, -1)
interface Some {
  readonly type: string
  readonly metadata?: { readonly google?: { readonly [name: string]: unknown } }
}

const google = (part: Some | undefined) => part?.metadata?.google

const finish = (parts: ReadonlyArray<{ readonly type: string }>) => {
  const last = parts.at(-1)
  if (last?.type !== "finish") throw new Error("no finish")
  return last as unknown as {
    readonly reason: string
    readonly usage: object
    readonly metadata: { readonly google: { readonly [name: string]: unknown } }
  }
}

describe("thought signatures", () => {
  it("an empty piece signs the text before it; what follows is another text", () => {
    const { parts } = decode(context(), [
      chunk([{ text: "Hel" }]),
      chunk([{ text: "lo" }]),
      chunk([{ text: "", thoughtSignature: "s1" }]),
      chunk([{ text: "again", thoughtSignature: "s2" }], end)
    ])
    assert.deepStrictEqual<unknown>(body(parts), [
      { type: "text", text: "Hello", metadata: { google: { thoughtSignature: "s1" } } },
      { type: "text", text: "again", metadata: { google: { thoughtSignature: "s2" } } }
    ])
  })

  it("an empty text with one is a part where there is no text to sign", () => {
    const call = { functionCall: { id: "c", name: "f", args: {} }, thoughtSignature: "s1" }
    const { parts } = decode(context(), [chunk([call, { text: "", thoughtSignature: "s2" }], end)])
    assert.deepStrictEqual(kinds(body(parts)), ["tool-call", "text"])
    assert.deepStrictEqual(body(parts).map((part) => google(part)?.["thoughtSignature"]), ["s1", "s2"])
  })

  it("an empty text without one is no part", () => {
    const { parts } = decode(context(), [chunk([{ text: "" }]), chunk([{ text: "" }], end)])
    assert.deepStrictEqual(body(parts), [])
  })

  it("thoughts say that they are Google's, signed or not", () => {
    const { parts } = decode(context(), [
      chunk([{ text: "Hm", thought: true }]),
      chunk([{ text: "Yes" }], end)
    ])
    assert.deepStrictEqual<unknown>(body(parts), [
      { type: "reasoning", text: "Hm", metadata: { google: { thought: true } } },
      { type: "text", text: "Yes", metadata: {} }
    ])
  })

  it("parts of a plain answer stay apart", () => {
    const parts = decodeAnswer(context(), chunk([{ text: "a" }, { text: "b", thoughtSignature: "s" }], end))
    assert.isArray(parts)
    if (Array.isArray(parts)) assert.deepStrictEqual(kinds(parts).slice(1, -1), ["text", "text"])
  })
})

describe("calls", () => {
  it("get ids where they have none, or one that was there before", () => {
    const call = (id?: string) => ({
      functionCall: { ...(id === undefined ? undefined : { id }), name: "f", args: {} }
    })
    const { parts } = decode(context(), [chunk([call(), call("a"), call("a"), call()], end)])
    const ids = body(parts).map((part) => part.type === "tool-call" && "id" in part && part.id)
    assert.deepStrictEqual<ReadonlyArray<unknown>>(ids, ["id_1", "a", "id_1_1", "id_1_2"])
    assert.strictEqual(finish(parts).reason, "tool-calls")
  })

  it("come in pieces, each with the path it is for", () => {
    const piece = (partialArgs: ReadonlyArray<object>, willContinue = true) =>
      chunk([{ functionCall: { partialArgs, willContinue } }])
    const { parts } = decode(context(), [
      chunk([{ functionCall: { name: "f", willContinue: true }, thoughtSignature: "s" }]),
      piece([{ jsonPath: "$.city", stringValue: "Lis", willContinue: true }]),
      piece([{ jsonPath: "$.city", stringValue: "bon" }, { jsonPath: "$.days[1].n", numberValue: 2 }]),
      piece([{ jsonPath: "$['a b']", boolValue: false }, { jsonPath: "$.__proto__", nullValue: null }]),
      chunk([{ functionCall: {} }], end)
    ])
    const [call] = body(parts)
    const expected = JSON.parse(`{"city":"Lisbon","days":[null,{"n":2}],"a b":false,"__proto__":null}`)
    assert.strictEqual(
      call?.type === "tool-call" && "params" in call && JSON.stringify(call.params),
      JSON.stringify(expected)
    )
    assert.deepStrictEqual(google(call), { thoughtSignature: "s" })
  })

  it("that were cut with the answer are no calls to run", () => {
    const { parts } = decode(context(), [
      chunk([{ functionCall: { name: "f", args: {} } }], { finishReason: "MAX_TOKENS" })
    ])
    assert.strictEqual(finish(parts).reason, "length")
  })
})

describe("what ran at Google", () => {
  const code = { executableCode: { language: "PYTHON", code: "print(1)" }, thoughtSignature: "s" }
  const result = (outcome: string) => ({ codeExecutionResult: { outcome, output: "1\n" } })

  it("is a call and its result where the tool was declared, with the parts as they came", () => {
    const tools = [GoogleTool.CodeExecution({})]
    const { parts } = decode(context(tools), [chunk([code]), chunk([result("OUTCOME_FAILED")], end)])
    const [call, answer] = body(parts)
    assert.deepInclude<object>(call ?? {}, {
      type: "tool-call",
      id: "id_1",
      name: "GoogleCodeExecution",
      params: { language: "PYTHON", code: "print(1)" },
      providerExecuted: true
    })
    assert.deepStrictEqual<unknown>(google(call), { part: code })
    assert.deepInclude<object>(answer ?? {}, { id: "id_1", name: "GoogleCodeExecution", isFailure: true })
    // Its calls are not for the program.
    assert.strictEqual(finish(parts).reason, "stop")
  })

  it("travels on reasoning, too, where nobody declared it", () => {
    const { parts } = decode(context(), [chunk([code, result("OUTCOME_OK")], end)])
    assert.deepStrictEqual(kinds(body(parts)), ["tool-call", "reasoning", "tool-result", "reasoning"])
    assert.deepStrictEqual<unknown>(google(body(parts)[1]), { part: code })
  })

  it("is a call of the tool that a `toolType` stands for", () => {
    const tools = [GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/a"] })]
    const { parts } = decode(context(tools), [chunk([
      { toolCall: { id: "t", toolType: "FILE_SEARCH", args: { q: 1 } } },
      { toolResponse: { id: "t", toolType: "FILE_SEARCH" } }
    ], end)])
    assert.deepInclude<object>(body(parts)[0] ?? {}, { id: "t", name: "GoogleFileSearch", params: { q: 1 } })
    assert.deepInclude<object>(body(parts)[1] ?? {}, { id: "t", name: "GoogleFileSearch", result: null })
  })

  it("is told of as sources, each once", () => {
    const web = { web: { uri: "https://example.com/a", title: "A" } }
    const groundingMetadata = {
      groundingChunks: [web, { retrievedContext: { text: "x" } }, { web: { uri: "no url" } }]
    }
    const { parts } = decode(context(), [
      chunk([{ text: "A" }], { groundingMetadata: { groundingChunks: [web] } }),
      chunk([], {
        ...end,
        groundingMetadata,
        citationMetadata: { citationSources: [{ uri: "https://example.com/c" }] },
        urlContextMetadata: {
          urlMetadata: ["a", "b", "d"].map((page) => ({
            retrievedUrl: `https://example.com/${page}`,
            urlRetrievalStatus: page === "d" ? "URL_RETRIEVAL_STATUS_ERROR" : "URL_RETRIEVAL_STATUS_SUCCESS"
          }))
        }
      })
    ])
    const sources = body(parts).filter(({ type }) => type === "source")
    assert.deepStrictEqual(
      sources.map((source) => "url" in source ? source.url : "title" in source && source.title),
      ["https://example.com/a", "Document", "https://example.com/c", "https://example.com/b"]
    )
    assert.strictEqual(new Set(sources.map((source) => "id" in source && source.id)).size, 4)
    assert.deepStrictEqual(finish(parts).metadata.google["groundingMetadata"], groundingMetadata)
  })
})

describe("other parts", () => {
  it("a picture is a file, one among the thoughts is not", () => {
    const data = { mimeType: "image/png", data: "iVBORw0KGgo=" }
    const { parts } = decode(context(), [
      chunk([{ inlineData: data, thought: true }, { inlineData: data, thoughtSignature: "s" }], end)
    ])
    assert.deepStrictEqual(kinds(body(parts)), ["reasoning", "file"])
    assert.deepInclude<object>(body(parts)[1] ?? {}, { mediaType: "image/png", data: "iVBORw0KGgo=" })
  })

  it("one of a kind nobody knows goes back, and is told of", () => {
    const part = { hologram: { depth: 3 } }
    const { parts } = decode(context(), [chunk([{ text: "a" }, part], end), { never: "heard" }])
    assert.deepStrictEqual<unknown>(google(body(parts)[1]), { part })
    assert.deepStrictEqual<unknown>(finish(parts).metadata.google["unknown"], [part])
  })

  it("other candidates are kept", () => {
    const second = { content: { parts: [{ text: "b" }] }, finishReason: "STOP", index: 1 }
    const { parts } = decode(context([], { candidates: 2 }), [chunk([{ text: "a" }], end), { candidates: [second] }])
    assert.deepStrictEqual<unknown>(finish(parts).metadata.google["candidates"], [second])
  })
})

describe("counts", () => {
  it("the last are those of the whole answer; thoughts and tools of Google's are in the totals", () => {
    const { parts } = decode(context(), [
      chunk([{ text: "a" }], {}, { usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } }),
      chunk([], end, {
        usageMetadata: {
          promptTokenCount: 10,
          cachedContentTokenCount: 4,
          toolUsePromptTokenCount: 3,
          candidatesTokenCount: 7,
          thoughtsTokenCount: 2,
          totalTokenCount: 22
        }
      })
    ])
    assert.deepStrictEqual<object>(finish(parts).usage, {
      inputTokens: { uncached: 9, total: 13, cacheRead: 4 },
      outputTokens: { total: 9, text: 7, reasoning: 2 }
    })
  })
})

describe("how it ends", () => {
  const reasons = [
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content-filter"],
    ["RECITATION", "content-filter"],
    ["PROHIBITED_CONTENT", "content-filter"],
    ["IMAGE_SAFETY", "content-filter"],
    ["MALFORMED_FUNCTION_CALL", "error"],
    ["MISSING_THOUGHT_SIGNATURE", "error"],
    ["OTHER", "other"],
    ["FINISH_REASON_UNSPECIFIED", "unknown"],
    ["NEVER_HEARD_OF", "other"]
  ] as const

  it.each(reasons)("%s is %s", (finishReason, reason) => {
    assert.strictEqual(finish(decode(context(), [chunk([{ text: "a" }], { finishReason })]).parts).reason, reason)
  })

  it("a prompt that was blocked is refused content, before or after a text", () => {
    const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, modelVersion: "gemini" }
    for (const before of [[], [chunk([{ text: "a" }])]]) {
      const { error } = decode(context(), [...before, blocked])
      assert.strictEqual(error && ProviderError.kindOf(error), "ContentRefused")
      assert.include(error?.message ?? "", "PROHIBITED_CONTENT")
    }
  })

  it("without a reason it was cut, unless it is a whole document", () => {
    const { error } = decode(context(), [chunk([{ text: "a" }])])
    assert.strictEqual(error && ProviderError.kindOf(error), "StreamInterrupted")
    const whole = decode(context(), [chunk([{ text: "a" }])], EventStream.bodyEvent)
    assert.isUndefined(whole.error)
    assert.strictEqual(finish(whole.parts).reason, "unknown")
  })

  it("an answer without a candidate is none", () => {
    for (const data of [{}, [], null, { usageMetadata: { promptTokenCount: 1 } }]) {
      const decoded = decodeAnswer(context([], { isEventStream: false }), data)
      assert.isFalse(Array.isArray(decoded))
      if (!Array.isArray(decoded)) assert.strictEqual(ProviderError.kindOf(decoded), "InvalidResponse")
    }
  })
})
