import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Effect, Schema, Stream } from "effect"
import { Prompt } from "effect/ai"

/** Refused by `Driver`, for every provider; the others are settings, which each provider reads itself. */
const checkedAbove = [
  "imageInput",
  "pdfInput",
  "textInput",
  "audioInput",
  "videoInput",
  "tools",
  "forcedToolChoice",
  "structuredOutput"
] as const

const answerTo = (asked: ConformancePrompts.PromptCase): ScriptedModel.Entry =>
  asked.object === undefined ? "Yes." : ScriptedModel.object({ name: "Ada", age: 36 })

describe("ConformancePrompts", () => {
  it("has no two cases of the same name", () => {
    const names = ConformancePrompts.all.map((asked) => asked.name)
    assert.deepStrictEqual(names.toSorted(), [...new Set(names)].toSorted())
    assert.isAbove(names.length, 100)
  })

  it.effect("asks each case whole, as text and as a stream", () =>
    Effect.gen(function*() {
      for (const asked of ConformancePrompts.all.filter((one) => one.object === undefined)) {
        const model = ScriptedModel.layer([answerTo(asked), answerTo(asked)])
        yield* Effect.gen(function*() {
          const { parts } = yield* ConformancePrompts.generate(asked)
          assert.strictEqual(parts.at(-1)?.type, "finish", asked.name)
          const streamed = yield* Stream.runCollect(ConformancePrompts.stream(asked))
          assert.strictEqual(streamed.at(-1)?.type, "finish", asked.name)
          assert.lengthOf(yield* ScriptedModel.prompts, 2)
        }).pipe(Effect.provide(model))
      }
    }))

  it.effect("gives the object back", () =>
    Effect.gen(function*() {
      const [asked] = ConformancePrompts.groups.objects
      assert(asked !== undefined)
      const { object } = yield* ConformancePrompts.generate(asked).pipe(
        Effect.provide(ScriptedModel.layer([answerTo(asked)]))
      )
      assert.deepStrictEqual(object, asked.object?.value)
    }))

  for (const flag of checkedAbove) {
    it.effect(`is refused by a model without ${flag} where it needs it, and nowhere else`, () =>
      Effect.gen(function*() {
        for (const asked of ConformancePrompts.all) {
          const refused = asked.needs.includes(flag)
          const outcome = yield* ConformancePrompts.generate(asked).pipe(
            Effect.provide(
              ScriptedModel.layer(refused ? [] : [answerTo(asked)], { capabilities: { [flag]: false } })
            ),
            Effect.match({ onSuccess: () => undefined, onFailure: ProviderError.kindOf })
          )
          assert.strictEqual(outcome === "Unsupported", refused, asked.name)
        }
      }))
  }

  it("needs every capability that a prompt or a common setting can ask for", () => {
    const needed = new Set(ConformancePrompts.all.flatMap((asked) => asked.needs))
    const elsewhere = [
      "streaming",
      "reasoning",
      "reasoningBudget",
      "reasoningAdaptive",
      "reasoningOff",
      "systemInHistory"
    ]
    const flags = Object.keys(Capability.all).filter((flag) => !elsewhere.includes(flag))
    assert.deepStrictEqual([...needed].toSorted(), flags.toSorted())
  })

  describe("said", () => {
    it("has the texts, files, calls, results and tools of a case", () => {
      const asked = ConformancePrompts.make({
        name: "all",
        prompt: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "Look: " },
              { type: "text", text: " " },
              { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) },
              { type: "file", mediaType: "text/plain", data: "data:text/plain,a%20b" }
            ]
          },
          { role: "assistant", content: [{ type: "tool-call", id: "1", name: "look", params: { at: "x", n: 7 } }] },
          { role: "tool", content: [{ type: "tool-result", id: "1", name: "look", isFailure: false, result: null }] }
        ],
        settings: { stopSequences: ["END"] }
      })
      assert.deepStrictEqual(ConformancePrompts.said(asked).map(({ forms }) => forms[0]), [
        "Be brief.",
        "Look: ",
        "AQID",
        "a b",
        "look",
        "x",
        "7",
        "null",
        "END"
      ])
    })

    it("has only the tools that a choice leaves", () => {
      const some = ConformancePrompts.groups.toolChoice.find((asked) => asked.name === "tool choice among some")
      assert(some !== undefined)
      const forms = ConformancePrompts.said(some).map((one) => one.forms[0])
      assert.include(forms, "get_weather")
      assert.notInclude(forms, "book_ticket")
    })
  })

  it("has prompts that survive being kept", () => {
    for (const asked of ConformancePrompts.all) {
      const again = Schema.decodeSync(Prompt.Prompt)(Schema.encodeSync(Prompt.Prompt)(asked.prompt))
      assert.deepStrictEqual(again.content.length, asked.prompt.content.length, asked.name)
    }
  })
})
