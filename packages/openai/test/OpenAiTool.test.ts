import { assert, describe, it } from "@effect/vitest"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Stream } from "effect"
import { Toolkit } from "effect/ai"

describe("OpenAiTool", () => {
  it("each tool has an id of OpenAI's", () => {
    const tools = [
      OpenAiTool.WebSearch({}),
      OpenAiTool.WebSearchPreview({}),
      OpenAiTool.FileSearch({ vector_store_ids: [] }),
      OpenAiTool.CodeInterpreter({ container: { type: "auto" } }),
      OpenAiTool.ImageGeneration({}),
      OpenAiTool.Mcp({ server_label: "docs" }),
      OpenAiTool.ToolSearch({}),
      OpenAiTool.ProgrammaticToolCalling({}),
      OpenAiTool.Shell({}),
      OpenAiTool.LocalShell({}),
      OpenAiTool.ApplyPatch({}),
      OpenAiTool.ComputerUse({}),
      OpenAiTool.Custom("sql")
    ]
    assert.isTrue(tools.every((tool) => tool.id.startsWith("openai.")))
    assert.strictEqual(new Set(tools.map((tool) => tool.name)).size, tools.length)
  })

  it.effect("free-form tools have handlers of their own", () =>
    Effect.gen(function*() {
      const toolkit = Toolkit.make(OpenAiTool.Custom("a"), OpenAiTool.Custom("b"))
      const built = yield* Effect.provide(
        toolkit,
        toolkit.toLayer({ a: (text) => Effect.succeed(`a ${text}`), b: (text) => Effect.succeed(`b ${text}`) })
      )
      const run = (name: "a" | "b") =>
        Effect.flatMap(built.handle(name, "x"), (results) =>
          Stream.runCollect(Stream.map(results, (result) => result.result)))
      assert.deepStrictEqual([yield* run("a"), yield* run("b")], [["a x"], ["b x"]])
    }))
})
