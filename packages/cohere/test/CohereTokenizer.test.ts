import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Layer } from "effect"
import { Prompt, Tokenizer } from "effect/ai"
import * as CohereTokenizer from "../src/CohereTokenizer.ts"
import { client, json, stub } from "./fixtures/stub.ts"

const model = "command-a-03-2025"
/** Source: https://docs.cohere.com/reference/tokenize */
const answer = (...tokens: ReadonlyArray<number>) => json({ tokens, token_strings: tokens.map((one) => `t${one}`) })

it.effect("the tokens of a text, with their pieces", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub(answer(8, 9))
    const tokens = yield* Effect.provide(CohereTokenizer.tokenize(model, "Hi."), client(fetch))
    assert.deepStrictEqual(tokens, { tokens: [8, 9], strings: ["t8", "t9"] })
    assert.strictEqual(sent[0]?.url, "https://api.cohere.com/v1/tokenize")
    assert.deepStrictEqual(sent[0]?.body, { model, text: "Hi." })
  }))

it.effect("the text of tokens", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub(json({ text: "Hi." }))
    assert.strictEqual(yield* Effect.provide(CohereTokenizer.detokenize(model, [8, 9]), client(fetch)), "Hi.")
    assert.strictEqual(sent[0]?.url, "https://api.cohere.com/v1/detokenize")
    assert.deepStrictEqual(sent[0]?.body, { model, tokens: [8, 9] })
  }))

it.effect("nothing is sent for nothing, or for too much", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub()
    const program = Effect.gen(function*() {
      assert.deepStrictEqual(yield* CohereTokenizer.tokenize(model, ""), { tokens: [], strings: [] })
      assert.strictEqual(yield* CohereTokenizer.detokenize(model, []), "")
      const error = yield* Effect.flip(CohereTokenizer.tokenize(model, "a".repeat(65_537)))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    })
    yield* Effect.provide(program, client(fetch))
    assert.lengthOf(sent, 0)
  }))

it.effect("an answer that is none fails typed", () =>
  Effect.gen(function*() {
    for (const body of [{}, { tokens: ["a"] }, { tokens: [] }, { text: 1 }]) {
      const { fetch } = stub(json(body), json(body))
      const program = Effect.gen(function*() {
        const tokenized = yield* Effect.flip(CohereTokenizer.tokenize(model, "Hi."))
        assert.strictEqual(ProviderError.kindOf(tokenized), "InvalidResponse")
        const detokenized = yield* Effect.flip(CohereTokenizer.detokenize(model, [1]))
        assert.strictEqual(ProviderError.kindOf(detokenized), "InvalidResponse")
      })
      yield* Effect.provide(program, client(fetch))
    }
  }))

it.effect("a tokenizer of effect/ai counts what messages say", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub(answer(1, 2, 3), answer(1), answer(1, 2, 3))
    const prompt = Prompt.make([
      { role: "system", content: "Be short." },
      {
        role: "user",
        content: [{ type: "text", text: "Look" }, { type: "file", mediaType: "image/png", data: "aGk=" }]
      },
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "look", params: { at: 1 } }] },
      { role: "tool", content: [{ type: "tool-result", id: "a", name: "look", isFailure: false, result: [1] }] }
    ])
    const layer = Layer.provide(CohereTokenizer.layer(model), client(fetch))
    const program = Effect.gen(function*() {
      const tokenizer = yield* Tokenizer.Tokenizer
      assert.deepStrictEqual(yield* tokenizer.tokenize(prompt), [1, 2, 3])
      const cut = yield* tokenizer.truncate(prompt, 2)
      assert.deepStrictEqual(cut.content.map((message) => message.role), ["tool"])
    })
    yield* Effect.provide(program, layer)
    assert.strictEqual(sent[0]?.body["text"], `Be short.\nLook\nlook {"at":1}\n[1]`)
  }))
