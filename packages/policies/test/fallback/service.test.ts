import { assert, describe, it } from "@effect/vitest"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Config, Context, Duration, Effect, Layer, Option, Stream } from "effect"
import { Chat, LanguageModel, Prompt, ResponseIdTracker } from "effect/ai"
import * as Fallback from "../../src/Fallback.ts"
import * as RetryBudget from "../../src/internal/retryBudget.ts"

const overloaded = ScriptedModel.fail("Overloaded")
const ask = LanguageModel.generateText({ prompt: "Hello" })
const askStreamed = Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" }))

describe("the retry budget", () => {
  const seeing = (seen: Array<RetryBudget.RetryBudget | undefined>): Policy.Policy => (driver) =>
    Effect.succeed({
      ...driver,
      generateText: (options) =>
        Effect.flatMap(RetryBudget.Current, (budget) => {
          seen.push(budget)
          return driver.generateText(options)
        }),
      streamText: (options) =>
        Stream.unwrap(Effect.map(RetryBudget.Current, (budget) => {
          seen.push(budget)
          return driver.streamText(options)
        }))
    })

  it.effect("is one for all members, and untouched by going to the next", () =>
    Effect.gen(function*() {
      for (const call of [ask, askStreamed]) {
        const seen: Array<RetryBudget.RetryBudget | undefined> = []
        const policy = seeing(seen)
        yield* Effect.provide(
          call,
          Fallback.layer([ScriptedModel.layer([overloaded], { policy }), ScriptedModel.layer(["Hi."], { policy })], {
            retries: { times: 7, totalTime: "1 minute" }
          })
        )
        assert.deepStrictEqual(seen[0], { times: 7, until: 60_000 })
        assert.strictEqual(seen[0], seen[1])
      }
    }))

  it.effect("is the one around the request where there is one", () =>
    Effect.gen(function*() {
      const seen: Array<RetryBudget.RetryBudget | undefined> = []
      const outer = { times: 1, until: 10 }
      yield* ask.pipe(
        Effect.provideService(RetryBudget.Current, outer),
        Effect.provide(Fallback.layer([ScriptedModel.layer(["Hi."], { policy: seeing(seen) })]))
      )
      assert.strictEqual(seen[0], outer)
    }))

  it.effect("of no sense is told by each call", () =>
    Effect.gen(function*() {
      const silent = ScriptedModel.layer([])
      for (
        const [retries, parameter] of [
          [{ times: -1 }, "retries.times"],
          [{ times: Number.NaN }, "retries.times"],
          [{ totalTime: Duration.zero }, "retries.totalTime"]
        ] as const
      ) {
        for (const call of [ask, askStreamed]) {
          const error = yield* Effect.flip(Effect.provide(call, Fallback.layer([silent], { retries })))
          assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
          assert.strictEqual("parameter" in error.reason && error.reason.parameter, parameter)
        }
      }
    }))
})

describe("members", () => {
  it.effect("mark spans that are the caller's", () =>
    Effect.gen(function*() {
      const parents: Array<string> = []
      const seen: ScriptedModel.Respond = (_, { span }) => {
        const parent = Option.getOrUndefined(span.parent)
        if (parent?._tag === "Span") parents.push(parent.name)
        return parents.length % 2 === 1 ? overloaded : "Hi."
      }
      const layers = Fallback.layer([ScriptedModel.layer(seen), ScriptedModel.layer(seen)])
      yield* ask.pipe(Effect.withSpan("plain"), Effect.provide(layers))
      yield* askStreamed.pipe(Effect.withSpan("streamed"), Effect.provide(layers))
      assert.deepStrictEqual(parents, ["plain", "plain", "streamed", "streamed"])
    }))

  it.effect("read messages that come once", () =>
    Effect.gen(function*() {
      const messages = function*() {
        yield Prompt.makeMessage("user", { content: [Prompt.makePart("text", { text: "Hello" })] })
      }
      const echo = ScriptedModel.layer((prompt) => ScriptedModel.lastText(prompt))
      const response = yield* LanguageModel.generateText({ prompt: messages() }).pipe(
        Effect.provide(Fallback.layer([ScriptedModel.layer([overloaded]), echo]))
      )
      assert.strictEqual(response.text, "Hello")
    }))

  it.effect("carry a chat on, each with its own record of it at its vendor", () =>
    Effect.gen(function*() {
      const previous: Array<[model: string, id: string | undefined, messages: number]> = []
      const seen = (model: string): ScriptedModel.Respond => (prompt, { incrementalPrompt, previousResponseId }) => {
        previous.push([model, previousResponseId, (incrementalPrompt ?? prompt).content.length])
        return model === "first" && previous.length === 2
          ? overloaded
          : [{ type: "response-metadata", id: `${model}_${previous.length}` }, { type: "text", text: "Hi." }]
      }
      const chat = yield* Chat.empty
      const turn = chat.generateText({ prompt: "Hello" })
      yield* Effect.repeat(turn, { times: 3 }).pipe(
        Effect.provideServiceEffect(ResponseIdTracker.ResponseIdTracker, ResponseIdTracker.make),
        Effect.provide(Fallback.layer([
          ScriptedModel.layer(seen("first")),
          ScriptedModel.layer(seen("second"))
        ]))
      )
      assert.deepStrictEqual(previous, [
        ["first", undefined, 1],
        // It fails, and the second begins: with all there is, and none of the first one's ids.
        ["first", "first_1", 1],
        ["second", undefined, 3],
        // Of a turn it has not seen it has no record.
        ["first", undefined, 5],
        ["first", "first_4", 1]
      ])
    }))

  it.effect("allow system messages in the history where all of them do", () =>
    Effect.gen(function*() {
      const allows = (systemInHistory: boolean) => ScriptedModel.layer([], { capabilities: { systemInHistory } })
      const said = (layer: Layer.Layer<LanguageModel.LanguageModel>) =>
        Effect.provide(
          Effect.flatMap(
            LanguageModel.LanguageModel,
            (model) => model.supportsSystemMessagesInHistory ?? Effect.succeed(undefined)
          ),
          layer
        )
      assert.isTrue(yield* said(Fallback.layer([allows(true), allows(true)])))
      assert.isFalse(yield* said(Fallback.layer([allows(true), allows(false)])))
      const silent = Layer.effect(
        LanguageModel.LanguageModel,
        LanguageModel.make({ generateText: () => Effect.succeed([]), streamText: () => Stream.empty })
      )
      assert.isUndefined(yield* said(Fallback.layer([allows(true), silent])))
    }))
})

describe("a member that cannot be built", () => {
  class Client extends Context.Service<Client, string>()("@test/Client") {}
  const missing = Layer.unwrap(Effect.as(Config.Redacted("NO_SUCH_KEY"), ScriptedModel.layer(["Never."])))
  const found = ScriptedModel.layer(() => "Hi.", { model: "found" })

  it.effect("fails the Layer", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Effect.provide(ask, Fallback.layer([found, missing])))
      assert.include(String(error), "NO_SUCH_KEY")
    }))

  it.effect("is left out where that is asked for, unless none is left", () =>
    Effect.gen(function*() {
      const options = { onBuildFailure: "skip" } as const
      const response = yield* Effect.provide(ask, Fallback.layer([missing, found], options))
      assert.strictEqual(Fallback.answeredBy(response)?.model, "found")
      const error = yield* Effect.flip(Effect.provide(ask, Fallback.layer([missing, missing], options)))
      assert.include(String(error), "NO_SUCH_KEY")
      const mistaken = Layer.effect(LanguageModel.LanguageModel, Effect.die("a mistake"))
      const exit = yield* Effect.exit(Effect.provide(ask, Fallback.layer([mistaken, found], options)))
      assert.strictEqual(exit._tag, "Failure")
    }))

  it.effect("leaves nothing open; a client of several is built once, and closed at the end", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const opened = (name: string) =>
        Layer.effect(
          Client,
          Effect.acquireRelease(
            Effect.sync(() => (log.push(`${name} opens`), name)),
            () => Effect.sync(() => log.push(`${name} closes`))
          )
        )
      const shared = opened("shared")
      const models = Fallback.layer([
        Layer.provide(missing, opened("lonely")),
        Layer.provide(Layer.effectDiscard(Client).pipe(Layer.provideMerge(found)), shared),
        Layer.provide(Layer.effectDiscard(Client).pipe(Layer.provideMerge(found)), shared)
      ], { onBuildFailure: "skip" })
      yield* Effect.provide(Effect.tap(ask, () => Effect.sync(() => log.push("asked"))), models)
      assert.deepStrictEqual(log, ["lonely opens", "lonely closes", "shared opens", "asked", "shared closes"])
    }))
})
