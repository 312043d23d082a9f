import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { LanguageModel, Toolkit } from "effect/ai"
import * as GoogleTool from "../src/GoogleTool.ts"
import { definitions } from "../src/internal/definitions.ts"
import { chunk, end } from "./fixtures/decode.ts"
import { encode, member } from "./fixtures/request.ts"
import { json, layer, stub } from "./fixtures/stub.ts"

const all = [
  GoogleTool.GoogleSearch({}),
  GoogleTool.UrlContext({}),
  GoogleTool.CodeExecution({}),
  GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/a"] }),
  GoogleTool.GoogleMaps({})
]

describe("each tool", () => {
  it("has an id of Google's, a name of its own, and a place on the wire", () => {
    assert.deepStrictEqual(all.map(({ id }) => id).toSorted(), Object.keys(definitions).toSorted())
    assert.strictEqual(new Set(all.map(({ name }) => name)).size, all.length)
    assert.isTrue(all.every(({ requiresHandler }) => !requiresHandler))
  })

  it.effect("is one member of `tools`, with its arguments as they are", () =>
    Effect.gen(function*() {
      // Names of the members: https://ai.google.dev/api/caching#Tool
      const sent = yield* member({
        tools: [
          GoogleTool.GoogleSearch({
            timeRangeFilter: { startTime: "2026-01-01T00:00:00Z", endTime: "2026-02-01T00:00:00Z" },
            newer: { than: ["this package"] }
          }),
          GoogleTool.UrlContext({}),
          GoogleTool.CodeExecution({}),
          GoogleTool.FileSearch({
            fileSearchStoreNames: ["fileSearchStores/a"],
            topK: 3,
            metadataFilter: "year = 2026"
          }),
          GoogleTool.GoogleMaps({ enableWidget: true })
        ]
      }, "tools")
      assert.deepStrictEqual(sent, [
        {
          googleSearch: {
            timeRangeFilter: { startTime: "2026-01-01T00:00:00Z", endTime: "2026-02-01T00:00:00Z" },
            newer: { than: ["this package"] }
          }
        },
        { urlContext: {} },
        { codeExecution: {} },
        { fileSearch: { fileSearchStoreNames: ["fileSearchStores/a"], topK: 3, metadataFilter: "year = 2026" } },
        { googleMaps: { enableWidget: true } }
      ])
    }))

  it.effect("keeps what is the framework's to itself", () =>
    Effect.gen(function*() {
      const tools = [GoogleTool.CodeExecution({ failureMode: "return" })]
      assert.deepStrictEqual(yield* member({ tools }, "tools"), [{ codeExecution: {} }])
    }))

  it.effect("sends what a token holds, and keeps it from errors", () =>
    Effect.gen(function*() {
      const token = Redacted.make("ya29.of-another-server")
      const { body, secrets } = yield* encode({ tools: [GoogleTool.GoogleSearch({ auth: { token } })] })
      assert.deepStrictEqual(body["tools"], [{ googleSearch: { auth: { token: "ya29.of-another-server" } } }])
      assert.deepStrictEqual(secrets, [token])
    }))
})

describe("what ran at Google", () => {
  const ran = [
    { executableCode: { language: "PYTHON", code: "print(1)", newer: 1 } },
    { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n", newer: [2] } }
  ]

  it.effect("comes as call and result of the tool, with members nobody knows", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json(chunk([...ran, { text: "1" }], end)))
      const { text, toolCalls, toolResults } = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Run it", toolkit: Toolkit.make(GoogleTool.CodeExecution({})) }),
        layer(fetch)
      )
      assert.strictEqual(text, "1")
      assert.deepStrictEqual(toolCalls.map(({ name, params, providerExecuted }) => [name, params, providerExecuted]), [
        ["GoogleCodeExecution", { language: "PYTHON", code: "print(1)", newer: 1 }, true]
      ])
      assert.deepStrictEqual<ReadonlyArray<unknown>>(
        toolResults.map(({ id, isFailure, result }) => [id, isFailure, result]),
        [
          [toolCalls[0]?.id, false, { outcome: "OUTCOME_OK", output: "1\n", newer: [2] }]
        ]
      )
    }))

  it.effect("and failed is the failure of the tool, not of the call", () =>
    Effect.gen(function*() {
      const failed = { codeExecutionResult: { outcome: "OUTCOME_FAILED", output: "NameError" } }
      const { fetch } = stub(json(chunk([ran[0] ?? {}, failed, { text: "No." }], end)))
      const { text, toolResults } = yield* Effect.provide(
        LanguageModel.generateText({ prompt: "Run it", toolkit: Toolkit.make(GoogleTool.CodeExecution({})) }),
        layer(fetch)
      )
      assert.strictEqual(text, "No.")
      assert.deepStrictEqual<ReadonlyArray<unknown>>(toolResults.map(({ isFailure, result }) => [isFailure, result]), [
        [true, { outcome: "OUTCOME_FAILED", output: "NameError" }]
      ])
    }))

  it("is held to be JSON, and to nothing else", () => {
    const { parametersSchema, successSchema } = GoogleTool.GoogleSearch({})
    for (const schema of [parametersSchema, successSchema]) {
      const is = Schema.is(schema)
      assert.isTrue([null, [], "text", { queries: ["a"], newer: { than: 1 } }].every((value) => is(value)))
      assert.isFalse([undefined, 1n, { at: new Date(0) }].some((value) => is(value)))
    }
  })
})
