import { assert, describe, it } from "@effect/vitest"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Deferred, Duration, Effect, Exit, Fiber, Layer, Schema, Stream } from "effect"
import { AiError, LanguageModel, type Response } from "effect/ai"
import * as Fallback from "../src/Fallback.ts"

const failing = (kind: ErrorKind.Name, detail?: ProviderError.Detail) =>
  ScriptedModel.layer([ScriptedModel.fail(kind, detail)], { model: kind })
const saying = (...texts: ReadonlyArray<ScriptedModel.Entry>) => ScriptedModel.layer(texts, { model: "speaker" })
/** A model that is not to be asked. */
const unasked = ScriptedModel.layer([], { model: "unasked" })

const ask = LanguageModel.generateText({ prompt: "Hello" })

/** The parts of a stream, and the error it ends with. */
const streamed = (stream: Stream.Stream<Response.AnyPart, AiError.AiError, LanguageModel.LanguageModel>) =>
  Effect.gen(function*() {
    const parts: Array<Response.AnyPart> = []
    const exit = yield* Effect.result(Stream.runForEach(stream, (part) => Effect.sync(() => parts.push(part))))
    const text = parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []).join("")
    return { parts, text, error: exit._tag === "Failure" ? exit.failure : undefined }
  })

const kinds = Object.keys(ErrorKind.kinds).filter((name): name is ErrorKind.Name =>
  Object.hasOwn(ErrorKind.kinds, name)
)

describe("who is asked", () => {
  it.effect("is the first, and nobody else where it answers", () =>
    Effect.gen(function*() {
      const response = yield* ask
      assert.strictEqual(response.text, "Hi.")
      assert.deepStrictEqual(Fallback.answeredBy(response), {
        member: 0,
        provider: "scripted",
        model: "speaker",
        failed: []
      })
    }).pipe(Effect.provide(Fallback.layer([saying("Hi."), unasked]))))

  it.effect("is the next where another model may cure the failure, and nobody else where not", () =>
    Effect.gen(function*() {
      for (const kind of kinds) {
        const layers = Fallback.layer([failing(kind), ScriptedModel.layer(() => "Hi.")])
        const response = yield* Effect.exit(Effect.provide(ask, layers))
        const { text } = yield* Effect.provide(streamed(LanguageModel.streamText({ prompt: "Hello" })), layers)
        assert.strictEqual(Exit.isSuccess(response), Fallback.movesOn[kind], kind)
        assert.strictEqual(text, Fallback.movesOn[kind] ? "Hi." : "", kind)
      }
      // What may succeed when asked again may succeed elsewhere.
      assert.deepStrictEqual(kinds.filter((kind) => ErrorKind.kinds[kind].retryable && !Fallback.movesOn[kind]), [])
    }))

  it.effect("is said by `when`", () =>
    Effect.gen(function*() {
      const seen: Array<ErrorKind.Name> = []
      const layers = Fallback.layer([failing("ContentRefused"), failing("Overloaded"), unasked], {
        when: (error, kind) => {
          assert.strictEqual(ProviderError.kindOf(error), kind)
          seen.push(kind)
          return kind === "ContentRefused"
        }
      })
      const error = yield* Effect.flip(Effect.provide(ask, layers))
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.deepStrictEqual(seen, ["ContentRefused", "Overloaded"])
    }))

  it.effect("each in turn, and each once", () =>
    Effect.gen(function*() {
      const response = yield* ask
      const answered = Fallback.answeredBy(response)
      assert.strictEqual(answered?.member, 2)
      assert.deepStrictEqual(
        answered?.failed.map(({ kind, member, model, provider }) => ({ kind, member, model, provider })),
        [
          { kind: "QuotaExhausted", member: 0, model: "QuotaExhausted", provider: "scripted" },
          { kind: "TimedOut", member: 1, model: "TimedOut", provider: "scripted" }
        ]
      )
    }).pipe(Effect.provide(Fallback.layer([failing("QuotaExhausted"), failing("TimedOut"), saying("Hi."), unasked]))))

  it.effect("gives objects, too", () =>
    Effect.gen(function*() {
      const schema = Schema.Struct({ city: Schema.String })
      const response = yield* LanguageModel.generateObject({ prompt: "Where?", schema })
      assert.deepStrictEqual(response.value, { city: "Rome" })
      assert.strictEqual(Fallback.answeredBy(response)?.model, "speaker")
      assert.deepStrictEqual(Fallback.answeredBy(response)?.failed.map(({ kind }) => kind), ["InvalidOutput"])
    }).pipe(Effect.provide(Fallback.layer([
      saying("no object"),
      saying(ScriptedModel.object({ city: "Rome" }))
    ]))))

  it.effect("is told of a model that says nothing of itself", () =>
    Effect.gen(function*() {
      const plain = LanguageModel.make({
        generateText: () =>
          Effect.succeed([
            { type: "text", text: "Hi." },
            { type: "finish", reason: "stop", usage: { inputTokens: {}, outputTokens: {} } }
          ]),
        streamText: () => Stream.make({ type: "text-start", id: "0" }, { type: "text-delta", id: "0", delta: "Hi." })
      })
      const layers = Fallback.layer([failing("Overloaded"), Layer.effect(LanguageModel.LanguageModel, plain)])
      const response = yield* Effect.provide(ask, layers)
      assert.deepStrictEqual(response.content.map((part) => part.type), ["response-metadata", "text", "finish"])
      assert.strictEqual(Fallback.answeredBy(response)?.member, 1)
      const { parts } = yield* Effect.provide(streamed(LanguageModel.streamText({ prompt: "Hello" })), layers)
      assert.deepStrictEqual(parts.map((part) => part.type), ["response-metadata", "text-start", "text-delta"])
      assert.strictEqual(Fallback.answeredBy(parts)?.member, 1)
    }))

  it.effect("is the innermost of several that are nested", () =>
    Effect.gen(function*() {
      const answered = Fallback.answeredBy(yield* ask)
      assert.deepStrictEqual({ ...answered, failed: answered?.failed.map(({ kind, member }) => [member, kind]) }, {
        member: 1,
        provider: "scripted",
        model: "speaker",
        failed: [[0, "RateLimited"], [0, "TimedOut"], [1, "Overloaded"]]
      })
    }).pipe(Effect.provide(Fallback.layer([
      Fallback.layer([failing("RateLimited"), failing("TimedOut")]),
      Fallback.layer([failing("Overloaded"), saying("Hi.")])
    ]))))
})

describe("a stream", () => {
  it.effect("has nothing of a model that failed before it spoke, and says who speaks first of all", () =>
    Effect.gen(function*() {
      const { error, parts, text } = yield* streamed(LanguageModel.streamText({ prompt: "Hello" }))
      assert.isUndefined(error)
      assert.strictEqual(text, "Hi.")
      assert.strictEqual(parts.filter((part) => part.type === "response-metadata").length, 1)
      const [first] = parts
      assert.deepInclude(first && Fallback.answeredBy([first]), { member: 1, model: "speaker" })
    }).pipe(Effect.provide(Fallback.layer([
      ScriptedModel.layer([[{ type: "text-start", id: "0" }, ScriptedModel.fail("Overloaded")]]),
      saying("Hi.")
    ]))))

  it.effect("stays with a model that has spoken; its failure keeps what came", () =>
    Effect.gen(function*() {
      const { error, text } = yield* streamed(LanguageModel.streamText({ prompt: "Hello" }))
      assert.strictEqual(text, "Once upon")
      assert.deepStrictEqual(
        error && ProviderError.partial(error)?.parts.flatMap((part) => part.type === "text" ? [part.text] : []),
        ["Once upon"]
      )
    }).pipe(Effect.provide(Fallback.layer([
      ScriptedModel.layer([["Once upon", ScriptedModel.fail("Overloaded")]]),
      unasked
    ]))))
})

describe("when all have failed", () => {
  const partial = { parts: [{ type: "text" as const, text: "Hel" }], usage: undefined }
  const cut = ScriptedModel.fail("StreamInterrupted", { facts: { partial } })

  it.effect("the error is the last one's, with the others and what they had answered", () =>
    Effect.gen(function*() {
      const layers = Fallback.layer([
        ScriptedModel.layer([cut], { model: "cut" }),
        failing("RateLimited", {
          retryAfter: Duration.seconds(3)
        })
      ])
      for (
        const error of [
          yield* Effect.flip(Effect.provide(ask, layers)),
          (yield* Effect.provide(streamed(LanguageModel.streamText({ prompt: "Hello" })), layers)).error
        ]
      ) {
        assert.isDefined(error)
        assert.strictEqual(error.reason._tag, "RateLimitError")
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(3))
        assert.deepStrictEqual<unknown>(Fallback.failures(error), [{
          member: 0,
          provider: "scripted",
          model: "cut",
          kind: "StreamInterrupted",
          message: cut.message,
          partial: { parts: partial.parts } // JSON has no `undefined`
        }])
        const encoded = yield* Schema.encodeEffect(Schema.toCodecJson(AiError.AiError))(error)
        const decoded = yield* Schema.decodeEffect(Schema.toCodecJson(AiError.AiError))(encoded)
        assert.deepStrictEqual(Fallback.failures(decoded), Fallback.failures(error))
      }
    }))

  it.effect("so are the others of an error whose reason has no metadata, each call its own", () =>
    Effect.gen(function*() {
      const lost = ScriptedModel.fail("ConnectionFailed")
      const first = yield* Effect.flip(Effect.provide(
        ask,
        Fallback.layer([failing("TimedOut"), ScriptedModel.layer([lost])])
      ))
      const second = yield* Effect.flip(Effect.provide(
        ask,
        Fallback.layer([failing("Overloaded"), ScriptedModel.layer([lost])])
      ))
      assert.strictEqual(first.reason, lost.reason)
      assert.deepStrictEqual(Fallback.failures(first).map(({ kind }) => kind), ["TimedOut"])
      assert.deepStrictEqual(Fallback.failures(second).map(({ kind }) => kind), ["Overloaded"])
      assert.deepStrictEqual(Fallback.failures(lost), [])
    }))

  it.effect("a single failure passes as it is", () =>
    Effect.gen(function*() {
      const lost = ScriptedModel.fail("InvalidRequest")
      const error = yield* Effect.flip(Effect.provide(ask, Fallback.layer([ScriptedModel.layer([lost]), unasked])))
      assert.strictEqual(error, lost)
    }))
})

describe("an interruption", () => {
  it.effect("interrupts the model that runs, and no other is asked", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      let interrupted = 0
      const hanging = ScriptedModel.layer(() =>
        Deferred.succeed(asked, undefined).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Effect.sync(() => interrupted++))
        )
      )
      const layers = Fallback.layer([failing("Overloaded"), hanging, unasked])
      const running = yield* Effect.forkChild(Effect.provide(ask, layers))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(running)
      assert.strictEqual(interrupted, 1)
    }))
})
