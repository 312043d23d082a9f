/** The providers of this project recorded against a server that speaks their APIs, and replayed without it. */
import { assert, describe, it } from "@effect/vitest"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { ProviderError } from "@llm-layers/core"
import { OpenAiChatLanguageModel, OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Cassette, LoopbackServer, Recorder } from "@llm-layers/testing"
import { Cause, ConfigProvider, Deferred, Effect, Exit, Fiber, Layer, Stream } from "effect"
import { AiError, LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Aimock from "../src/aimock.ts"

const key = "key-of-the-test-0123456789"

interface Vendor {
  readonly name: string
  readonly model: (
    baseUrl: string | undefined
  ) => Layer.Layer<LanguageModel.LanguageModel, never, Recorder.Recorder>
  /** What the SDK wants after the server's address. */
  readonly below: string
}

const openAi = (baseUrl: string | undefined) =>
  Recorder.client(({ fetch, secret }) => OpenAiClient.layer({ apiKey: secret("OPENAI_API_KEY"), fetch, baseUrl }))

const anthropic = (baseUrl: string | undefined) =>
  Recorder.client(({ fetch, secret }) => AnthropicClient.layer({ apiKey: secret("ANTHROPIC_API_KEY"), fetch, baseUrl }))

const vendors: ReadonlyArray<Vendor> = [
  {
    name: "OpenAI, Responses",
    model: (baseUrl) => Layer.provide(OpenAiLanguageModel.model("gpt-5.5"), openAi(baseUrl)),
    below: "/v1"
  },
  {
    name: "OpenAI, Chat Completions",
    model: (baseUrl) => Layer.provide(OpenAiChatLanguageModel.model("gpt-5.5"), openAi(baseUrl)),
    below: "/v1"
  },
  {
    name: "Anthropic",
    model: (baseUrl) => Layer.provide(AnthropicLanguageModel.model("claude-sonnet-5-5"), anthropic(baseUrl)),
    below: ""
  }
]

const cassette = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "recorder-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "one.json")
)

/** Lets the process do what is due: turns of its loop, not time. */
const settled = Effect.promise(async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
})

const keys = ConfigProvider.layer(
  ConfigProvider.fromUnknown({ RECORD: "1", OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key })
)

/** With the keys and `RECORD=1` in the environment. */
const record = <A, E>(
  vendor: Vendor,
  path: string,
  program: Effect.Effect<A, E, LanguageModel.LanguageModel>,
  url?: string
) =>
  Effect.gen(function*() {
    const server = url ?? (yield* Aimock.Aimock).anthropicBaseUrl
    return yield* program.pipe(
      Effect.provide(vendor.model(server + vendor.below)),
      Effect.provide(Recorder.layer({ cassette: path })),
      Effect.provide(keys)
    )
  }).pipe(Effect.provide(Aimock.layer))

/** With nothing in the environment, and the vendor's own address. */
const replay = <A, E>(
  vendor: Vendor,
  path: string,
  program: Effect.Effect<A, E, LanguageModel.LanguageModel>,
  options: Omit<Recorder.Options, "cassette"> = {}
) =>
  program.pipe(
    Effect.provide(vendor.model(undefined)),
    Effect.provide(Recorder.layer({
      cassette: path,
      fetch: () => Promise.reject(new Error("a replay went out")),
      ...options
    })),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({})))
  )

/** A whole answer, a stream, a refusal and two calls at once: what came of each, as text. */
const program = Effect.gen(function*() {
  const whole = yield* LanguageModel.generateText({ prompt: Aimock.prompts.text })
  const streamed = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "And another one, naïve?" }))
  const limited = yield* Effect.flip(LanguageModel.generateText({ prompt: Aimock.prompts.rateLimited }))
  const pair = yield* Effect.all(
    ["One?", "Two?"].map((prompt) => LanguageModel.generateText({ prompt })),
    { concurrency: "unbounded" }
  )
  assert.strictEqual(whole.text, Aimock.answers.text)
  assert.isAbove(streamed.length, 5)
  assert.strictEqual(ProviderError.kindOf(limited), "RateLimited")
  const { retryAfter } = limited
  const parts = [whole.content, streamed, ...pair.map(({ content }) => content)].flat()
  return [...parts.map((part) => JSON.stringify(part)), JSON.stringify(retryAfter)]
})

for (const vendor of vendors) {
  describe(vendor.name, () => {
    it.effect("gives the same parts in a replay, without the server and without a key", () =>
      Effect.gen(function*() {
        const path = yield* cassette
        const recorded = yield* record(vendor, path, program)
        const text = readFileSync(path, "utf8")
        assert.notInclude(text, key)
        assert.deepStrictEqual(yield* replay(vendor, path, program), recorded)
        assert.strictEqual(readFileSync(path, "utf8"), text)
      }))

    it.effect("asks for something else and gets an AiError with the difference", () =>
      Effect.gen(function*() {
        const path = yield* cassette
        const ask = (prompt: string) => LanguageModel.generateText({ prompt })
        yield* record(vendor, path, ask("One?"))
        const exit = yield* Effect.exit(replay(
          vendor,
          path,
          Effect.gen(function*() {
            const error = yield* Effect.flip(ask("Two?"))
            assert.isTrue(AiError.isAiError(error))
            assert.isFalse(error.isRetryable)
            assert.match(error.message, /body\.[^\n]*\n\s+- "One\?"\n\s+\+ "Two\?"/)
          })
        ))
        assert.isTrue(Exit.isFailure(exit))
        if (Exit.isFailure(exit)) assert.instanceOf(Cause.squash(exit.cause), Recorder.ReplayMismatch)
      }))

    it.effect("is cut where it was cut, with the same error", () =>
      Effect.gen(function*() {
        const path = yield* cassette
        yield* record(vendor, path, Stream.runDrain(LanguageModel.streamText({ prompt: "One?" })))
        const [whole] = (yield* Cassette.read(path)).exchanges
        assert.isTrue("response" in whole)
        if (!("response" in whole)) return
        const bytes = Buffer.concat(whole.response.reads.map(Cassette.bytes))
        const cut = Effect.map(
          Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "One?" }))),
          (error) => JSON.stringify([ProviderError.kindOf(error), error.message, error.reason])
        )
        const server = yield* LoopbackServer.make([{
          headers: { "content-type": "text/event-stream" },
          body: [bytes],
          bytes: Math.floor(bytes.length / 2),
          end: "cut"
        }])
        const recorded = yield* record(vendor, path, cut, server.url)
        assert.include(recorded, "StreamInterrupted")
        const [broken] = (yield* Cassette.read(path)).exchanges
        assert.strictEqual(broken.end.type, "broken")
        assert.strictEqual(yield* replay(vendor, path, cut), recorded)
      }))

    it.effect("comes in the time it took, and stops with the program", () =>
      Effect.gen(function*() {
        const path = yield* cassette
        yield* record(vendor, path, Stream.runDrain(LanguageModel.streamText({ prompt: Aimock.prompts.text })))
        const [{ end }] = (yield* Cassette.read(path)).exchanges
        // Fifteen events of 25 ms.
        assert.isAbove(end.at, 200)
        let text = ""
        const stream = LanguageModel.streamText({ prompt: Aimock.prompts.text }).pipe(
          Stream.tap((part) =>
            Effect.sync(() => {
              if (part.type === "text-delta") text += part.delta
            })
          ),
          Stream.runDrain
        )
        yield* replay(
          vendor,
          path,
          Effect.gen(function*() {
            const reading = yield* Effect.forkChild(stream)
            yield* settled
            assert.strictEqual(text, "")
            yield* TestClock.adjust(end.at / 2)
            yield* settled
            assert.isTrue(text !== "" && text !== Aimock.answers.text && Aimock.answers.text.startsWith(text), text)
            yield* TestClock.adjust(end.at)
            yield* Fiber.join(reading)
            assert.strictEqual(text, Aimock.answers.text)
          }),
          { timing: "recorded" }
        )

        const first = yield* Deferred.make<void>()
        yield* replay(
          vendor,
          path,
          Effect.gen(function*() {
            const reading = yield* Effect.forkChild(
              Stream.runForEach(LanguageModel.streamText({ prompt: Aimock.prompts.text }), () =>
                Deferred.succeed(first, undefined))
            )
            yield* settled
            yield* TestClock.adjust(end.at / 2)
            yield* Deferred.await(first)
            yield* Fiber.interrupt(reading)
          }),
          { timing: "recorded" }
        )
      }))
  })
}
