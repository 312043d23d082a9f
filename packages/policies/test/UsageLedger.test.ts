import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as Pricing from "@llm-layers/core/Pricing"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import { generate, make as request, span, stream } from "@llm-layers/testing/DriverRequest"
import * as Faults from "@llm-layers/testing/Faults"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { BigDecimal, Duration, Effect, Exit, Fiber, Layer, Metric, Scope, Stream } from "effect"
import { AiError, Prompt } from "effect/ai"
import { TestClock } from "effect/testing"
import * as Meters from "../src/internal/ledger/meters.ts"
import * as UsageLedger from "../src/UsageLedger.ts"
import * as Acme from "./fixtures/acme.ts"

PolicyLaws.suite("UsageLedger", () => UsageLedger.make(), { layer: UsageLedger.layer() })

const finish = { type: "finish", reason: "stop", usage: Usage.make({ inputTotal: 10, outputTotal: 7 }) } as const

/** A driver that tells nothing of its requests. */
const foreign = (given: Partial<Driver.Driver>): Driver.Driver => ({
  provider: "acme",
  module: "AcmeLanguageModel",
  model: "acme-1",
  capabilities: Capability.all,
  codecTransformer: ToolParameters.plain,
  generateText: () => Effect.succeed([{ type: "text", text: "Hello" }, finish]),
  streamText: () =>
    Stream.make(
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "Hello" },
      { type: "text-end", id: "0" },
      finish
    ),
  ...given
})

/** The ledger and the driver under it. */
const booked = (driver: Driver.Driver, given: UsageLedger.Options = {}) =>
  Effect.gen(function*() {
    const context = yield* Layer.build(UsageLedger.layer(given))
    const wrapped = yield* Effect.provideContext(UsageLedger.make()(driver), context)
    const ledger = yield* Effect.provideContext(UsageLedger.UsageLedger, context)
    return { driver: wrapped, ledger }
  })

/** What is looked at most. */
const facts = (entry: UsageLedger.Entry | undefined) =>
  entry && [
    entry.outcome,
    entry.kind,
    entry.status,
    entry.usage.inputTokens.total,
    entry.usage.outputTokens.total,
    entry.requests
  ]

const origin: ProviderError.Origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }

const perToken: Pricing.PriceList = ({ usage }) =>
  BigDecimal.fromNumberUnsafe(((usage.inputTokens.total ?? 0) + (usage.outputTokens.total ?? 0)) / 10)

describe("what is booked", () => {
  it.effect("an answer, plain and streamed, once", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        Acme.answer({ text: "Hi" }, { input: 3, output: 2 }),
        Acme.stream({ text: "H" }, { text: "i" }, { input: 3, output: 2 })
      ])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url))
      yield* generate(driver)
      yield* Stream.runDrain(stream(driver))
      const [plain, streamed] = yield* ledger.entries
      assert.deepStrictEqual(facts(plain), ["answered", undefined, "reported", 3, 2, 1])
      assert.deepStrictEqual(facts(streamed), ["answered", undefined, "reported", 3, 2, 1])
      assert.deepStrictEqual(
        [plain?.method, streamed?.method, plain?.model, plain?.provider],
        ["generateText", "streamText", "acme-1", "acme"]
      )
      assert.strictEqual(streamed?.requestId, "req_7")
      assert.strictEqual((yield* ledger.entries).length, 2)
    }))

  it.effect("a refusal by the vendor used no tokens; a connection that broke may have used some", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ status: 429, headers: { "x-request-id": "req_1" } }, "reset"])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url))
      yield* Effect.flip(generate(driver))
      yield* Effect.flip(generate(driver, request({ prompt: Prompt.make("one two three four") })))
      const [refused, broken] = yield* ledger.entries
      assert.deepStrictEqual(facts(refused), ["failed", "RateLimited", "estimated", 0, 0, 1])
      assert.strictEqual(refused?.requestId, "req_1")
      assert.deepStrictEqual(facts(broken)?.slice(0, 3), ["failed", "ConnectionFailed", "estimated"])
      assert.isAbove(broken?.usage.inputTokens.total ?? 0, 3)
      assert.strictEqual(broken?.usage.outputTokens.total, 0)
    }))

  it.effect("a stream that broke, with what had come", () =>
    Effect.gen(function*() {
      const text = "several words that had come before it broke "
      const server = yield* LoopbackServer.make([
        Faults.cutAt(70)(Acme.stream({ text }, { text }, { input: 3, output: 2 })),
        Acme.stream({ text })
      ])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url))
      yield* Effect.flip(Stream.runDrain(stream(driver)))
      yield* Stream.runDrain(stream(driver))
      const [cut, ended] = yield* ledger.entries
      assert.deepStrictEqual(facts(cut)?.slice(0, 3), ["failed", "ConnectionFailed", "estimated"])
      assert.isAbove(cut?.usage.outputTokens.total ?? 0, 5)
      assert.isDefined(cut?.timeToFirstPart)
      // The driver under the ledger ends without a finish, which core makes a failure of.
      assert.deepStrictEqual(facts(ended)?.slice(0, 3), ["failed", "StreamInterrupted", "estimated"])
    }))

  it.effect("nothing that was not sent", () =>
    Effect.gen(function*() {
      const gone = yield* Effect.scoped(Effect.map(LoopbackServer.make([]), ({ url }) => url))
      const unreached = yield* booked(yield* Acme.driver(gone))
      yield* Effect.flip(generate(unreached.driver))
      yield* Effect.flip(Stream.runDrain(stream(unreached.driver)))
      assert.deepStrictEqual(yield* unreached.ledger.entries, [])

      const wrong = yield* booked(yield* Acme.driver("no address"))
      yield* Effect.flip(generate(wrong.driver))
      assert.deepStrictEqual(yield* wrong.ledger.entries, [])
    }))

  it.effect("of a driver that tells nothing, what was asked but for checks", () =>
    Effect.gen(function*() {
      const kinds = Object.keys(ErrorKind.kinds) as ReadonlyArray<ErrorKind.Name>
      const not: Array<string> = []
      for (const kind of kinds) {
        const error = ProviderError.make(origin, kind)
        const { driver, ledger } = yield* booked(foreign({ generateText: () => Effect.fail(error) }))
        assert.strictEqual(yield* Effect.flip(generate(driver)), error)
        const [entry] = yield* ledger.entries
        if (entry === undefined) not.push(kind)
        else assert.deepStrictEqual(facts(entry), ["failed", kind, "unknown", undefined, undefined, undefined])
      }
      const checks = ["BudgetExceeded", "CircuitOpen", "ContextOverflow", "InvalidRequest", "QueueFull", "Unsupported"]
      assert.deepStrictEqual(not.toSorted(), checks)
    }))

  it.effect("of such a driver, a refusal that the vendor gave", () =>
    Effect.gen(function*() {
      const error = ProviderError.make(origin, "InvalidRequest", { http: { response: { status: 400, headers: {} } } })
      const { driver, ledger } = yield* booked(foreign({ generateText: () => Effect.fail(error) }))
      yield* Effect.flip(generate(driver))
      assert.deepStrictEqual(facts((yield* ledger.entries)[0])?.slice(0, 5), [
        "failed",
        "InvalidRequest",
        "estimated",
        0,
        0
      ])
    }))

  it.effect("what an error carries of an answer", () =>
    Effect.gen(function*() {
      const error = ProviderError.withPartial(origin, ProviderError.make(origin, "StreamInterrupted"), {
        parts: [{ type: "text", text: "a few words" }],
        usage: { inputTokens: { total: 50 }, outputTokens: {} }
      })
      const { driver, ledger } = yield* booked(foreign({ generateText: () => Effect.fail(error) }))
      yield* Effect.flip(generate(driver))
      assert.deepStrictEqual(facts((yield* ledger.entries)[0])?.slice(2, 5), [
        "estimated",
        50,
        TokenEstimate.ofText("a few words")
      ])
    }))

  it.effect("a mistake of the driver, and an error of others", () =>
    Effect.gen(function*() {
      const { driver, ledger } = yield* booked(foreign({ generateText: () => Effect.die("a mistake") }))
      yield* Effect.exit(generate(driver))
      const reason = new AiError.UnsupportedSchemaError({ description: "no" })
      const error = AiError.make({ module: "Any", method: "generateText", reason })
      const other = yield* booked(foreign({ generateText: () => Effect.fail(error) }))
      yield* Effect.flip(generate(other.driver))
      assert.deepStrictEqual(facts((yield* ledger.entries)[0])?.slice(0, 3), ["failed", "Unknown", "unknown"])
      assert.deepStrictEqual(yield* other.ledger.entries, [])
    }))

  it.effect("an answer without its usage is estimated, or unknown where that is not wanted", () =>
    Effect.gen(function*() {
      const silent = foreign({
        generateText: () => Effect.succeed([{ type: "text", text: "a few words" }, { ...finish, usage: Usage.unknown }])
      })
      const estimated = {
        input: TokenEstimate.ofRequest(request()),
        output: TokenEstimate.ofText("a few words")
      }
      const estimating = yield* booked(silent)
      yield* generate(estimating.driver)
      assert.deepStrictEqual(facts((yield* estimating.ledger.entries)[0])?.slice(2, 5), [
        "estimated",
        estimated.input,
        estimated.output
      ])
      const strict = yield* booked(silent, { estimate: false })
      yield* Effect.provideService(generate(strict.driver), Pricing.Prices, perToken)
      const [entry] = yield* strict.ledger.entries
      assert.deepStrictEqual(facts(entry)?.slice(2, 5), ["unknown", undefined, undefined])
      assert.isUndefined(entry?.cost)
    }))
})

describe("interruptions", () => {
  const begun = Acme.stream({ text: "one two " }, { text: "three" })
  const silent = Faults.silentAt(1_000)(begun)

  it.effect("are booked with what had come, whoever leaves", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["silence", silent, silent])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url))
      const plain = yield* Effect.forkChild(generate(driver))
      yield* server.received(1)
      yield* Fiber.interrupt(plain)
      const seen: Array<unknown> = []
      const streamed = yield* Effect.forkChild(
        Stream.runForEach(stream(driver), (part) => Effect.sync(() => seen.push(part)))
      )
      yield* server.received(2)
      while (seen.length < 3) yield* Effect.promise(() => new Promise(setImmediate))
      yield* Fiber.interrupt(streamed)
      yield* Stream.runDrain(Stream.take(stream(driver), 1))
      const entries = yield* ledger.entries
      assert.deepStrictEqual(entries.map((entry) => facts(entry)?.slice(0, 3)), [
        ["interrupted", undefined, "estimated"],
        ["interrupted", undefined, "estimated"],
        ["interrupted", undefined, "estimated"]
      ])
      assert.strictEqual(entries[1]?.usage.outputTokens.total, TokenEstimate.ofText("one two three"))
      yield* server.closed
    }))

  it.effect("keep the usage that came early", () =>
    Effect.gen(function*() {
      const { driver, ledger } = yield* booked(foreign({
        streamText: () =>
          Stream.concat(
            Stream.make(
              {
                type: "response-metadata",
                id: "resp_1",
                metadata: PartCollector.earlyUsage(Usage.make({ inputTotal: 90, outputTotal: 1 }))
              },
              { type: "text-start", id: "0" },
              { type: "text-delta", id: "0", delta: "one two three four" }
            ),
            Stream.never
          )
      }))
      yield* Stream.runDrain(Stream.take(stream(driver), 1))
      const [entry] = yield* ledger.entries
      assert.deepStrictEqual(facts(entry)?.slice(2, 5), ["estimated", 90, TokenEstimate.ofText("one two three four")])
      assert.strictEqual(entry?.responseId, "resp_1")
    }))

  it.effect("before anything was asked are nothing", () =>
    Effect.gen(function*() {
      const { driver, ledger } = yield* booked(foreign({}))
      yield* Stream.runDrain(Stream.take(stream(driver), 0))
      assert.deepStrictEqual(yield* ledger.entries, [])
    }))
})

describe("drain", () => {
  /** The end comes when the clock says so. */
  const later = (wait: Duration.Input): LoopbackServer.Answer => {
    const { body, ...answer } = Acme.stream({ text: "one " }, { input: 3, output: 20 })
    const [first = "", last = ""] = body as ReadonlyArray<string>
    return { ...answer, body: [first, Effect.sleep(wait), last] }
  }

  /** A stream that is left after its first text, with the entries when it was left. */
  const left = (driver: Driver.Driver) =>
    Effect.map(
      UsageLedger.measure(Stream.runDrain(Stream.takeUntil(stream(driver), (part) => part.type === "text-delta"))),
      ([, entries]) => entries
    )

  const turns = Effect.promise(async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  })

  const until = (condition: Effect.Effect<boolean>): Effect.Effect<void> =>
    Effect.flatMap(condition, (holds) => holds ? Effect.void : Effect.andThen(turns, until(condition)))

  const count = (ledger: UsageLedger.Ledger, wanted: number) =>
    until(Effect.map(ledger.entries, (entries) => entries.length === wanted))

  it.effect("goes on to the usage, and books what the vendor says", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([later("1 second")])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url), { drain: { time: "1 minute" } })
      const [provisional] = yield* left(driver)
      assert.deepStrictEqual(facts(provisional)?.slice(0, 3), ["interrupted", undefined, "estimated"])
      assert.deepStrictEqual(yield* ledger.entries, [])
      yield* TestClock.adjust("1 second")
      yield* count(ledger, 1)
      assert.deepStrictEqual(facts((yield* ledger.entries)[0]), ["interrupted", undefined, "reported", 3, 20, 1])
      yield* server.closed
    }))

  it.effect("ends at its cap, and with the ledger", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(() => Faults.silentAt(1_000)(Acme.stream({ text: "one " })))
      const scope = yield* Scope.make()
      const { driver, ledger } = yield* Scope.provide(
        booked(yield* Acme.driver(server.url), { drain: { time: "1 minute", concurrency: 2 } }),
        scope
      )
      yield* left(driver)
      yield* turns
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* ledger.entries, [])
      yield* TestClock.adjust("1 second")
      yield* count(ledger, 1)
      yield* server.closed
      for (const _ of [1, 2, 3]) yield* left(driver)
      // Two go on; the third ended with its caller.
      yield* count(ledger, 2)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* ledger.entries).length, 4)
      for (const entry of yield* ledger.entries) {
        assert.deepStrictEqual(facts(entry)?.slice(0, 3), ["interrupted", undefined, "estimated"])
      }
      yield* server.closed
    }))

  it.effect("a plain call goes on too, and its caller does not wait", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        Effect.as(Effect.sleep("1 second"), Acme.answer({ text: "Hi" }, { input: 3, output: 2 })),
        Acme.answer({ text: "Hi" }, { input: 3, output: 2 })
      ])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url), { drain: {} })
      const call = yield* Effect.forkChild(generate(driver))
      yield* server.received(1)
      yield* Fiber.interrupt(call)
      assert.deepStrictEqual(yield* ledger.entries, [])
      yield* TestClock.adjust("1 second")
      yield* count(ledger, 1)
      assert.deepStrictEqual(facts((yield* ledger.entries)[0]), ["interrupted", undefined, "reported", 3, 2, 1])
      yield* generate(driver)
      assert.deepStrictEqual(facts((yield* ledger.entries)[1]), ["answered", undefined, "reported", 3, 2, 1])
      yield* server.closed
    }))

  it.effect("books what its caller leaves while the ledger ends", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const never = foreign({ generateText: () => Effect.never, streamText: () => Stream.never })
      const { driver, ledger } = yield* Scope.provide(booked(never, { drain: {} }), scope)
      const calls = [generate(driver), Stream.runDrain(stream(driver))].map((call) => Effect.runFork(call))
      yield* turns
      for (const call of calls) call.interruptUnsafe()
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual((yield* ledger.entries).map(facts).map((of) => of?.slice(0, 3)), [
        ["interrupted", undefined, "estimated"],
        ["interrupted", undefined, "estimated"]
      ])
    }))

  it.effect("counts what goes on where its caller counted", () =>
    Effect.gen(function*() {
      const slow = foreign({ generateText: () => Effect.delay(Effect.succeed([finish]), "1 second") })
      const { driver, ledger } = yield* booked(slow, { drain: {} })
      const call = Effect.runForkWith(yield* Effect.context())(generate(driver))
      yield* turns
      yield* Fiber.interrupt(call)
      yield* TestClock.adjust("1 second")
      yield* count(ledger, 1)
      const model = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "acme",
        "gen_ai.request.model": "acme-1"
      }
      assert.strictEqual((yield* Metric.value(Meters.tokenUsage({ ...model, "gen_ai.token.type": "input" }))).sum, 10)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))
})

describe("sums", () => {
  it.effect("are exact, whatever is kept", () =>
    Effect.gen(function*() {
      const tenth = BigDecimal.fromStringUnsafe("0.1")
      const { driver, ledger } = yield* booked(foreign({}), { keep: 2 })
      yield* Effect.provideService(
        Effect.replicateEffect(generate(driver), 30),
        Pricing.Prices,
        () => tenth
      )
      yield* generate(driver)
      const [total, ...others] = yield* ledger.totals
      assert.deepStrictEqual(others, [])
      assert.strictEqual(total && BigDecimal.format(total.cost), "3")
      assert.strictEqual(total?.unpriced, 1)
      assert.strictEqual(total?.attempts, 31)
      assert.deepStrictEqual([total?.tokens.input, total?.tokens.output], [310, 217])
      assert.deepStrictEqual(total?.statuses, { reported: 31, estimated: 0, unknown: 0 })
      assert.strictEqual((yield* ledger.entries).length, 2)
    }))

  it.effect("believe the vendor's cost first, then the prices around the call, then those of the ledger", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        Acme.answer({ text: "Hi" }, { input: 3, output: 2, cost: 7 }),
        Acme.answer({ text: "Hi" }, { input: 3, output: 2 }),
        Acme.answer({ text: "Hi" }, { input: 3, output: 2 })
      ])
      const { driver, ledger } = yield* booked(yield* Acme.driver(server.url)).pipe(
        Effect.provideService(Pricing.Prices, () => BigDecimal.fromNumberUnsafe(9))
      )
      yield* Effect.replicateEffect(Effect.provideService(generate(driver), Pricing.Prices, perToken), 2)
      yield* generate(driver)
      const costs = (yield* ledger.entries).map((entry) => entry.cost && BigDecimal.format(entry.cost))
      assert.deepStrictEqual(costs, ["7", "0.5", "9"])
    }))

  it.effect("of one call, inside of another", () =>
    Effect.gen(function*() {
      const { driver } = yield* booked(foreign({}))
      const inner = UsageLedger.measure(generate(driver))
      const [[, two], three] = yield* UsageLedger.measure(Effect.andThen(generate(driver), inner))
      assert.deepStrictEqual([two.length, three.length], [1, 2])
      let streamed: ReadonlyArray<UsageLedger.Entry> = []
      const onEnd = (entries: ReadonlyArray<UsageLedger.Entry>) =>
        Effect.sync(() => {
          streamed = entries
        })
      yield* Stream.runDrain(Stream.take(UsageLedger.measureStream(stream(driver), onEnd), 1))
      assert.deepStrictEqual(streamed.map((entry) => entry.method), ["streamText"])
    }))
})

describe("who is told", () => {
  it.effect("the hook and the readers, each entry once; what the hook throws changes nothing", () =>
    Effect.gen(function*() {
      const told: Array<string> = []
      const { driver, ledger } = yield* booked(foreign({}), {
        onEntry: (entry) => {
          told.push(entry.outcome)
          throw new Error("the disk is full")
        }
      })
      const read = yield* Effect.forkChild(Stream.runCollect(Stream.take(ledger.changes, 2)), {
        startImmediately: true
      })
      yield* Effect.replicateEffect(generate(driver), 2)
      assert.strictEqual((yield* Fiber.join(read)).length, 2)
      assert.deepStrictEqual(told, ["answered", "answered"])
    }))

  it.effect("metrics, with the tokens that are known apart from those that are guessed", () =>
    Effect.gen(function*() {
      const { driver } = yield* booked(foreign({}))
      const unsaid = yield* booked(
        foreign({ generateText: () => Effect.succeed([{ ...finish, usage: Usage.unknown }]) })
      )
      yield* Effect.provideService(generate(driver), Pricing.Prices, perToken)
      yield* generate(unsaid.driver)
      yield* TestClock.adjust("1 second")
      yield* Stream.runDrain(stream(driver))
      const model = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "acme",
        "gen_ai.request.model": "acme-1"
      }
      const input = yield* Metric.value(
        Meters.tokenUsage({ ...model, "gen_ai.token.type": "input" })
      )
      assert.deepStrictEqual([input.count, input.sum], [2, 20])
      const guessed = yield* Metric.value(
        Meters.tokenEstimate({ ...model, "gen_ai.token.type": "input" })
      )
      assert.strictEqual(guessed.count, 1)
      assert.strictEqual((yield* Metric.value(Meters.cost(model))).count, 1.7)
      assert.strictEqual((yield* Metric.value(Meters.timeToFirstChunk(model))).count, 1)
      assert.strictEqual((yield* Metric.value(Meters.duration(model))).count, 3)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))

  it.effect("the span of the call, of each attempt", () =>
    Effect.gen(function*() {
      const { driver } = yield* booked(foreign({}))
      const on = span()
      yield* Effect.replicateEffect(
        Effect.provideService(
          generate(driver, request({ prompt: Prompt.make("Hi"), span: on })),
          Pricing.Prices,
          perToken
        ),
        2
      )
      assert.deepStrictEqual(on.events.map(([name]) => name), ["llm_layers.attempt", "llm_layers.attempt"])
      assert.deepStrictEqual(on.events[0]?.[2], {
        "gen_ai.provider.name": "acme",
        "gen_ai.request.model": "acme-1",
        "llm_layers.outcome": "answered",
        "llm_layers.usage.status": "reported",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 7,
        "llm_layers.cost_usd": "1.7"
      })
    }))
})

describe("time", () => {
  it.effect("is that of the clock, and does not run backwards with it", () =>
    Effect.gen(function*() {
      const { driver, ledger } = yield* booked(foreign({
        streamText: () =>
          Stream.concat(
            Stream.fromEffect(
              Effect.as(Effect.sleep("2 seconds"), { type: "text-delta", id: "0", delta: "a" } as const)
            ),
            Stream.fromEffect(Effect.as(Effect.sleep("3 seconds"), finish))
          )
      }))
      yield* TestClock.setTime(1_000_000)
      const call = yield* Effect.forkChild(Stream.runDrain(stream(driver)), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(call)
      const [entry] = yield* ledger.entries
      assert.strictEqual(entry?.startedAt, 1_000_000)
      assert.strictEqual(entry?.timeToFirstPart && Duration.toMillis(entry.timeToFirstPart), 2_000)
      assert.strictEqual(entry && Duration.toMillis(entry.duration), 5_000)
    }))
})

describe("options that cannot be used", () => {
  it.effect.each([{ keep: -1 }, { keep: 0.5 }, { drain: { time: Number.NaN } }, { drain: { concurrency: 0 } }])(
    "%j",
    (given) =>
      Effect.gen(function*() {
        const { driver } = yield* booked(foreign({}), given)
        const error = yield* Effect.flip(generate(driver))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual((yield* Effect.flip(Stream.runDrain(stream(driver)))).reason._tag, "InvalidRequestError")
      })
  )
})
