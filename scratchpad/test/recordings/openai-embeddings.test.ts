import { assert, describe, it } from "@effect/vitest"
import { readEmbeddings } from "../../src/recordings/expectation/openai-embeddings.ts"
import { answered } from "./exchange.ts"

describe("readEmbeddings", () => {
  it("reads lists and packed vectors, in the order of their index", () => {
    const packed = Buffer.from(new Float32Array([0.5, -2]).buffer).toString("base64")
    assert.deepStrictEqual(
      readEmbeddings(answered({
        data: [{ index: 1, embedding: [1, 0.25] }, { index: 0, embedding: packed }],
        usage: { prompt_tokens: 4 }
      })),
      { kind: "embeddings", vectors: [[0.5, -2], [1, 0.25]], inputTokens: 4 }
    )
  })

  it("reads errors", () => {
    assert.deepInclude(readEmbeddings(answered({ error: { code: "model_not_found" } }, 404)), {
      reasons: ["InvalidRequestError"]
    })
  })
})
