/**
 * Many streams at once against a server of which every fifth answer is at fault, under the recommended policy: no wrong
 * text, none twice, nothing uncaught, no socket left, and a ledger that counts as the server does.
 */
import { assert, it } from "@effect/vitest"
import { OpenAiChatLanguageModel, OpenAiClient } from "@llm-layers/openai"
import { Recommended, UsageLedger } from "@llm-layers/policies"
import * as Chunking from "@llm-layers/testing/Chunking"
import * as Faults from "@llm-layers/testing/Faults"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Exit, flow, Layer, Redacted, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { watchUnhandled } from "../../src/faults/unhandled.ts"
import { openAiChat } from "../../src/faults/wires/openai-chat.ts"

const calls = 1_000

/** Deltas that no other call has. */
const deltasOf = (call: number): ReadonlyArray<string> =>
  Array.from({ length: 5 }, (_, index) => `${call}.${index} ${"·".repeat(index)}\n`)

const textOf = (call: number): string => deltasOf(call).join("")

const answerTo = (call: number) => {
  const { before, terminal } = openAiChat.stream({ deltas: deltasOf(call) })
  return { headers: { "content-type": "text/event-stream" }, body: [...before, ...terminal] }
}

const page = { headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" }
const broken = { code: "server_error", message: "It broke" }
const failed = { body: openAiChat.error(broken) }
const limited = { body: openAiChat.error({ code: "rate_limit_exceeded", message: "Too many requests" }) }
const refused = { body: openAiChat.error({ code: "invalid_value", message: "Not so" }) }
const errorEvent = openAiChat.errorEvent(broken)

/** Bytes of an answer before its first text, and in the middle of it. */
const early = 100
const middle = 650

const faults: { readonly [name: string]: Faults.Fault } = {
  "500": Faults.status(500, failed),
  "502 with a page": Faults.status(502, page),
  "503": Faults.status(503, failed),
  "429 with a wait": flow(Faults.status(429, limited), Faults.headers({ "retry-after-ms": "5" })),
  "400": Faults.status(400, refused),
  "a page in place of a stream": Faults.body(page.body),
  "nothing in place of a stream": Faults.body(""),
  "garbage in place of a stream": Faults.garbage({ seed: 1 }),
  "garbage after the beginning": (plan) => Faults.insertAt(middle, "data: {\"choices\": [{ \u0000 \n\n")(plan),
  "an error event at the beginning": Faults.insertAt(0, errorEvent),
  "an error event at the end": Faults.insertAt(10_000, errorEvent),
  "no head": Faults.reset,
  "no HTTP": Faults.notHttp,
  "no answer": Faults.silence,
  "cut early": Faults.cutAt(early),
  "cut in the middle": Faults.cutAt(middle),
  "reset early": Faults.resetAt(early),
  "reset in the middle": Faults.resetAt(middle),
  "silent early": Faults.silentAt(early),
  "silent in the middle": Faults.silentAt(middle),
  "late": Faults.delay("50 millis"),
  "in small pieces": Faults.chunked(Chunking.every(64)),
  "with other line ends": Faults.lineEnds("\r\n")
}

const names = Object.keys(faults)

/** Waited for until a time limit ends it, so there are few. */
const isSilent = (name: string): boolean => name === "no answer" || name.startsWith("silent")

/** Every fifth request meets the next fault. */
const faultOf = (index: number): string | undefined => {
  const turn = Math.floor(index / 5)
  const name = index % 5 === 3 ? names[turn % names.length] : undefined
  return name !== undefined && isSilent(name) && turn >= 2 * names.length ? "no head" : name
}

/** Some callers leave before the end. */
const leaves = (call: number): boolean => call % 20 === 7

interface Ended {
  readonly call: number
  readonly text: string
  readonly answered: boolean
}

const ask = (call: number): Effect.Effect<Ended, never, LanguageModel.LanguageModel> => {
  let text = ""
  let finishes = 0
  const stream = LanguageModel.streamText({ prompt: `call ${call}.` }).pipe(
    Stream.tap((part) =>
      Effect.sync(() => {
        if (part.type === "text-delta") text += part.delta
        if (part.type === "finish") finishes++
      })
    ),
    leaves(call) ? Stream.takeUntil((part) => part.type === "text-delta") : (all) => all
  )
  return Effect.map(
    Effect.exit(Stream.runDrain(stream)),
    (exit) => ({ call, text, answered: Exit.isSuccess(exit) && finishes === 1 })
  )
}

it.live("1,000 streams, every fifth answer at fault", () =>
  Effect.gen(function*() {
    const watch = watchUnhandled()
    yield* Effect.addFinalizer(() => Effect.sync(() => watch.stop()))
    const met = new Map<string, number>()
    const server = yield* LoopbackServer.make(({ body }, index) => {
      const call = Number(/call (\d+)\./.exec(body)?.[1])
      const name = faultOf(index)
      if (name === undefined) return answerTo(call)
      met.set(name, (met.get(name) ?? 0) + 1)
      return (faults[name] ?? Faults.none)(answerTo(call))
    })
    const model = OpenAiChatLanguageModel.model("gpt-4.1", {
      policy: Recommended.make({
        retry: { base: "5 millis" },
        timeout: { firstPart: "5 seconds", idle: "5 seconds" }
      })
    }).pipe(
      Layer.provide(OpenAiClient.layer({ apiKey: Redacted.make("secret"), baseUrl: `${server.url}/v1` })),
      Layer.provideMerge(Recommended.layer({ keep: 5_000 }))
    )

    const [ended, total, entries] = yield* Effect.gen(function*() {
      const ended = yield* Effect.forEach(Array.from({ length: calls }, (_, call) => call), ask, { concurrency: 32 })
      const ledger = yield* UsageLedger.UsageLedger
      const [total] = yield* ledger.totals
      return [ended, total, yield* ledger.entries] as const
    }).pipe(Effect.provide(model))

    for (const { answered, call, text } of ended) {
      const whole = textOf(call)
      if (answered) assert.strictEqual(text, whole)
      else assert.isTrue(whole.startsWith(text), `call ${call} gave out ${JSON.stringify(text)}`)
      if (leaves(call) && text !== "") assert.isBelow(text.length, whole.length)
    }
    assert.deepStrictEqual(names.filter((name) => !met.has(name)), [])

    const requests = (yield* server.requests).length
    assert.isAtLeast(requests, calls)
    assert.deepStrictEqual(
      [total?.attempts, entries.length, entries.every((entry) => entry.requests === 1)],
      [requests, requests, true]
    )
    const answered = ended.filter((one) => one.answered).length
    assert.strictEqual(total?.outcomes.answered, answered)
    assert.strictEqual(total?.statuses.reported, answered)
    // Of nineteen calls in twenty that nobody leaves, few meet a fault that cannot be hidden.
    assert.isAbove(answered, calls * 0.8)

    // undici, which is Node's fetch, connects anew where a request was aborted, although nothing is left to send: such a
    // connection carries nothing, serves the next request, and is closed after 4 seconds without one.
    for (let turn = 0; turn < 500 && (yield* server.openSockets) > 0; turn++) yield* Effect.sleep("20 millis")
    assert.strictEqual(yield* server.openSockets, 0)
    assert.deepStrictEqual(yield* Effect.promise(() => watch.seen(20)), [])
  }), 180_000)
