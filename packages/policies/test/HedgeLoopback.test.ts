/** What becomes of the requests of a hedge on the wire: no socket of one that lost stays open, and each is booked. */
import { assert, describe, it } from "@effect/vitest"
import * as Driver from "@llm-layers/core/Driver"
import * as Policy from "@llm-layers/core/Policy"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import * as Hedge from "../src/Hedge.ts"
import * as UsageLedger from "../src/UsageLedger.ts"
import * as Acme from "./fixtures/acme.ts"

const usage = { input: 5, output: 2 }
const plain = Acme.answer({ text: "Hi." }, usage)
const whole = Acme.stream({ text: "Hi." }, usage)

/** A stream that is open, of which the head has come and no word. */
const opened: LoopbackServer.Answer = { ...Acme.stream({ text: "" }), end: "silence" }

const ways = [
  {
    way: "generateText",
    call: Effect.map(LanguageModel.generateText({ prompt: "Hello" }), (response) => response.text),
    answer: plain,
    silences: [["that is silent", "silence"]]
  },
  {
    way: "streamText",
    call: Stream.runFold(
      LanguageModel.streamText({ prompt: "Hello" }),
      () => "",
      (text, part) => part.type === "text-delta" ? text + part.delta : text
    ),
    answer: whole,
    silences: [["that is silent", "silence"], ["that is open", opened]]
  }
] as const

const cases = ways.flatMap(({ silences, ...rest }) => silences.map(([how, silence]) => ({ ...rest, how, silence })))

/** The call against a server, whose first two requests have these replies. The first waits where it is to lose. */
const hedged = (call: typeof cases[number]["call"], first: LoopbackServer.Reply, second: LoopbackServer.Reply) =>
  Effect.gen(function*() {
    const both = yield* Deferred.make<void>()
    const isFirst = first !== "silence" && first !== opened
    const server = yield* LoopbackServer.make([
      isFirst ? Effect.as(Deferred.await(both), first) : first,
      Effect.as(Deferred.succeed(both, undefined), second)
    ])
    const policy = Policy.compose(Hedge.make({ delay: "10 millis" }), UsageLedger.make())
    return { server, call: Effect.provide(call, Driver.layer(Acme.driver(server.url), policy)) }
  })

const entries = Effect.flatMap(UsageLedger.UsageLedger, (ledger) => ledger.entries)

describe.each(cases)("$way, beside one $how", ({ answer, call, silence }) => {
  it.live("closes the socket of the one that loses, the first or the second, and books both", () =>
    Effect.gen(function*() {
      for (const [first, second] of [[silence, answer], [answer, silence]] as const) {
        const { call: asked, server } = yield* hedged(call, first, second)
        assert.strictEqual(yield* asked, "Hi.")
        yield* server.closed
        assert.deepStrictEqual([(yield* server.requests).length, yield* server.abandoned], [2, 1])
      }
      const booked = (yield* entries).map(({ outcome, requests, status }) => `${outcome} ${status} ${requests}`)
      const [won, lost] = ["answered reported 1", "interrupted estimated 1"]
      assert.deepStrictEqual(booked.toSorted(), [won, won, lost, lost])
    }).pipe(Effect.provide(UsageLedger.layer())))

  it.live("closes both sockets where the caller leaves, and books both", () =>
    Effect.gen(function*() {
      const { call: asked, server } = yield* hedged(call, silence, silence)
      const running = yield* Effect.forkChild(asked)
      yield* server.received(2)
      yield* Fiber.interrupt(running)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 2)
      assert.deepStrictEqual((yield* entries).map(({ outcome }) => outcome), ["interrupted", "interrupted"])
    }).pipe(Effect.provide(UsageLedger.layer())))
})
