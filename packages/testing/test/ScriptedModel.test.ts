import { assert, describe, it } from "@effect/vitest"
import * as Driver from "@llm-layers/core/Driver"
import * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Deferred, Duration, Effect, Fiber, Ref, Schema, Stream } from "effect"
import { AiError, Chat, LanguageModel, Model, Tool, Toolkit } from "effect/ai"

const Weather = Tool.make("Weather", {
  parameters: Schema.Struct({
    city: Schema.String,
    on: Schema.optional(Schema.Date)
  }),
  success: Schema.String
})
const tools = Toolkit.make(Weather)
const handlers = tools.toLayer({
  Weather: ({ city, on }) => Effect.succeed(`${city} ${on?.toISOString().slice(0, 10) ?? "today"}`)
})

describe("layer", () => {
  it.effect("gives the answers in order and keeps the prompts", () =>
    Effect.gen(function*() {
      const first = yield* LanguageModel.generateText({ prompt: "One?" })
      const second = yield* LanguageModel.generateText({ prompt: "And two?" })
      assert.strictEqual(first.text, "First.")
      assert.strictEqual(second.text, "Second.")
      const seen = yield* ScriptedModel.prompts
      assert.deepStrictEqual(seen.map(ScriptedModel.lastText), ["One?", "And two?"])
    }).pipe(Effect.provide(ScriptedModel.layer(["First.", "Second."]))))

  it.effect("starts the script again for each time it is built", () => {
    const layer = ScriptedModel.layer(["Hi."])
    const once = LanguageModel.generateText({ prompt: "Hello" }).pipe(
      Effect.map((response) => response.text),
      Effect.provide(layer)
    )
    return Effect.map(Effect.all([once, once]), (texts) => assert.deepStrictEqual(texts, ["Hi.", "Hi."]))
  })

  it.effect("adds id, model, finish reason and whole numbers of tokens", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "How are you today?" })
      const [metadata] = response.content
      assert.strictEqual(metadata?.type, "response-metadata")
      assert.deepInclude(metadata, { modelId: "scripted" })
      assert.strictEqual(response.finishReason, "stop")
      assert.strictEqual(response.usage.inputTokens.total, 4)
      assert.strictEqual(response.usage.outputTokens.total, 2)
    }).pipe(Effect.provide(ScriptedModel.layer(["Very well."]))))

  it.effect("gives parts as they are, with a finish of the script's own", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "?" })
      assert.deepStrictEqual(
        response.content.map((part) => part.type),
        ["response-metadata", "reasoning", "text", "source", "finish"]
      )
      assert.strictEqual(response.finishReason, "length")
      assert.deepStrictEqual(Warning.of(response.content), [{ about: "seed", message: "left out" }])
    }).pipe(Effect.provide(ScriptedModel.layer([[
      { type: "response-metadata", id: "a", metadata: Warning.metadata([{ about: "seed", message: "left out" }]) },
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Cut" },
      { type: "source", sourceType: "url", id: "s", url: "https://example.com/", title: "Example" },
      { type: "finish", reason: "length", usage: { inputTokens: {}, outputTokens: {} } }
    ]]))))

  it.effect("names provider and model as a Model does", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Model.ProviderName, "scripted")
      assert.strictEqual(yield* Model.ModelName, "gpt-next")
    }).pipe(Effect.provide(ScriptedModel.layer([], { model: "gpt-next" }))))

  it.effect("makes an answer from what was asked", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "ping", toolkit: tools })
      assert.strictEqual(response.text, "ping, with Weather")
    }).pipe(
      Effect.provide(ScriptedModel.layer([
        (prompt, options) => `${ScriptedModel.lastText(prompt)}, with ${options.tools.map((tool) => tool.name).join()}`
      ])),
      Effect.provide(handlers)
    ))

  it.effect("answers every call by a function", () =>
    Effect.gen(function*() {
      const ask = (prompt: string) => Effect.map(LanguageModel.generateText({ prompt }), (response) => response.text)
      assert.deepStrictEqual(yield* Effect.forEach(["a", "b", "c"], ask), ["A", "B", "C"])
      yield* ScriptedModel.expectDone
    }).pipe(Effect.provide(ScriptedModel.layer((prompt) => ScriptedModel.lastText(prompt).toUpperCase()))))

  it.effect("runs the Effect of an entry when the call is made", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<string>()
      yield* Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(LanguageModel.generateText({ prompt: "?" }))
        yield* Effect.yieldNow
        assert.strictEqual((yield* ScriptedModel.calls)[0]?.outcome, "running")
        yield* Deferred.succeed(gate, "Now.")
        assert.strictEqual((yield* Fiber.join(fiber)).text, "Now.")
        const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "?" }))
        assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
        assert.strictEqual((yield* LanguageModel.generateText({ prompt: "three" })).text, "three")
      }).pipe(Effect.provide(ScriptedModel.layer([
        Deferred.await(gate),
        Effect.fail(ScriptedModel.fail("Overloaded")),
        (prompt) => Effect.succeed(ScriptedModel.deliver(ScriptedModel.lastText(prompt), {}))
      ])))
    }))

  it.effect("cannot do what its capabilities leave out, and is not asked then", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(LanguageModel.generateText({
        prompt: [{ role: "user", content: [{ type: "file", mediaType: "image/png", data: "aGk=" }] }]
      }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(yield* ScriptedModel.prompts, 0)
    }).pipe(Effect.provide(ScriptedModel.layer([], { capabilities: { imageInput: false } }))))

  it.effect("is wrapped in a policy", () =>
    Effect.gen(function*() {
      const calls = yield* Ref.make(0)
      const counting: Policy.Policy = (driver) =>
        Effect.succeed({
          ...driver,
          generateText: (options) => Effect.andThen(Ref.update(calls, (n) => n + 1), driver.generateText(options))
        })
      yield* LanguageModel.generateText({ prompt: "?" }).pipe(
        Effect.provide(ScriptedModel.layer(["Hi."], { policy: Policy.compose(counting, counting) }))
      )
      assert.strictEqual(yield* Ref.get(calls), 2)
    }))
})

describe("streams", () => {
  it.effect("give a text word by word, between start and end", () =>
    Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "?" }))
      assert.deepStrictEqual(parts.map((part) => part.type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-delta",
        "text-delta",
        "text-delta",
        "text-end",
        "finish"
      ])
      const deltas = parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : [])
      assert.deepStrictEqual(deltas, [" One", " two", "\n\nthree", "\n"])
    }).pipe(Effect.provide(ScriptedModel.layer([" One two\n\nthree\n"]))))

  it.effect("give the same text as a plain answer, whatever it holds", () =>
    Effect.gen(function*() {
      const texts = ["", " ", "a", "  a  ", "a\tb\r\nc", "çé 漢字 🙂‍↕️ x"]
      for (const text of texts) {
        const joined = yield* LanguageModel.streamText({ prompt: "?" }).pipe(
          Stream.runFold(() => "", (all, part) => part.type === "text-delta" ? all + part.delta : all),
          Effect.provide(ScriptedModel.layer([text]))
        )
        assert.strictEqual(joined, text)
      }
    }))

  it.effect("give reasoning with its metadata at the end, and keep two texts apart", () =>
    Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "?" }))
      const ids = parts.flatMap((part) => part.type.endsWith("-start") && "id" in part ? [part.id] : [])
      assert.strictEqual(new Set(ids).size, 3)
      const end = parts.find((part) => part.type === "reasoning-end")
      assert.deepStrictEqual(end?.metadata, { acme: { signature: "s" } })
    }).pipe(Effect.provide(ScriptedModel.layer([[
      { type: "reasoning", text: "Let me see.", metadata: { acme: { signature: "s" } } },
      { type: "text", text: "a" },
      { type: "text", text: "b" }
    ]]))))

  it.effect("call tools", () =>
    Effect.gen(function*() {
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "?", toolkit: tools }))
      assert.deepStrictEqual(
        parts.map((part) => part.type).filter((type) => type !== "tool-params-delta"),
        ["response-metadata", "tool-params-start", "tool-params-end", "tool-call", "tool-result", "finish"]
      )
      const text = parts.flatMap((part) => part.type === "tool-params-delta" ? [part.delta] : []).join("")
      assert.deepStrictEqual(JSON.parse(text), { city: "Rome", on: "2026-01-02T00:00:00.000Z" })
      const result = parts.find((part) => part.type === "tool-result")
      assert.strictEqual(result?.result, "Rome 2026-01-02")
    }).pipe(
      Effect.provide(ScriptedModel.layer([
        ScriptedModel.toolCall("Weather", { city: "Rome", on: new Date("2026-01-02") })
      ])),
      Effect.provide(handlers)
    ))

  it.effect("fail where the script says so", () =>
    Effect.gen(function*() {
      const error = yield* LanguageModel.streamText({ prompt: "?" }).pipe(Stream.runDrain, Effect.flip)
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.strictEqual(error.isRetryable, true)
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.fail("Overloaded")]))))
})

describe("when", () => {
  const ask = (prompt: string) => Effect.map(LanguageModel.generateText({ prompt }), (response) => response.text)

  it.effect("answers the call it fits, in whatever order the calls come", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.forEach(["in Oslo", "in Rome", "in Bonn", "other"], ask), [
        "snow",
        "sun",
        "in Bonn, 0 tools",
        "any"
      ])
    }).pipe(Effect.provide(ScriptedModel.layer([
      ScriptedModel.when(/ROME/i, "sun"),
      ScriptedModel.when("Oslo", "snow"),
      ScriptedModel.when(
        (prompt) => ScriptedModel.lastText(prompt).endsWith("Bonn"),
        (prompt, options) => `${ScriptedModel.lastText(prompt)}, ${options.tools.length} tools`
      ),
      "any"
    ]))))

  it.effect("is used once, and only where it fits", () =>
    Effect.gen(function*() {
      const program = Effect.all([ask("Rome"), ask("Rome"), Effect.flip(ask("Oslo"))])
      const [first, second, third] = yield* program.pipe(
        Effect.provide(ScriptedModel.layer([
          ScriptedModel.when("Rome", "one"),
          ScriptedModel.when("Rome", "two"),
          ScriptedModel.when("Bonn", "three")
        ])),
        Effect.catchDefect((defect) => {
          assert.instanceOf(defect, ScriptedModel.ScriptMismatch)
          assert.include(defect.message, `1. when "Rome": "one" - call 1`)
          assert.include(defect.message, `3. generateText "Oslo" - no answer`)
          assert.include(defect.message, `3. when "Bonn": "three" - not used`)
          return Effect.succeed(["one", "two", undefined] as const)
        })
      )
      assert.deepStrictEqual([first, second, third], ["one", "two", undefined])
    }))
})

describe("calls", () => {
  it.effect("say what was asked, by which method, and how it ended", () =>
    Effect.gen(function*() {
      yield* LanguageModel.generateText({ prompt: "a", toolkit: tools, toolChoice: "required" })
      yield* LanguageModel.generateObject({ prompt: "b", schema: Schema.Struct({ n: Schema.Int }), objectName: "num" })
      yield* Stream.runDrain(LanguageModel.streamText({ prompt: "c" }))
      yield* Effect.flip(LanguageModel.generateText({ prompt: "d" }))
      yield* Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "e" })))
      const calls = yield* ScriptedModel.calls
      assert.deepStrictEqual(
        calls.map((call) => [call.method, ScriptedModel.lastText(call.prompt), call.outcome]),
        [
          ["generateText", "a", "answered"],
          ["generateObject", "b", "answered"],
          ["streamText", "c", "answered"],
          ["generateText", "d", "failed"],
          ["streamText", "e", "failed"]
        ]
      )
      assert.deepStrictEqual(calls[0]?.tools.map((tool) => tool.name), ["Weather"])
      assert.strictEqual(calls[0]?.toolChoice, "required")
      assert.deepInclude(calls[1]?.responseFormat, { type: "json", objectName: "num" })
      assert.deepStrictEqual(calls[2]?.responseFormat, { type: "text" })
    }).pipe(
      Effect.provide(ScriptedModel.layer([
        ScriptedModel.toolCall("Weather", { city: "Rome" }),
        ScriptedModel.object({ n: 1 }),
        "c",
        ScriptedModel.fail("Overloaded"),
        ["half", ScriptedModel.fail("StreamInterrupted")]
      ])),
      Effect.provide(handlers)
    ))

  it.effect("know which were interrupted", () =>
    Effect.gen(function*() {
      const plain = yield* Effect.forkChild(LanguageModel.generateText({ prompt: "?" }))
      const streamed = yield* Effect.forkChild(Stream.runDrain(LanguageModel.streamText({ prompt: "?" })))
      yield* Effect.yieldNow
      const outcomes = Effect.map(ScriptedModel.calls, (calls) => calls.map((call) => call.outcome))
      assert.deepStrictEqual(yield* outcomes, ["running", "running"])
      yield* Fiber.interrupt(plain)
      yield* Fiber.interrupt(streamed)
      yield* LanguageModel.streamText({ prompt: "?" }).pipe(Stream.take(3), Stream.runDrain)
      yield* LanguageModel.streamText({ prompt: "?" }).pipe(
        Stream.takeUntil((part) => part.type === "finish"),
        Stream.runDrain
      )
      assert.deepStrictEqual(yield* outcomes, ["interrupted", "interrupted", "interrupted", "answered"])
    }).pipe(Effect.provide(ScriptedModel.layer([
      Effect.never,
      Effect.never,
      "One two three.",
      "One two three."
    ]))))

  it.effect("that a function of the script throws at are failed", () =>
    Effect.gen(function*() {
      const thrown = () => {
        throw new Error("broken script")
      }
      const program = Effect.gen(function*() {
        const plain = yield* Effect.exit(LanguageModel.generateText({ prompt: "?" }))
        const streamed = yield* Effect.exit(Stream.runDrain(LanguageModel.streamText({ prompt: "?" })))
        assert.include(String(plain), "broken script")
        assert.include(String(streamed), "broken script")
        assert.deepStrictEqual((yield* ScriptedModel.calls).map((call) => call.outcome), ["failed", "failed"])
      })
      yield* Effect.provide(program, ScriptedModel.layer(thrown))
      yield* program.pipe(Effect.provide(ScriptedModel.layer([thrown, thrown])))
    }))

  it.effect("count each attempt of a policy", () =>
    Effect.gen(function*() {
      const twice: Policy.Policy = (driver) =>
        Effect.succeed({
          ...driver,
          generateText: (options) => Effect.retry(driver.generateText(options), { times: 1 })
        })
      yield* Effect.gen(function*() {
        yield* LanguageModel.generateText({ prompt: "?" })
        assert.deepStrictEqual((yield* ScriptedModel.calls).map((call) => call.outcome), ["failed", "answered"])
      }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.fail("Overloaded"), "Hi."], { policy: twice })))
    }))
})

describe("make", () => {
  it.effect("gives the driver alone; what does not fit is said by expectDone", () =>
    Effect.gen(function*() {
      const { driver, expectDone, prompts } = yield* ScriptedModel.make(["One.", "Two."])
      yield* LanguageModel.generateText({ prompt: "?" }).pipe(Effect.provide(Driver.layer(Effect.succeed(driver))))
      assert.lengthOf(yield* prompts, 1)
      const exit = yield* Effect.exit(expectDone)
      assert.include(String(exit), "1 answer was not used")
    }))
})

describe("toolCall", () => {
  it.effect("runs the handler with decoded arguments; parallel calls have ids of their own", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ prompt: "?", toolkit: tools })
      assert.strictEqual(response.finishReason, "tool-calls")
      assert.deepStrictEqual(
        response.toolResults.map((one) => [one.id, one.result]),
        [["call-1", "Rome 2026-01-02"], ["mine", "Oslo today"], ["call-2", "Bonn today"]]
      )
    }).pipe(
      Effect.provide(ScriptedModel.layer([[
        ScriptedModel.toolCall("Weather", { city: "Rome", on: new Date("2026-01-02") }),
        ScriptedModel.toolCall("Weather", { city: "Oslo", on: undefined }, "mine"),
        ScriptedModel.toolCall("Weather", { city: "Bonn" })
      ]])),
      Effect.provide(handlers)
    ))

  it.effect("of a tool that was not offered fails as with a vendor", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(LanguageModel.generateText({ prompt: "?", toolkit: tools }))
      assert.strictEqual(error.reason._tag, "ToolNotFoundError")
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.toolCall("Wether")])), Effect.provide(handlers)))

  it.effect("is seen in the prompt of the next turn of a chat", () =>
    Effect.gen(function*() {
      const chat = yield* Chat.empty
      yield* chat.generateText({ prompt: "Rome?", toolkit: tools })
      const response = yield* chat.generateText({ prompt: "Thanks", toolkit: tools })
      assert.strictEqual(response.text, "Bye.")
      const prompts = yield* ScriptedModel.prompts
      assert.deepStrictEqual(prompts[1]?.content.map((message) => message.role), ["user", "assistant", "tool", "user"])
    }).pipe(
      Effect.provide(ScriptedModel.layer([ScriptedModel.toolCall("Weather", { city: "Rome" }), "Bye."])),
      Effect.provide(handlers)
    ))
})

describe("object", () => {
  const Person = Schema.Struct({ name: Schema.String, born: Schema.Date })
  const ask = LanguageModel.generateObject({ prompt: "Who?", schema: Person })

  it.effect("answers generateObject; so does a string of JSON", () =>
    Effect.gen(function*() {
      const born = new Date("1912-06-23T00:00:00.000Z")
      assert.deepStrictEqual((yield* ask).value, { name: "Alan", born })
      assert.deepStrictEqual((yield* ask).value, { name: "Alan", born })
    }).pipe(Effect.provide(ScriptedModel.layer([
      ScriptedModel.object({ name: "Alan", born: new Date("1912-06-23") }),
      `{"name":"Alan","born":"1912-06-23T00:00:00.000Z"}`
    ]))))

  it.effect("of another shape fails as with a vendor", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ask)
      assert.strictEqual(error.reason._tag, "StructuredOutputError")
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.object({ name: 1 })]))))
})

describe("fail", () => {
  it.effect("takes an error, a reason or a kind; so does the script an error as it is", () => {
    const error = AiError.make({ module: "Mine", method: "ask", reason: new AiError.QuotaExhaustedError({}) })
    return Effect.gen(function*() {
      const ask = Effect.flip(LanguageModel.generateText({ prompt: "?" }))
      assert.strictEqual(yield* ask, error)
      assert.strictEqual(yield* ask, error)
      assert.strictEqual((yield* ask).reason._tag, "ContentPolicyError")
      const limited = yield* ask
      assert.strictEqual(ProviderError.kindOf(limited), "RateLimited")
      assert.deepStrictEqual(limited.retryAfter, Duration.seconds(2))
    }).pipe(Effect.provide(ScriptedModel.layer([
      error,
      ScriptedModel.fail(error),
      ScriptedModel.fail(new AiError.ContentPolicyError({ description: "no" })),
      ScriptedModel.fail("RateLimited", { retryAfter: Duration.seconds(2) })
    ])))
  })
})
