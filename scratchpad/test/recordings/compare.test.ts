import { assert, describe, it } from "@effect/vitest"
import * as Response from "effect/ai/Response"
import { compare } from "../../src/recordings/compare.ts"
import { type AnswerExpectation, unstatedUsage } from "../../src/recordings/expectation/Expectation.ts"
import { LeafIndex } from "../../src/recordings/leaves.ts"
import { observeParts } from "../../src/recordings/observe.ts"

const expected: AnswerExpectation = {
  kind: "answer",
  text: "Hi",
  reasoning: "",
  toolCalls: [{ id: "c", name: "f", arguments: { kind: "json", value: { a: 1 } } }],
  hosted: [],
  finishReasons: ["tool-calls"],
  order: undefined,
  usage: { ...unstatedUsage, inputTotal: 3, inputUncached: 3, outputTotal: 2 },
  sources: [],
  files: [],
  responseId: "r",
  model: "m",
  createdAt: undefined,
  whole: { signature: "signature-1" }
}

const usage = (output: number) =>
  new Response.Usage({ inputTokens: { total: 3, uncached: 3 }, outputTokens: { total: output, text: output } })

const finish = (reason: Response.FinishReason, output = 2): Response.FinishPart =>
  Response.makePart("finish", { reason, usage: usage(output) })

const metadata = Response.makePart("response-metadata", {
  id: "r",
  modelId: "m",
  metadata: { vendor: { key: "signature-1" } }
})

const toolCall = (params: unknown) => Response.toolCallPart({ id: "c", name: "f", params, providerExecuted: false })

const text = (value: string) => Response.makePart("text", { text: value })

const declaring = (...types: ReadonlyArray<string>) => ({
  declared: new Map(types.map((type) => [type, ["Search"]] as const)),
  customName: (name: string) => name,
  form: { spared: [], takenApart: [{ where: /^$/, why: "an answer is parts" }] }
})

const differences = (...parts: ReadonlyArray<Response.AnyPart>) => compare(expected, observeParts(parts), declaring())

describe("compare", () => {
  it("finds nothing where all is the same", () => {
    assert.deepStrictEqual(differences(metadata, text("Hi"), toolCall({ a: 1 }), finish("tool-calls")), [])
  })

  it("finds each thing that differs", () => {
    const lines = differences(metadata, text("Ho"), toolCall({ a: 2 }), finish("stop", 7)).join("\n")
    for (const what of ["text differs at character 1", "arguments of f", "finish reason", "output tokens"]) {
      assert.include(lines, what)
    }
  })

  it("finds what is missing, made up or lost", () => {
    const other = Response.toolCallPart({ id: "d", name: "g", params: {}, providerExecuted: false })
    const bare = Response.makePart("response-metadata", { id: "r", modelId: "m" })
    const lines = differences(bare, text("Hi"), other, finish("tool-calls")).join("\n")
    for (const what of ["no tool call c of f", "a tool call nobody made: d", "lost: signature"]) {
      assert.include(lines, what)
    }
  })

  it("wants the parts of a stream in order", () => {
    const lines = differences(
      Response.makePart("text-delta", { id: "t", delta: "Hi" }),
      finish("tool-calls"),
      Response.makePart("tool-params-start", { id: "c", name: "f", providerExecuted: false }),
      Response.makePart("tool-params-delta", { id: "c", delta: "{\"a\":2}" }),
      toolCall({ a: 1 }),
      metadata
    ).join("\n")
    for (const what of ["text-delta without a start", "has no end", "is not what its deltas say", "the last part is"]) {
      assert.include(lines, what)
    }
  })

  it("wants the vendor's own tools as calls where they were declared, and kept where not", () => {
    const hosted = {
      ...expected,
      toolCalls: [],
      whole: {},
      hosted: [{ type: "search", ids: ["search-1"], ranAt: "vendor", input: undefined, hasResult: false }]
    } as const
    const parts = [metadata, text("Hi"), finish("tool-calls")]
    assert.include(compare(hosted, observeParts(parts), declaring("search")).join("\n"), "is no tool call")
    assert.include(compare(hosted, observeParts(parts), declaring()).join("\n"), "lost: search search-1")
    const called = Response.toolCallPart({ id: "search-1", name: "Search", params: {}, providerExecuted: true })
    assert.deepStrictEqual(compare(hosted, observeParts([called, ...parts]), declaring("search")), [])
  })

  it("compares errors and vectors", () => {
    const error = {
      kind: "error",
      reasons: ["RateLimitError"],
      retryable: true,
      retryAfterMillis: 2000,
      said: ["Too many requests."]
    } as const
    const came = {
      kind: "error",
      reason: "RateLimitError",
      retryable: true,
      retryAfterMillis: 2000,
      message: "",
      leaves: new LeafIndex().add("Too many requests. Wait.")
    } as const
    assert.deepStrictEqual(compare(error, came, declaring()), [])
    const other = { ...came, reason: "UnknownError", retryAfterMillis: undefined, leaves: new LeafIndex() }
    assert.lengthOf(compare(error, other, declaring()), 3)
    const vectors = { kind: "embeddings", vectors: [[0.5, 1]], inputTokens: 1 } as const
    assert.deepStrictEqual(compare(vectors, { ...vectors, vectors: [[0.5, 1.0000000001]] }, declaring()), [])
    assert.lengthOf(compare(vectors, { ...vectors, vectors: [[0.5, 1.1]] }, declaring()), 1)
    assert.lengthOf(compare(error, vectors, declaring()), 1)
  })
})
