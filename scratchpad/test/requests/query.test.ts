import { assert, it } from "@effect/vitest"
import { queryProblems } from "../../src/requests/description/query.ts"

const document = {
  paths: {
    "/models": {
      get: {
        parameters: [
          { in: "query", name: "limit", schema: { type: "integer", minimum: 1, maximum: 1000 } },
          { $ref: "#/components/parameters/Endpoint" },
          { in: "header", name: "version" }
        ]
      },
      post: {}
    },
    "/answers": { post: {} }
  },
  components: {
    parameters: { Endpoint: { in: "query", name: "endpoint", schema: { $ref: "#/components/schemas/Endpoint" } } },
    schemas: { Endpoint: { type: "string", enum: ["chat", "embed"] } }
  }
}

const problems = (query: Readonly<Record<string, string>>) =>
  queryProblems(document, "/models", query)?.map(({ message, path }) => `${path} ${message}`)

it("a query has the parameters of its operation, with values that they take", () => {
  assert.deepStrictEqual(problems({ limit: "1000", endpoint: "chat" }), [])
  assert.deepStrictEqual(problems({ limit: "1001" }), ["?limit is more than 1000"])
  assert.deepStrictEqual(problems({ limit: "0" }), ["?limit is less than 1"])
  assert.deepStrictEqual(problems({ limit: "1.5" }), ["?limit is no integer"])
  assert.deepStrictEqual(problems({ limit: "" }), ["?limit is no integer"])
  assert.deepStrictEqual(problems({ endpoint: "fly", version: "1" }), [
    "?endpoint is none of chat, embed",
    "?version is no parameter"
  ])
})

it("what is no GET of the description has no parameters", () => {
  assert.strictEqual(queryProblems(document, "/answers", {}), undefined)
  assert.strictEqual(queryProblems(document, "/none", {}), undefined)
})
