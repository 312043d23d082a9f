import { assert, describe, it } from "@effect/vitest"
import { ProviderError, TokenEstimate, Warning } from "@llm-layers/core"
import * as DriverRequest from "@llm-layers/testing/DriverRequest"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Effect, Stream } from "effect"
import { type AiError, Prompt, type Response } from "effect/ai"
import * as TokenLimit from "../src/TokenLimit.ts"
import * as Answering from "./fixtures/answering.ts"

PolicyLaws.suite("TokenLimit that refuses", () => TokenLimit.make({ max: 10_000 }))
PolicyLaws.suite("TokenLimit that trims", () => TokenLimit.make({ max: 10_000, onExceeded: "trim" }))
PolicyLaws.suite("TokenLimit of an unknown model", () => TokenLimit.make({ max: () => undefined }))

const words = (count: number) => "word ".repeat(count)

const system = (text: string): Prompt.MessageEncoded => ({ role: "system", content: text })
const user = (text: string): Prompt.MessageEncoded => ({ role: "user", content: [{ type: "text", text }] })
const assistant = (text: string): Prompt.MessageEncoded => ({ role: "assistant", content: [{ type: "text", text }] })
const calls = (...ids: ReadonlyArray<string>): Prompt.MessageEncoded => ({
  role: "assistant",
  content: ids.map((id) => ({ type: "tool-call", id, name: "Search", params: { query: words(20) } }))
})
const results = (...ids: ReadonlyArray<string>): Prompt.MessageEncoded => ({
  role: "tool",
  content: ids.map((id) => ({ type: "tool-result", id, name: "Search", isFailure: false, result: words(20) }))
})

/** The messages, each by a word. */
const named = (prompt: Prompt.Prompt) =>
  prompt.content.map((message) =>
    message.role === "system"
      ? message.content.split(" ")[0]
      : message.content.map((part) => part.type === "text" ? part.text.split(" ")[0] : "id" in part ? part.id : "")
        .join()
  )

const metadataOf = (error: AiError.AiError) => {
  const facts = "metadata" in error.reason ? error.reason.metadata["llmLayers"] : undefined
  return typeof facts === "object" && facts !== null && !Array.isArray(facts) ? facts : {}
}

describe("refuse", () => {
  it.effect("fails before the network, and says by how much", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* TokenLimit.make({ max: 100, reserve: 20 })(driver)
      for (
        const call of [Answering.ask(limited, words(90)), Stream.runDrain(Answering.askStream(limited, words(90)))]
      ) {
        const error = yield* Effect.flip<unknown, AiError.AiError, never>(call)
        assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
        assert.isFalse(error.isRetryable)
        const tokens = TokenEstimate.ofPrompt(Prompt.make(words(90)))
        assert.deepInclude(metadataOf(error), {
          policy: "TokenLimit",
          tokens,
          limit: 100,
          reserve: 20,
          estimated: true
        })
        assert.include(error.message, `${tokens}`)
      }
      assert.strictEqual(asked.length, 0)
      yield* Answering.ask(limited, words(60))
      assert.strictEqual(asked.length, 1)
    }))

  it.effect("keeps the call's own maxOutputTokens, and what a function says of the model", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(undefined, Effect.succeed({ maxTokens: 50 }))
      const known = yield* TokenLimit.make({
        max: ({ model, provider }) => provider === "acme" && model === "acme-1" ? 100 : 1
      })(
        driver
      )
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(Answering.ask(known, words(60)))), "ContextOverflow")
      yield* Answering.ask(known, words(30))
      const unknown = yield* TokenLimit.make({ max: () => undefined })(driver)
      yield* Answering.ask(unknown, words(10_000))
    }))
})

/** What is left of the messages under so many tokens. */
const left = (messages: ReadonlyArray<Prompt.MessageEncoded>, max: number) =>
  Effect.gen(function*() {
    const { asked, driver } = Answering.make()
    const limited = yield* TokenLimit.make({ max, onExceeded: "trim" })(driver)
    const answered = yield* Answering.ask(limited, messages)
    const [sent] = asked
    assert.isDefined(sent)
    if (sent !== undefined) assert.isAtMost(TokenEstimate.ofRequest(sent), max)
    return { names: sent && named(sent.prompt), warnings: Warning.of(answered) }
  })

describe("trim", () => {
  it.effect("leaves the oldest messages out, and says so", () =>
    Effect.gen(function*() {
      const messages = [
        system(`rules ${words(20)}`),
        user(`u1 ${words(40)}`),
        assistant(`a1 ${words(40)}`),
        user(`u2 ${words(40)}`),
        assistant(`a2 ${words(40)}`),
        system(`more ${words(5)}`),
        user(`u3 ${words(40)}`)
      ]
      const { names, warnings } = yield* left(messages, 200)
      assert.deepStrictEqual(names, ["rules", "u2", "a2", "more", "u3"])
      assert.strictEqual(warnings.length, 1)
      assert.strictEqual(warnings[0]?.about, "prompt")
      assert.match(warnings[0]?.message ?? "", /^2 of 7 messages were left out/)
      assert.deepStrictEqual((yield* left(messages, 1_000)).names?.length, 7)
      assert.deepStrictEqual((yield* left(messages, 1_000)).warnings, [])
    }))

  it.effect("what is left begins with the user", () =>
    Effect.gen(function*() {
      const messages = [user(`u1 ${words(40)}`), assistant(`a1 ${words(10)}`), user(`u2 ${words(40)}`)]
      assert.deepStrictEqual((yield* left(messages, 80)).names, ["u2"])
    }))

  it.effect("calls go with their results, and the last of them stay", () =>
    Effect.gen(function*() {
      const messages = [
        user("u1"),
        calls("a", "b"),
        results("a"),
        results("b"),
        calls("c"),
        results("c"),
        calls("d"),
        results("d")
      ]
      const { names } = yield* left(messages, 160)
      assert.deepStrictEqual(names, ["u1", "c", "c", "d", "d"])
      assert.deepStrictEqual((yield* left(messages, 100)).names, ["u1", "d", "d"])
    }))

  it.effect("results that came later, or together, stay with their calls", () =>
    Effect.gen(function*() {
      const messages = [user("u1"), calls("a"), calls("b"), results("a", "b"), user("u2"), assistant("a2"), user("u3")]
      const { names } = yield* left(messages, 60)
      assert.deepStrictEqual(names, ["u2", "a2", "u3"])
    }))

  it.effect("where that is not enough, it refuses", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* TokenLimit.make({ max: 100, onExceeded: "trim" })(driver)
      for (const messages of [[user("u1"), assistant("a1"), user(words(200))], [system(words(200)), user("u1")]]) {
        const error = yield* Effect.flip(Answering.ask(limited, messages))
        assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
      }
      assert.strictEqual(asked.length, 0)
    }))

  it.effect("a conversation that the vendor keeps is begun anew", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* TokenLimit.make({ max: 100, onExceeded: "trim" })(driver)
      const continued = (first: string) =>
        DriverRequest.make({
          prompt: Prompt.make([user(first), assistant("a1"), user("u2")]),
          previousResponseId: "resp_1",
          incrementalPrompt: Prompt.make("u2")
        })
      yield* Answering.ask(limited, continued("u1"))
      assert.strictEqual(asked[0]?.previousResponseId, "resp_1")
      yield* Answering.ask(limited, continued(words(200)))
      assert.strictEqual(asked[1]?.previousResponseId, undefined)
      assert.strictEqual(asked[1]?.incrementalPrompt, undefined)
      assert.deepStrictEqual(asked[1] && named(asked[1].prompt), ["u2"])
    }))

  it.effect("the warning stands beside the answer's own, also in a stream", () =>
    Effect.gen(function*() {
      const own = {
        type: "response-metadata",
        id: "answer_1",
        metadata: Warning.metadata([{ about: "seed", message: "left out" }])
      } satisfies Response.ResponseMetadataPartEncoded
      const { driver } = Answering.make(() => Effect.succeed([own, ...Answering.answer()]))
      const limited = yield* TokenLimit.make({ max: 100, onExceeded: "trim" })({
        ...driver,
        streamText: () =>
          Stream.make(own, { type: "text-start", id: "0" }, { type: "text-delta", id: "0", delta: "Hello" })
      })
      const messages = [user(words(200)), assistant("a1"), user("u2")]
      const answered = yield* Answering.ask(limited, messages)
      assert.deepStrictEqual(Warning.of(answered).map(({ about }) => about), ["seed", "prompt"])
      const streamed = yield* Stream.runCollect(Answering.askStream(limited, messages))
      assert.deepStrictEqual(Warning.of(streamed).map(({ about }) => about), ["seed", "prompt"])
      assert.deepInclude(streamed[0], { type: "response-metadata", id: "answer_1" })
      assert.strictEqual(streamed.length, 3)

      const plain = yield* TokenLimit.make({ max: 100, onExceeded: "trim" })(Answering.make().driver)
      const parts = yield* Stream.runCollect(Answering.askStream(plain, messages))
      assert.deepStrictEqual(Warning.of(parts).map(({ about }) => about), ["prompt"])
      assert.deepStrictEqual(parts.map(({ type }) => type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-end",
        "finish"
      ])
    }))

  it.effect("a long conversation is trimmed quickly", () =>
    Effect.gen(function*() {
      const messages = Array.from(
        { length: 20_000 },
        (_, index) => index % 2 === 0 ? user(`u${index}`) : assistant("a")
      )
      const { names } = yield* left([...messages, user("last")], 100)
      assert.strictEqual(names?.at(-1), "last")
    }))
})

describe("options that cannot be used", () => {
  for (
    const [name, options] of [["max", { max: 0 }], ["max", { max: () => Number.NaN }], ["reserve", {
      max: 1,
      reserve: -1
    }]] as const
  ) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const { driver } = Answering.make()
        const error = yield* Effect.flip(Answering.ask(yield* TokenLimit.make(options)(driver)))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual(error.reason._tag === "InvalidRequestError" ? error.reason.parameter : "", name)
      }))
  }
})
