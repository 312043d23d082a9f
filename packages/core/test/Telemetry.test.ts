import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Telemetry from "@llm-layers/core/Telemetry"
import * as DriverRequest from "@llm-layers/testing/DriverRequest"
import { Effect, Fiber, Schema, Stream } from "effect"
import { LanguageModel, Prompt, ResponseIdTracker, Tool, Toolkit } from "effect/ai"
import { TestClock } from "effect/testing"
import { origin } from "./fixtures/acme.ts"
import * as Fake from "./fixtures/driver.ts"
import { withSpans } from "./fixtures/spans.ts"

/** Runs an effect and gives the attributes of the spans it opened, by their names. */
const spansOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(
    withSpans(effect),
    ({ spans }) => Object.fromEntries(spans.map((one) => [one.name, Object.fromEntries(one.attributes)]))
  )

const answer = [Fake.metadata, { type: "text", text: "Hi." }, Fake.finish("length")] as const

const expected = {
  "gen_ai.provider.name": "acme",
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "acme-1",
  "gen_ai.response.id": "resp_1",
  "gen_ai.response.model": "acme-1-2026",
  "gen_ai.response.finish_reasons": ["length"],
  "gen_ai.usage.input_tokens": 10,
  "gen_ai.usage.output_tokens": 7,
  "gen_ai.usage.cache_read.input_tokens": 4,
  "gen_ai.usage.cache_creation.input_tokens": 1,
  "gen_ai.usage.reasoning.output_tokens": 2
}

const whole = LanguageModel.generateText({ prompt: "A secret question" })
const streamed = Stream.runDrain(LanguageModel.streamText({ prompt: "A secret question" }))
const both = Fake.answering(answer, [[Fake.metadata], Fake.text("0", "Hi."), [Fake.finish("length")]])

describe("the span of a call", () => {
  it.effect("has provider, models, finish reason and tokens, and no text", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(Effect.andThen(whole, streamed))
      assert.deepInclude(spans["LanguageModel.generateText"], expected)
      assert.deepInclude(spans["LanguageModel.streamText"], expected)
      assert.notInclude(JSON.stringify(spans), "secret question")
      assert.notInclude(JSON.stringify(spans), "Hi.")
    }).pipe(Effect.provide(both)))

  it.effect("has the settings of the request", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(whole)
      assert.deepInclude(spans["LanguageModel.generateText"], {
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 100
      })
    }).pipe(Effect.provide(Fake.layer({
      settings: Effect.succeed({ temperature: 0.5, maxTokens: 100 }),
      generateText: () => Effect.succeed([...answer])
    }))))

  it.effect("leaves out counts that are not known", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(whole)
      const names = Object.keys(spans["LanguageModel.generateText"] ?? {})
      assert.deepStrictEqual(names.filter((name) => name.startsWith("gen_ai.usage")), [])
    }).pipe(
      Effect.provide(Fake.answering([{ type: "finish", reason: "stop", usage: { inputTokens: {}, outputTokens: {} } }]))
    ))

  it.effect("has the time to the first part that says something, in seconds", () =>
    Effect.gen(function*() {
      const layer = Fake.layer({
        streamText: () =>
          Stream.fromEffect(Effect.as(Effect.sleep("1 second"), Fake.metadata)).pipe(
            Stream.concat(Stream.fromEffect(Effect.as(
              Effect.sleep("500 millis"),
              { type: "reasoning-start", id: "0" } as const
            ))),
            Stream.concat(Stream.fromEffect(Effect.as(Effect.sleep("1 minute"), Fake.finish())))
          )
      })
      const running = yield* Effect.forkChild(spansOf(streamed).pipe(Effect.provide(layer)))
      yield* TestClock.adjust("2 minutes")
      const spans = yield* Fiber.join(running)
      assert.strictEqual(spans["LanguageModel.streamText"]?.["gen_ai.response.time_to_first_chunk"], 1.5)
    }))

  it.effect("has the kind of a failure", () =>
    Effect.gen(function*() {
      const error = ProviderError.make(origin, "Overloaded")
      const spans = yield* spansOf(Effect.andThen(Effect.exit(whole), streamed)).pipe(
        Effect.provide(Fake.layer({
          generateText: () => Effect.fail(error),
          streamText: () => Stream.fail(error)
        }))
      )
      assert.strictEqual(spans["LanguageModel.generateText"]?.["error.type"], "Overloaded")
      assert.strictEqual(spans["LanguageModel.streamText"]?.["error.type"], "Overloaded")
    }))
})

describe("content", () => {
  const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })
  const tools = Toolkit.make(Weather)

  it.effect("is on the span where it was asked for", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.andThen(whole, streamed).pipe(Effect.provideService(Telemetry.CaptureContent, true))
      )
      for (const name of ["LanguageModel.generateText", "LanguageModel.streamText"]) {
        const attributes = spans[name] ?? {}
        assert.deepStrictEqual(JSON.parse(String(attributes["gen_ai.input.messages"])), [
          { role: "user", parts: [{ type: "text", content: "A secret question" }] }
        ])
        assert.deepStrictEqual(JSON.parse(String(attributes["gen_ai.output.messages"])), [
          { role: "assistant", parts: [{ type: "text", content: "Hi." }] }
        ])
      }
    }).pipe(Effect.provide(both)))

  it.effect("describes calls, results and files, without the files", () =>
    Effect.gen(function*() {
      const one = DriverRequest.span()
      Telemetry.annotatePrompt(
        one,
        Prompt.make([
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "file", mediaType: "image/png", data: "c2VjcmV0" }] },
          { role: "assistant", content: [{ type: "tool-call", id: "t", name: "Weather", params: { city: "Rome" } }] },
          {
            role: "tool",
            content: [{ type: "tool-result", id: "t", name: "Weather", result: "sunny", isFailure: false }]
          }
        ])
      )
      assert.deepStrictEqual(JSON.parse(String(one.attributes.get("gen_ai.input.messages"))), [
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "user", parts: [{ type: "blob", mime_type: "image/png" }] },
        {
          role: "assistant",
          parts: [{ type: "tool_call", id: "t", name: "Weather", arguments: { city: "Rome" } }]
        },
        { role: "tool", parts: [{ type: "tool_call_response", id: "t", result: "sunny" }] }
      ])
      const spans = yield* spansOf(
        LanguageModel.generateText({ prompt: "?", toolkit: tools }).pipe(
          Effect.provideService(Telemetry.CaptureContent, true)
        )
      ).pipe(Effect.provide([
        tools.toLayer({ Weather: () => Effect.succeed("") }),
        Fake.answering([
          { type: "tool-call", id: "t", name: "Weather", params: { city: "Rome" } },
          Fake.finish("tool-calls")
        ])
      ]))
      assert.deepStrictEqual(
        JSON.parse(String(spans["LanguageModel.generateText"]?.["gen_ai.output.messages"])),
        [{ role: "assistant", parts: [{ type: "tool_call", id: "t", name: "Weather", arguments: { city: "Rome" } }] }]
      )
    }))
})

describe("an answer that is asked for again with the whole prompt", () => {
  it.effect("leaves no error on the span of the call", () =>
    Effect.gen(function*() {
      const tracker = yield* ResponseIdTracker.make
      const first = Prompt.make("one")
      const asked = yield* LanguageModel.generateText({ prompt: first }).pipe(
        Effect.provideService(ResponseIdTracker.ResponseIdTracker, tracker)
      )
      const prompt = Prompt.concat(Prompt.concat(first, Prompt.fromResponseParts(asked.content)), "two")
      const spans = yield* spansOf(
        Effect.provideService(
          LanguageModel.generateText({ prompt }),
          ResponseIdTracker.ResponseIdTracker,
          tracker
        )
      )
      assert.notProperty(spans["LanguageModel.generateText"], "error.type")
      assert.deepInclude(spans["LanguageModel.generateText"], { "gen_ai.response.id": "resp_1" })
    }).pipe(
      Effect.provide(Fake.layer({
        generateText: (options) =>
          options.incrementalPrompt === undefined
            ? Effect.succeed([...answer])
            : Effect.fail(ProviderError.make(origin, "InvalidRequest", { description: "no such response" }))
      }))
    ))
})
