import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect, Schema } from "effect"
import { type Prompt, Tokenizer, Tool } from "effect/ai"
import { pieces } from "../src/internal/vocabulary.ts"

const text = (model: string, text: string) => OpenAiTokenizer.countText(model, text)

describe("encodingOf", () => {
  it.each([
    ["gpt-4o-mini", "o200k_base", true],
    ["gpt-5.6", "o200k_base", true],
    ["o3", "o200k_base", true],
    ["ft:gpt-4.1:acme::1", "o200k_base", true],
    ["gpt-4", "cl100k_base", true],
    ["gpt-3.5-turbo", "cl100k_base", true],
    ["text-embedding-3-small", "cl100k_base", true],
    ["gpt-9", "o200k_base", false]
  ])("%s has %s", (model, name, known) => {
    assert.deepStrictEqual(OpenAiTokenizer.encodingOf(model), { name, known })
  })
})

describe("countText", () => {
  it.effect("takes a mark for text", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* text("gpt-5", "<|endoftext|>"), 7)
      assert.isAbove(yield* text("gpt-4", "<|im_start|>"), 1)
    }))

  it.effect("differs by vocabulary", () =>
    Effect.gen(function*() {
      const words = "Die Geschwindigkeitsbegrenzung auf deutschen Autobahnen"
      assert.isBelow(yield* text("gpt-5", words), yield* text("gpt-4", words))
    }))

  it.effect("counts runs that are cut as it would whole ones", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* text("gpt-5", "a".repeat(100_000)), 12_500)
      assert.strictEqual(yield* text("gpt-5", "word ".repeat(1_000)), 1_001)
    }))
})

describe("pieces", () => {
  it("are the text, none with a long run, and no half of a character", () => {
    for (
      const whole of ["a".repeat(1_234), `${"x ".repeat(600)}${"y".repeat(2_000)} z`, "🎉".repeat(600), " ".repeat(999)]
    ) {
      const cut = pieces(whole)
      assert.strictEqual(cut.join(""), whole)
      assert.isTrue(cut.every((piece) => !/\S{257}|\s{257}/.test(piece) && piece.isWellFormed()))
    }
  })
})

const Weather = Tool.make("get_weather", {
  description: "Get the weather",
  parameters: Schema.Struct({ location: Schema.String })
})

describe("count", () => {
  const counted = (model: string, prompt: Prompt.RawInput, tools: ReadonlyArray<Tool.Any> = []) =>
    OpenAiTokenizer.count(model, { prompt, tools })

  it.effect("has the frames of messages, one token fewer where the model reasons", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* counted("gpt-4o", "Hello"))?.tokens, 8)
      assert.strictEqual((yield* counted("gpt-5", "Hello"))?.tokens, 7)
      const two = [{ role: "system", content: "Hello" }, { role: "user", content: "Hello" }] as const
      assert.strictEqual((yield* counted("gpt-4o", two.map((message) => ({ ...message }))))?.tokens, 13)
    }))

  it.effect("has tools, with a wider bound, and wider where the model is not known", () =>
    Effect.gen(function*() {
      const plain = yield* counted("gpt-4o", "Hello")
      const tool = yield* counted("gpt-4o", "Hello", [Weather])
      const unknown = yield* counted("acme", "Hello")
      assert.strictEqual(plain?.errorBound, 1)
      assert.isAbove(tool?.tokens ?? 0, 30)
      assert.isAbove(tool?.errorBound ?? 0, 15)
      assert.isAbove(unknown?.errorBound ?? 0, 1)
    }))

  it.effect("counts calls and results", () =>
    Effect.gen(function*() {
      const long = "word ".repeat(100)
      const call: Prompt.MessageEncoded = {
        role: "assistant",
        content: [{ type: "tool-call", id: "1", name: "look", params: { long } }]
      }
      const result: Prompt.MessageEncoded = {
        role: "tool",
        content: [{ type: "tool-result", id: "1", name: "look", isFailure: false, result: { long } }]
      }
      const tokens = (yield* counted("gpt-4o", [call, result]))?.tokens ?? 0
      assert.isTrue(tokens > 200 && tokens < 240, `${tokens}`)
    }))

  it.effect("does not count files and tools of OpenAI's", () =>
    Effect.gen(function*() {
      const file: Prompt.MessageEncoded = {
        role: "user",
        content: [{ type: "file", mediaType: "image/png", data: new Uint8Array(9) }]
      }
      assert.isUndefined(yield* counted("gpt-4o", [file]))
      assert.isUndefined(yield* counted("gpt-4o", "Hello", [OpenAiTool.WebSearch({})]))
    }))
})

describe("layer", () => {
  const chat = ["one", "two", "three"].flatMap((content): ReadonlyArray<Prompt.MessageEncoded> => [
    { role: "user", content },
    { role: "assistant", content }
  ])

  it.effect("truncates, and fails where that is not enough", () =>
    Effect.gen(function*() {
      const tokenizer = yield* Tokenizer.Tokenizer
      assert.lengthOf((yield* tokenizer.truncate(chat, 1_000)).content, 6)
      assert.lengthOf((yield* tokenizer.truncate(chat, 20)).content, 2)
      const error = yield* Effect.flip(tokenizer.truncate(chat, 5))
      assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
    }).pipe(Effect.provide(OpenAiTokenizer.layer("gpt-5"))))
})
