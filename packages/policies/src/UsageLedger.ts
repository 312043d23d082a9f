/**
 * What calls cost, and where it went: every attempt that reached a vendor is booked once, also those that failed, ran
 * into a timeout, were retried, lost to a hedge, or were left by their caller.
 *
 * The policy belongs innermost: what is outside of it (retry, hedge, fallback) makes the attempts, what is inside of it
 * is the vendor. Attempts that never left are not booked: what a check refused before the network, and connections that
 * were not made.
 */
import type * as Policy from "@llm-layers/core/Policy"
import * as Pricing from "@llm-layers/core/Pricing"
import * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as Arr from "effect/Array"
import * as BigDecimal from "effect/BigDecimal"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import type * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Span } from "effect/Tracer"
import * as Beginning from "./internal/beginning.ts"
import { Attempt } from "./internal/ledger/attempt.ts"
import * as Collectors from "./internal/ledger/collectors.ts"
import * as Drain from "./internal/ledger/drain.ts"
import * as Embeddings from "./internal/ledger/embeddings.ts"
import type { Entry, Status } from "./internal/ledger/entry.ts"
import * as Meters from "./internal/ledger/meters.ts"
import * as Totals from "./internal/ledger/totals.ts"
import * as OptionChecks from "./internal/options.ts"

export type { Entry, Status }
export type { Tokens, Total } from "./internal/ledger/totals.ts"

/** How a ledger keeps what it is told. */
export interface Options {
  /** How many entries are kept, the latest. Totals are of all. Default: 1000. */
  readonly keep?: number | undefined
  /**
   * Called with each entry, once, when it is booked: to write it down. It must be quick; what takes time reads
   * {@link Ledger.changes}. What it throws is logged and changes nothing.
   */
  readonly onEntry?: ((entry: Entry) => void) | undefined
  /** Whether tokens are estimated that a vendor does not say; they are unknown otherwise. Default: true. */
  readonly estimate?: boolean | undefined
  /**
   * Lets calls go on after their caller has left them, to the usage that vendors send last. It keeps the connection
   * open and has the vendor write, and be paid, to the end. Default: off; such calls are estimated.
   */
  readonly drain?: {
    /** The longest time a call goes on. Default: 30 seconds. */
    readonly time?: Duration.Input | undefined
    /** How many go on at once; those beyond end with their caller. Default: 16. */
    readonly concurrency?: number | undefined
  } | undefined
}

/** A ledger: what it was told so far, and what it is told next. */
export interface Ledger {
  /** The latest entries, the oldest first. */
  readonly entries: Effect.Effect<ReadonlyArray<Entry>>
  /** The sums of all entries, by provider and model. */
  readonly totals: Effect.Effect<ReadonlyArray<Totals.Total>>
  /** Entries from now on. A reader that falls behind by more than `keep` misses the oldest. Ends with the ledger. */
  readonly changes: Stream.Stream<Entry>
  /** Books what was asked of a vendor without the policy. */
  readonly book: (entry: Entry) => Effect.Effect<void>
  /** The same at once, with the context that metrics are found in. */
  readonly bookUnsafe: (entry: Entry, context: Context.Context<never>) => void
  /** How the policy reads what it books. */
  readonly reading: {
    readonly estimate: boolean
    /** Asked where the prices around the call know none. */
    readonly prices: Pricing.PriceList
    readonly drains: Drain.Drains | undefined
    /** What is wrong with the options; calls fail with it. */
    readonly problem: OptionChecks.Problem | undefined
  }
}

/** The ledger of a program. */
export class UsageLedger extends Context.Service<UsageLedger, Ledger>()("@llm-layers/policies/UsageLedger") {}

const defaultKeep = 1000
const defaultDrainTime = Duration.seconds(30)
const defaultDrainConcurrency = 16

/**
 * A ledger. Calls that go on without their caller end with it, and are booked as far as they came.
 */
export const layer = (options: Options = {}): Layer.Layer<UsageLedger> =>
  Layer.effect(
    UsageLedger,
    Effect.gen(function*() {
      const problem = problemOf(options)
      const keep = problem === undefined ? options.keep ?? defaultKeep : defaultKeep
      const published = yield* Effect.acquireRelease(PubSub.sliding<Entry>(Math.max(1, keep)), PubSub.shutdown)
      const prices = yield* Pricing.Prices
      const scope = yield* Effect.scope
      const { drain } = options
      const kept: Array<Entry> = []
      const totals = new Map<string, Totals.Total>()
      const meters = new Map<string, Meters.Meter>()

      const bookUnsafe = (entry: Entry, context: Context.Context<never>): void => {
        if (keep > 0 && kept.push(entry) > keep) kept.shift()
        const model = `${entry.provider}\n${entry.model}`
        totals.set(model, Totals.add(totals.get(model) ?? Totals.empty(entry.provider, entry.model), entry))
        const like = Meters.keyOf(entry)
        const meter = meters.get(like) ?? Meters.make(entry)
        meters.set(like, meter)
        meter(entry, context)
        PubSub.publishUnsafe(published, entry)
        try {
          options.onEntry?.(entry)
        } catch (thrown) {
          Effect.runForkWith(context)(Effect.logError("onEntry of the usage ledger threw", thrown))
        }
      }

      return {
        entries: Effect.sync(() => [...kept]),
        totals: Effect.sync(() => [...totals.values()]),
        changes: Stream.fromPubSub(published),
        book: (entry) => Effect.withFiber((fiber) => Effect.succeed(bookUnsafe(entry, fiber.context))),
        bookUnsafe,
        reading: {
          estimate: options.estimate ?? true,
          prices,
          problem,
          drains: drain === undefined || problem !== undefined ? undefined : {
            scope,
            time: Duration.fromInputUnsafe(drain.time ?? defaultDrainTime),
            concurrency: drain.concurrency ?? defaultDrainConcurrency,
            running: 0
          }
        }
      }
    })
  )

const problemOf = ({ drain, keep }: Options): OptionChecks.Problem | undefined =>
  OptionChecks.ofCount("keep", keep, 0) ?? OptionChecks.ofDuration("drain.time", drain?.time) ??
    OptionChecks.ofCount("drain.concurrency", drain?.concurrency, 1)

/**
 * Books the attempts of a driver. Give it last to `Policy.compose`: each retry, hedge and fallback outside of it is an
 * attempt of its own.
 *
 * @example
 * ```ts
 * import * as UsageLedger from "@llm-layers/policies/UsageLedger"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   yield* LanguageModel.generateText({ prompt: "Hello" })
 *   const ledger = yield* UsageLedger.UsageLedger
 *   const [total] = yield* ledger.totals
 *   deepStrictEqual([total?.model, total?.attempts, total?.tokens.output], ["scripted", 1, 2])
 * })
 *
 * await program.pipe(
 *   Effect.provide(ScriptedModel.layer(["Good morning"], { policy: UsageLedger.make() })),
 *   Effect.provide(UsageLedger.layer()),
 *   Effect.runPromise
 * )
 * ```
 */
export const make = (): Policy.Policy<UsageLedger> => (driver) =>
  Effect.map(UsageLedger, (ledger) => {
    const { drains, problem } = ledger.reading
    if (problem !== undefined) return OptionChecks.refuse(driver, problem)
    return {
      ...driver,
      generateText: (options) =>
        Effect.withFiber((fiber) => {
          const { attempt, left } = begin(ledger, fiber, driver, "generateText", askedBy(options))
          const call = RequestObserver.observe(driver.generateText(options), attempt.observer)
          return drains === undefined
            ? Effect.onExit(call, (exit) => Effect.sync(() => attempt.end(exit)))
            : Drain.generate(drains, attempt, call, left)
        }),
      streamText: (options) =>
        drains === undefined
          ? Beginning.watched((scope) =>
            Effect.withFiber((fiber) => {
              const { attempt } = begin(ledger, fiber, driver, "streamText", askedBy(options))
              const left = Effect.sync(() => attempt.end(Exit.interrupt()))
              return Effect.as(Scope.addFinalizer(scope, left), {
                stream: driver.streamText(options),
                beginning: (effect) => RequestObserver.observe(effect, attempt.observer),
                onRead: (parts) => attempt.see(parts),
                onEnd: (cause) => ended(attempt, cause)
              })
            })
          )
          : Beginning.stream(() =>
            Effect.withFiber((fiber) => {
              const { attempt, left } = begin(ledger, fiber, driver, "streamText", askedBy(options))
              const call = Stream.updateService(
                driver.streamText(options),
                RequestObserver.Observers,
                (outer) => [...outer, attempt.observer]
              )
              return Effect.succeed(Drain.stream(drains, attempt, call, seenBy(attempt), left))
            })
          )
    }
  })

type Parts = Arr.NonEmptyReadonlyArray<Response.StreamPartEncoded>
type Read<R> = Pull.Pull<Parts, AiError.AiError, void, R>

/** A read whose parts and failure the attempt is told of. */
const seenBy = (attempt: Attempt) => <R>(pull: Read<R>): Read<R> =>
  Effect.matchCauseEffect(pull, {
    onSuccess: (parts) => {
      attempt.see(parts)
      return Effect.succeed(parts)
    },
    onFailure: (cause) => {
      ended(attempt, cause)
      return Effect.failCause(cause)
    }
  })

/** Tells the attempt of the end of its stream. An interruption ends more than the stream: see the scope's. */
const ended = (attempt: Attempt, cause: Cause.Cause<AiError.AiError | Cause.Done>): void => {
  const done = cause.reasons.some((reason) => Cause.isFailReason(reason) && Cause.isDone(reason.error))
  if (done) attempt.end(Exit.void)
  else if (!Cause.hasInterruptsOnly(cause)) attempt.end(Exit.failCause(cause))
}

const askedBy = (options: LanguageModel.ProviderOptions) => ({
  input: () => TokenEstimate.ofRequest(options),
  span: options.span
})

/** An attempt that begins now, and what to do where it goes on without its caller. */
const begin = (
  ledger: Ledger,
  fiber: Fiber.Fiber<unknown, unknown>,
  driver: Pick<Entry, "provider" | "model">,
  method: Entry["method"],
  asked: { readonly input: () => number; readonly span: Span | undefined }
) => {
  // A fiber that has ended has none, and the attempt may outlive it.
  const { context } = fiber
  const collectors = fiber.getRef(Collectors.Collectors)
  const around = fiber.getRef(Pricing.Prices)
  const attempt: Attempt = new Attempt(driver, method, asked.input, fiber, {
    estimate: ledger.reading.estimate,
    prices: (tokens) => around(tokens) ?? ledger.reading.prices(tokens),
    book: (entry) => {
      Collectors.tell(collectors, attempt, entry)
      if (asked.span !== undefined) annotate(asked.span, entry, context)
      ledger.bookUnsafe(entry, context)
    }
  })
  return { attempt, left: () => Collectors.tell(collectors, attempt, attempt.provisional) }
}

/** The span is of a call, which may make several attempts: each is an event on it. */
const annotate = (span: Span, entry: Entry, context: Context.Context<never>): void => {
  const { inputTokens, outputTokens } = entry.usage
  const attributes: { [name: string]: unknown } = {
    "gen_ai.provider.name": entry.provider,
    "gen_ai.request.model": entry.model,
    "llm_layers.outcome": entry.outcome,
    "llm_layers.usage.status": entry.status
  }
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) attributes[name] = value
  }
  set("error.type", entry.kind)
  set("gen_ai.usage.input_tokens", inputTokens.total)
  set("gen_ai.usage.output_tokens", outputTokens.total)
  set("gen_ai.response.id", entry.responseId)
  set("llm_layers.request.id", entry.requestId)
  set("llm_layers.cost_usd", entry.cost && BigDecimal.format(entry.cost))
  span.event("llm_layers.attempt", Context.get(context, Clock.Clock).currentTimeNanosUnsafe(), attributes)
}

/**
 * A layer with an embedding model, whose requests are booked: a call with many texts makes several, each an entry. Whatever
 * else the layer supplies stays. Inside of a cache, so that only what was asked for is booked.
 *
 * Of a model of another project's, calls are booked in place of requests, and those of `embed` by an estimate. Texts that
 * are gathered into one request count for the call that came first, also in {@link measure}. There is no `drain`.
 *
 * @example
 * ```ts
 * import * as UsageLedger from "@llm-layers/policies/UsageLedger"
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 *
 * export const embeddings = UsageLedger.embeddings(OpenAiEmbeddingModel.layer("text-embedding-3-small"))
 * ```
 */
export const embeddings = <A, E, R>(
  layer: Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R>
): Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R | UsageLedger> =>
  Layer.flatMap(layer, (services) =>
    Layer.effectContext(Effect.flatMap(UsageLedger, (ledger) => {
      const { problem } = ledger.reading
      const booked = problem === undefined
        ? Embeddings.booked(services, (fiber, { inputs, ...model }, span) =>
          begin(ledger, fiber, model, "embedMany", {
            input: () => Embeddings.tokensOf(inputs),
            span
          }).attempt)
        : EmbeddingModel.make({ embedMany: () => Effect.fail(OptionChecks.refusal(Embeddings.origin, problem)) })
      return Effect.map(booked, (model) => Context.add(services, EmbeddingModel.EmbeddingModel, model))
    })))

/**
 * An effect with the entries of all attempts made inside of it: what did this call cost, its retries included. Of a call
 * that is left and still goes on (`drain`), the entry is as far as it is known.
 *
 * Where the effect fails its entries go with it; measure `Effect.exit` of it to have both.
 *
 * @example
 * ```ts
 * import * as UsageLedger from "@llm-layers/policies/UsageLedger"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const [response, entries] = yield* UsageLedger.measure(LanguageModel.generateText({ prompt: "Hello" }))
 *   deepStrictEqual([response.text, entries.map((entry) => entry.outcome)], ["Hi.", ["answered"]])
 * })
 *
 * await program.pipe(
 *   Effect.provide(ScriptedModel.layer(["Hi."], { policy: UsageLedger.make() })),
 *   Effect.provide(UsageLedger.layer()),
 *   Effect.runPromise
 * )
 * ```
 */
export const measure = <A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<readonly [A, ReadonlyArray<Entry>], E, R> =>
  Effect.suspend(() => {
    const collector: Collectors.Collector = { entries: new Map() }
    return self.pipe(
      Effect.updateService(Collectors.Collectors, (outer) => [...outer, collector]),
      Effect.map((value) => [value, [...collector.entries.values()]] as const)
    )
  })

/** A stream whose end, of whatever kind, is told of the entries of all attempts made for it. */
export const measureStream = <A, E, R, R2>(
  self: Stream.Stream<A, E, R>,
  onEnd: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, never, R2>
): Stream.Stream<A, E, R | R2> =>
  Stream.suspend(() => {
    const collector: Collectors.Collector = { entries: new Map() }
    return self.pipe(
      Stream.updateService(Collectors.Collectors, (outer) => [...outer, collector]),
      Stream.ensuring(Effect.suspend(() => onEnd([...collector.entries.values()])))
    )
  })
