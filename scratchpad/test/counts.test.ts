import { assert, describe, it } from "@effect/vitest"
import { countedOf } from "../src/counts/counted.ts"
import { distributionOf } from "../src/counts/distribution.ts"
import { reportLines } from "../src/counts/report.ts"
import { decodeRecording } from "../src/recordings/record.ts"

const held = (counted: number, estimated: number, errorBound = 10) => ({ counted, estimated, errorBound })

describe("distributionOf", () => {
  it("has the errors relative to what was counted, and their sign", () => {
    const found = distributionOf([held(100, 110), held(100, 90), held(100, 140), held(100, 100)])
    assert.deepStrictEqual(found, {
      n: 4,
      median: 0.1,
      p90: 0.4,
      p99: 0.4,
      max: 0.4,
      bias: 0.1,
      most: 40,
      within: 0.75
    })
  })
})

const recording = (body: object) =>
  decodeRecording(JSON.stringify({
    id: "one",
    provider: "openai",
    api: "responses-input-tokens",
    request: { path: "/v1/responses/input_tokens", headers: {}, body: { model: "gpt-4.1", ...body } },
    response: { status: 200, headers: {}, body: `{"object":"response.input_tokens","input_tokens":9}` }
  }))

describe("countedOf", () => {
  it("is the request and the vendor's count, instructions included", () => {
    const one = countedOf(recording({ input: "Hello", instructions: "Be brief" }))
    assert.strictEqual(one?.tokens, 9)
    assert.isUndefined(one?.apart)
    assert.include(JSON.stringify(one?.request.prompt), "Be brief")
  })

  it("says which requests are apart", () => {
    const apart = (body: object) => countedOf(recording({ input: "Hello", ...body }))?.apart
    assert.include(apart({ tools: [{ type: "web_search" }] }), "tools of the vendor")
    assert.include(apart({ previous_response_id: "resp_1" }), "does not show")
    assert.include(
      apart({ text: { format: { type: "json_schema", name: "a", schema: { type: "object" } } } }),
      "schema"
    )
  })
})

describe("reportLines", () => {
  it("has one line for each provider and method, those apart in a table of their own", () => {
    const row = { id: "one", provider: "openai", method: "heuristic", ...held(100, 110) }
    const lines = reportLines([{ ...row, kind: "" }, { ...row, kind: "files" }], ["2 recordings"])
    assert.lengthOf(lines.filter((line) => line.startsWith("openai")), 2)
    assert.include(lines, "Apart: files")
    assert.strictEqual(lines.at(-1), "2 recordings")
  })
})
