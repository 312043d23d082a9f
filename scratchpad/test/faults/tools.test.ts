import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Effect } from "effect"
import { watchRejections } from "./rejections.ts"
import { type Case, cases, eventStream, failing, kept, run, textOf } from "./run.ts"
import type { Said } from "./wire/Wire.ts"

watchRejections()

const plan = ({ way, wire }: Case, said: Said) => {
  if (way === "generateText") return { body: wire.answer(said) }
  const { before, terminal } = wire.stream(said)
  return { headers: eventStream, body: [...before, ...terminal] }
}

const broken = `{"city": Ro`

describe.each(cases)("$name", (one) => {
  it.effect("arguments that fit run the tool, so that the faults below are what stops it", () =>
    Effect.gen(function*() {
      const ran: Array<string> = []
      const { error, parts } = yield* run(
        one,
        plan(one, { call: { name: "Weather", arguments: `{"city":"Rome"}` } }),
        { ran: (city) => ran.push(city) }
      )
      assert.isUndefined(error)
      assert.deepStrictEqual(ran, ["Rome"])
      const result = parts.find((part) => part.type === "tool-result")
      assert.strictEqual(result?.result, "Rome: sunny")
      const finish = parts.find((part) => part.type === "finish")
      assert.strictEqual(finish?.reason, "tool-calls")
    }))

  for (const [name, text] of [["are not JSON", broken], ["do not fit the schema", `{"town":"Rome"}`]] as const) {
    it.effect(`arguments that ${name} fail the call`, () =>
      Effect.gen(function*() {
        const ran: Array<string> = []
        const { error } = yield* failing(
          one,
          plan(one, { deltas: ["Let me see."], call: { name: "Weather", arguments: text } }),
          { ran: (city) => ran.push(city) }
        )
        assert.strictEqual(error.reason._tag, "ToolParameterValidationError")
        assert.strictEqual(ProviderError.kindOf(error), "InvalidOutput")
        assert.strictEqual(error.isRetryable, true)
        assert.deepInclude(error.reason, { toolName: "Weather" })
        assert.deepStrictEqual(ran, [])
        // The parts of a stream have reached the caller.
        if (one.way === "generateText") assert.strictEqual(textOf(kept(error)), "Let me see.")
      }))

    it.effect(`arguments that ${name} are told to the model where the tool says so`, () =>
      Effect.gen(function*() {
        const ran: Array<string> = []
        const { error, parts } = yield* run(
          one,
          plan(one, { deltas: ["Let me see."], call: { name: "Forecast", arguments: text } }),
          { ran: (city) => ran.push(city) }
        )
        assert.isUndefined(error)
        assert.deepStrictEqual(ran, [])
        assert.strictEqual(textOf(parts), "Let me see.")
        const call = parts.find((part) => part.type === "tool-call")
        assert.deepStrictEqual(call?.params, text === broken ? broken : JSON.parse(text))
        const result = parts.find((part) => part.type === "tool-result")
        assert.strictEqual(result?.isFailure, true)
        assert.include(JSON.stringify(result?.encodedResult), "Forecast")
      }))
  }

  it.effect("a tool that does not exist fails the call, which keeps what came", () =>
    Effect.gen(function*() {
      const ran: Array<string> = []
      const { error } = yield* failing(
        one,
        plan(one, { deltas: ["Let me see."], call: { name: "Wether", arguments: `{"city":"Rome"}` } }),
        { ran: (city) => ran.push(city) }
      )
      assert.deepInclude(error.reason, {
        _tag: "ToolNotFoundError",
        toolName: "Wether",
        availableTools: ["Weather", "Forecast"]
      })
      assert.strictEqual(ProviderError.kindOf(error), "InvalidOutput")
      assert.strictEqual(error.isRetryable, true)
      assert.deepStrictEqual(ran, [])
      assert.strictEqual(textOf(kept(error)), "Let me see.")
    }))

  it.effect("a call where no tool was offered fails, too", () =>
    Effect.gen(function*() {
      const { error } = yield* failing(one, plan(one, { call: { name: "Weather", arguments: "{}" } }))
      assert.deepInclude(error.reason, { _tag: "ToolNotFoundError", availableTools: [] })
    }))

  if (one.way === "streamText") {
    it.effect("a call that is cut in its arguments runs nothing, and what came before it is kept", () =>
      Effect.gen(function*() {
        const ran: Array<string> = []
        const call = { name: "Weather", arguments: `{"city":"Rome"}` }
        const { before } = one.wire.stream({ deltas: ["Let me see."], call })
        // Up to the first half of the arguments.
        const at = before.findIndex((event) => event.includes(JSON.stringify(`{"city"`).slice(1, -1)))
        assert.isAbove(at, 0)
        const { error } = yield* failing(
          one,
          { headers: eventStream, body: before.slice(0, at + 1), end: "cut" },
          { ran: (city) => ran.push(city) }
        )
        assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
        assert.deepStrictEqual(ran, [])
        assert.strictEqual(textOf(kept(error)), "Let me see.")
        assert.notInclude(kept(error).map((part) => part.type), "tool-call")
      }))
  }
})
