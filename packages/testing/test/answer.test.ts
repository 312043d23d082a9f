import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Duration, Effect, Schema, Stream } from "effect"
import { type AiError, LanguageModel, type Response, Tool, Toolkit } from "effect/ai"

const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })
const tools = Toolkit.make(Weather)
const handlers = tools.toLayer({ Weather: ({ city }) => Effect.succeed(`sunny in ${city}`) })

const typesOf = (parts: ReadonlyArray<Response.AnyPart>) =>
  parts.map((part) => "delta" in part ? `${part.type} ${part.delta}` : part.type)

/** What a program got of a stream before its error, and the error. */
const broken = (answer: ScriptedModel.Answer) =>
  Effect.gen(function*() {
    const types: Array<string> = []
    const error = yield* LanguageModel.streamText({ prompt: "?", toolkit: tools }).pipe(
      Stream.runForEachArray((parts) => Effect.sync(() => types.push(...typesOf(parts)))),
      Effect.flip,
      Effect.provide(ScriptedModel.layer([answer])),
      Effect.provide(handlers)
    )
    return { types, error }
  })

const textOf = (error: AiError.AiError) =>
  ProviderError.partial(error)?.parts.map((part) => part.type === "text" ? part.text : part.type)

describe("strings in a list", () => {
  it.effect("are the deltas of one text, as they are", () =>
    Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "?" }))
      assert.deepStrictEqual(typesOf(parts), [
        "response-metadata",
        "text-start",
        "text-delta One wo",
        "text-delta rd",
        "text-end",
        "reasoning-start",
        "reasoning-delta Hm.",
        "reasoning-end",
        "text-start",
        "text-delta  more",
        "text-end",
        "finish"
      ])
    }).pipe(Effect.provide(ScriptedModel.layer([["One wo", "", "rd", { type: "reasoning", text: "Hm." }, " more"]]))))

  it.effect("are one text of a plain answer, and count as its words", () =>
    Effect.gen(function*() {
      const plain = yield* LanguageModel.generateText({ prompt: "a b c" })
      assert.deepStrictEqual(
        plain.content.flatMap((part) => part.type === "text" ? [part.text] : []),
        ["One word"]
      )
      assert.strictEqual(plain.usage.outputTokens.total, 2)
      const streamed = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "a b c" }))
      const finish = streamed.find((part) => part.type === "finish")
      assert.deepStrictEqual(finish?.usage, plain.usage)
    }).pipe(Effect.provide(ScriptedModel.layer([["One wo", "rd"], ["One wo", "rd"]]))))
})

describe("a failure at the end of a list", () => {
  it.effect("breaks a stream off in the middle of a text, with what had come", () =>
    Effect.gen(function*() {
      const { error, types } = yield* broken(["Hello", " to", ScriptedModel.fail("StreamInterrupted")])
      assert.deepStrictEqual(types, ["response-metadata", "text-start", "text-delta Hello", "text-delta  to"])
      assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
      assert.deepStrictEqual(textOf(error), ["response-metadata", "Hello to"])
    }))

  it.effect("breaks off a text that is given whole, and reasoning", () =>
    Effect.gen(function*() {
      const { types } = yield* broken([
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "Hi" },
        Duration.zero,
        ScriptedModel.fail("Overloaded")
      ])
      assert.deepStrictEqual(types.slice(1), [
        "reasoning-start",
        "reasoning-delta Hm.",
        "reasoning-end",
        "text-start",
        "text-delta Hi"
      ])
      const reasoning = yield* broken([{ type: "reasoning", text: "Hm." }, ScriptedModel.fail("Overloaded")])
      assert.deepStrictEqual(reasoning.types.slice(1), ["reasoning-start", "reasoning-delta Hm."])
    }))

  it.effect("breaks off inside a tool call, which is not run and is no part of what had come", () =>
    Effect.gen(function*() {
      const call = ScriptedModel.toolCall("Weather", { city: "Rome" })
      const { error, types } = yield* broken([call, ScriptedModel.fail("StreamInterrupted")])
      assert.deepStrictEqual(types, [
        "response-metadata",
        "tool-params-start",
        `tool-params-delta {"city":"Rome"}`
      ])
      assert.deepStrictEqual(textOf(error), ["response-metadata"])

      const whole = yield* broken([call, "And", ScriptedModel.fail("StreamInterrupted")])
      assert.deepStrictEqual(whole.types.slice(3), [
        "tool-params-end",
        "tool-call",
        "text-start",
        "text-delta And"
      ])
      assert.deepStrictEqual(textOf(whole.error), ["response-metadata", "tool-call", "And"])
    }))

  it.effect("is all there is where nothing stands before it", () =>
    Effect.gen(function*() {
      for (const answer of [ScriptedModel.fail("Overloaded"), [Duration.zero, ScriptedModel.fail("Overloaded")]]) {
        const { error, types } = yield* broken(answer)
        assert.deepStrictEqual(types, [])
        assert.isUndefined(ProviderError.partial(error))
      }
    }))

  it.effect("is how a plain answer fails, of which nothing comes before it is whole", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "?" }))
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.isUndefined(ProviderError.partial(error))
    }).pipe(Effect.provide(ScriptedModel.layer([["Hello", ScriptedModel.fail("Overloaded")]]))))

  it.effect("is a defect where anything comes after it", () =>
    Effect.gen(function*() {
      const exit = yield* LanguageModel.generateText({ prompt: "?" }).pipe(
        Effect.provide(ScriptedModel.layer([["a", ScriptedModel.fail("Overloaded"), "b"]])),
        Effect.exit
      )
      assert.include(String(exit), "A script has pieces after the failure of an answer")
    }))
})

describe("parts of a stream", () => {
  const own: ReadonlyArray<ScriptedModel.StreamPart> = [
    { type: "text-start", id: "a" },
    { type: "tool-params-start", id: "t", name: "Weather" },
    { type: "text-delta", id: "a", delta: "Hel" },
    { type: "tool-params-delta", id: "t", delta: `{"city"` },
    { type: "text-delta", id: "a", delta: "lo" },
    { type: "tool-params-delta", id: "t", delta: `:"Rome"}` },
    { type: "tool-params-end", id: "t" },
    { type: "tool-call", id: "t", name: "Weather", params: { city: "Rome" } },
    { type: "text-end", id: "a" }
  ]

  it.effect("come as they are", () =>
    Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({
        prompt: "?",
        toolkit: tools,
        disableToolCallResolution: true
      }))
      assert.deepStrictEqual(typesOf(parts), [
        "response-metadata",
        "text-start",
        "tool-params-start",
        "text-delta Hel",
        `tool-params-delta {"city"`,
        "text-delta lo",
        `tool-params-delta :"Rome"}`,
        "tool-params-end",
        "tool-call",
        "text-end",
        "finish"
      ])
      assert.deepInclude(parts.at(-1), { reason: "tool-calls" })
    }).pipe(Effect.provide(ScriptedModel.layer([own]))))

  it.effect("are whole parts in a plain answer", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "?", toolkit: tools })
      assert.strictEqual(response.text, "Hello")
      assert.deepStrictEqual(response.toolResults.map((one) => one.result), ["sunny in Rome"])
    }).pipe(Effect.provide(ScriptedModel.layer([own])), Effect.provide(handlers)))

  it.effect("break off at any place", () =>
    Effect.gen(function*() {
      for (let length = 1; length < own.length; length++) {
        const { error, types } = yield* broken([...own.slice(0, length), ScriptedModel.fail("StreamInterrupted")])
        assert.deepStrictEqual(
          types.map((type) => type.split(" ")[0]),
          ["response-metadata", ...own.slice(0, length).map((part) => part.type)]
        )
        assert.isDefined(ProviderError.partial(error))
      }
    }))
})
