import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Effect, Layer } from "effect"
import { watchRejections } from "./rejections.ts"
import { type Case, cases, eventStream, failing, kept, run, secret, textOf, wires } from "./run.ts"
import { eventWithUnheard, withUnheard } from "./wire/Wire.ts"

watchRejections()

const deltas = ["Hel", "lo ", "🙂!"]
const said = { deltas }
const text = deltas.join("")

/** The whole answer, as the way of asking wants it. */
const good = ({ way, wire }: Case) => {
  if (way === "generateText") return { body: wire.answer(said) }
  const { before, terminal } = wire.stream(said)
  return { headers: eventStream, body: [...before, ...terminal] }
}

describe.each(cases)("$name", (one) => {
  const { way, wire } = one

  it.effect("an answer without a fault is taken whole, so that the faults below are what fails", () =>
    Effect.gen(function*() {
      const { error, parts, requests } = yield* run(one, good(one))
      assert.isUndefined(error)
      assert.strictEqual(textOf(parts), text)
      const finish = parts.find((part) => part.type === "finish")
      assert.strictEqual(finish?.reason, "stop")
      assert.strictEqual(finish?.usage.inputTokens.total, 5)
      assert.strictEqual(finish?.usage.outputTokens.total, 7)
      assert.lengthOf(requests, 1)
    }))

  it.effect("fields and events nobody has heard of are passed over", () =>
    Effect.gen(function*() {
      const { before, terminal } = wire.stream(said)
      const plan = way === "generateText"
        ? { body: withUnheard(wire.answer(said)) }
        : {
          headers: eventStream,
          body: [...before, ...terminal].flatMap((event, index) => [
            ...(index === 0 ? [] : wire.unheard),
            eventWithUnheard(event)
          ])
        }
      const { error, parts } = yield* run(one, plan)
      assert.isUndefined(error)
      assert.strictEqual(textOf(parts), text)
      assert.strictEqual(parts.at(-1)?.type, "finish")
    }))

  it.effect("a page with a good status is not an answer", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* failing(one, {
        headers: { "content-type": "text/html" },
        body: `<!DOCTYPE html>\n<html><body>Sign in, ${secret}</body></html>\n`
      })
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
      assert.strictEqual(error.isRetryable, false)
      assert.include(error.message, "The answer is a page")
      assert.lengthOf(parts, 0)
    }))

  it.effect("an empty body is not an answer", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* failing(one, { headers: way === "generateText" ? {} : eventStream, body: "" })
      assert.lengthOf(parts.filter((part) => part.type !== "response-metadata"), 0)
      assert.strictEqual(ProviderError.kindOf(error), way === "generateText" ? "InvalidResponse" : "StreamInterrupted")
      assert.strictEqual(error.isRetryable, way === "streamText")
    }))

  it.effect("a JSON error in place of an answer is that error", () =>
    Effect.gen(function*() {
      const failed = wire.name === "Anthropic"
        ? { type: "overloaded_error", message: "Overloaded" }
        : { type: "server_error", code: "server_overloaded", message: "Overloaded" }
      const { error } = yield* failing(one, { body: wire.error(failed) })
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      assert.strictEqual(error.isRetryable, true)
      assert.include(error.message, "Overloaded")
    }))

  if (way === "generateText") {
    it.effect("JSON cut short is not an answer", () =>
      Effect.gen(function*() {
        const body = wire.answer(said)
        for (const length of [1, Math.floor(body.length / 2), body.length - 1]) {
          const { error } = yield* failing(one, { body: body.slice(0, length) })
          assert.strictEqual(error.reason._tag, "InvalidResponseError")
          assert.strictEqual(error.isRetryable, false)
          assert.include(error.message, "cut short")
        }
      }))

    it.effect("JSON cut short by the connection is a lost connection", () =>
      Effect.gen(function*() {
        for (const end of ["cut", "reset"] as const) {
          const { error } = yield* failing(one, { body: wire.answer(said), bytes: 40, end })
          assert.strictEqual(error.reason._tag, "NetworkError")
          assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
          assert.strictEqual(error.isRetryable, true)
        }
      }))

    it.effect.each(["null", "[]", "{}", "\"text\"", "1"])(
      "JSON of another kind is not an answer: %s",
      (body) =>
        Effect.gen(function*() {
          const { error } = yield* failing(one, { body })
          assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
          assert.strictEqual(error.isRetryable, false)
        })
    )

    return
  }

  it.effect("events nobody has heard of before the first are passed over", () =>
    Effect.gen(function*() {
      const { before, terminal } = wire.stream(said)
      const { error, parts } = yield* run(one, {
        headers: eventStream,
        body: [...wire.unheard, ...before, ...terminal]
      })
      assert.isUndefined(error)
      assert.strictEqual(textOf(parts), text)
    }))

  describe("a stream cut before its last event keeps what came", () => {
    const { before, terminal } = wire.stream(said)
    const whole = [...before, ...terminal]
    for (const end of ["complete", "cut", "reset"] as const) {
      it.effect(`between events: ${end}`, () =>
        Effect.gen(function*() {
          for (let count = 1; count <= before.length; count++) {
            const { error, parts } = yield* failing(one, { headers: eventStream, body: before.slice(0, count), end })
            // A reset may overtake all that was sent before it, the head included.
            if (end === "reset" && parts.length === 0) {
              assert.strictEqual(error.reason._tag, "NetworkError")
              assert.strictEqual(error.isRetryable, true)
              continue
            }
            assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted", `after ${count} events`)
            assert.strictEqual(error.reason._tag, "InternalProviderError")
            assert.strictEqual(error.isRetryable, true)
            const came = deltas.slice(0, before.slice(0, count).filter(isDelta).length).join("")
            if (end !== "reset") assert.strictEqual(textOf(parts), came)
            assert.strictEqual(textOf(kept(error)), textOf(parts))
            assert.notInclude(parts.map((part) => part.type), "finish")
          }
        }), 20_000)
    }

    it.effect("in the middle of an event", () =>
      Effect.gen(function*() {
        const all = whole.join("")
        const at = all.indexOf("lo ")
        for (const end of ["complete", "cut"] as const) {
          const { error, parts } = yield* failing(one, { headers: eventStream, body: [all], bytes: at + 1, end })
          assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
          assert.strictEqual(textOf(parts), "Hel")
          assert.strictEqual(textOf(kept(error)), "Hel")
        }
      }))
  })

  it.effect("a connection that breaks after the last event breaks nothing", () =>
    Effect.gen(function*() {
      const { before, terminal } = wire.stream(said)
      const { error, parts } = yield* run(one, { headers: eventStream, body: [...before, ...terminal], end: "cut" })
      assert.isUndefined(error)
      assert.strictEqual(textOf(parts), text)
      assert.strictEqual(parts.at(-1)?.type, "finish")
    }))

  it.effect("an error event ends the stream with that error, and keeps what came", () =>
    Effect.gen(function*() {
      const { before } = wire.stream(said)
      const upTo = before.findIndex(isDelta) + 2
      const isAnthropic = wire.name === "Anthropic"
      const events = [
        [
          isAnthropic ? { type: "overloaded_error" } : { type: "server_error", code: "server_overloaded" },
          "Overloaded"
        ],
        [isAnthropic ? { type: "rate_limit_error" } : { code: "rate_limit_exceeded" }, "RateLimited"],
        [isAnthropic ? { type: "api_error" } : { type: "server_error", code: "server_error" }, "ProviderFailed"],
        [{ type: "never_heard_of" }, "ProviderFailed"]
      ] as const
      for (const [failed, kind] of events) {
        const { error, parts } = yield* failing(one, {
          headers: eventStream,
          body: [
            ...before.slice(0, upTo),
            wire.errorEvent({ ...failed, message: `It broke (${secret})` }),
            "data: {}\n\n"
          ]
        })
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.strictEqual(error.isRetryable, true)
        assert.include(JSON.stringify(error), "It broke")
        assert.strictEqual(textOf(parts), "Hello ")
        assert.strictEqual(textOf(kept(error)), "Hello ")
      }
    }))

  it.effect("an error event before anything else is that error", () =>
    Effect.gen(function*() {
      const failed = wire.name === "Anthropic" ? { type: "overloaded_error" } : { code: "server_overloaded" }
      const { error } = yield* failing(one, {
        headers: eventStream,
        body: [wire.errorEvent({ ...failed, message: "Overloaded" })]
      })
      assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
    }))

  it.effect("an event that is not JSON is not an answer, and what came is kept", () =>
    Effect.gen(function*() {
      const { before, terminal } = wire.stream(said)
      const at = before.findIndex(isDelta) + 1
      const { error, parts } = yield* failing(one, {
        headers: eventStream,
        body: [...before.slice(0, at), `data: {"oops": ${secret}\n\n`, ...before.slice(at), ...terminal]
      })
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.strictEqual(textOf(parts), "Hel")
      assert.strictEqual(textOf(kept(error)), "Hel")
    }))

  it.effect("an event larger than the limit fails, and what came is kept", () =>
    Effect.gen(function*() {
      const { before, terminal } = wire.stream(said)
      const at = before.findIndex(isDelta) + 1
      const { error, parts } = yield* failing(one, {
        headers: eventStream,
        body: [...before.slice(0, at), `data: {"text":"${"x".repeat(20_000)}"}\n\n`, ...before.slice(at), ...terminal]
      }, { client: { maxEventBytes: 10_000 } })
      assert.strictEqual(ProviderError.kindOf(error), "EventTooLarge")
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.strictEqual(error.isRetryable, false)
      assert.include(error.message, "larger than 10000 bytes")
      assert.strictEqual(textOf(parts), "Hel")
      assert.strictEqual(textOf(kept(error)), "Hel")
    }))
})

/** Whether an event has a piece of the text. */
const isDelta = (event: string): boolean => deltas.some((delta) => event.includes(`":${JSON.stringify(delta)}`))

describe("generateText of a long answer, which goes over a stream", () => {
  it.effect("keeps what came before the cut", () =>
    Effect.gen(function*() {
      const wire = wires.find((one) => one.name === "Anthropic")
      assert.isDefined(wire)
      const { AnthropicClient, AnthropicLanguageModel } = yield* Effect.promise(() => import("@llm-layers/anthropic"))
      const { before } = wire.stream(said)
      const long: typeof wire = {
        ...wire,
        layer: (model, options) =>
          Layer.provide(
            AnthropicLanguageModel.model(model, { maxOutputTokens: 60_000 }),
            AnthropicClient.layer(options)
          )
      }
      const { error, parts } = yield* failing({ wire: long, way: "generateText" }, {
        headers: eventStream,
        body: before.slice(0, -2),
        end: "cut"
      })
      assert.lengthOf(parts, 0)
      assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
      assert.strictEqual(textOf(kept(error)), text)
    }))
})
