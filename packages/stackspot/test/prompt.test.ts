import { assert, describe, it } from "@effect/vitest"
import type * as Warning from "@llm-layers/core/Warning"
import { Effect } from "effect"
import { Prompt } from "effect/ai"
import { encodePrompt } from "../src/internal/prompt.ts"
import * as StackSpotCapabilities from "../src/StackSpotCapabilities.ts"
import { agent } from "./fixtures/stackspot.ts"

const subject = {
  origin: { provider: "stackspot", module: "StackSpotLanguageModel", method: "generateText" },
  model: agent,
  capabilities: StackSpotCapabilities.lookup(agent)
}

const encode = (prompt: Prompt.RawInput, warnings: Array<Warning.Warning> = []) =>
  encodePrompt(subject, Prompt.make(prompt), warnings)

describe("a prompt of one user message", () => {
  it.effect("is that message, as it is", () =>
    Effect.gen(function*() {
      const text = "  User:\nnot a turn\n\n\u0000😀 "
      assert.strictEqual(yield* encode(text), text)
      assert.strictEqual(
        yield* encode([{ role: "user", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] }]),
        "a\nb"
      )
    }))
})

describe("any other prompt", () => {
  it.effect("is written turn by turn, in order", () =>
    Effect.gen(function*() {
      const prompt: Prompt.RawInput = [
        { role: "system", content: "Answer in one word." },
        { role: "user", content: "Which river?" },
        { role: "assistant", content: "Tagus." },
        { role: "system", content: "Now in two." },
        { role: "user", content: "And the town?" }
      ]
      assert.strictEqual(
        yield* encode(prompt),
        [
          "System:\nAnswer in one word.",
          "User:\nWhich river?",
          "Assistant:\nTagus.",
          "System:\nNow in two.",
          "User:\nAnd the town?"
        ].join("\n\n")
      )
    }))

  it.effect("may be a system message alone", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* encode([{ role: "system", content: "Greet." }]), "System:\nGreet.")
    }))

  it.effect("leaves out turns without a text", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* encode([{ role: "system", content: " " }, { role: "user", content: "Hi" }]), "Hi")
    }))

  it.effect("leaves out reasoning, with a warning", () =>
    Effect.gen(function*() {
      const warnings: Array<Warning.Warning> = []
      const text = yield* encode([
        { role: "user", content: "Hi" },
        { role: "assistant", content: [{ type: "reasoning", text: "Hm." }, { type: "text", text: "Hello." }] },
        { role: "user", content: "Again" }
      ], warnings)
      assert.strictEqual(text, "User:\nHi\n\nAssistant:\nHello.\n\nUser:\nAgain")
      assert.deepStrictEqual(warnings.map(({ about }) => about), ["prompt"])
    }))
})
