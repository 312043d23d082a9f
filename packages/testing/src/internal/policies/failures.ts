/** Failures stay what they are, and an answer that has begun is never begun again. */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import type { Law, LawBroken } from "../../Law.ts"
import { broken, holds, same } from "../conformance/broken.ts"
import type { Check, Options } from "../conformance/law.ts"
import * as Probe from "./probe.ts"
import * as Wrapped from "./wrapped.ts"

export const failures = <R>(subject: Wrapped.Subject<R>, options: Options): ReadonlyArray<Law> => {
  const law = Wrapped.makeFor("failures", options)
  const names = Object.keys(ErrorKind.kinds).filter(isKind)
  return [
    law("streamText: after the first part the driver is not asked again, and the failure is its own", begun(subject)),
    ...names.map((kind) => law(`generateText: ${kind} stays what it is`, kept(subject, kind, generated))),
    ...names.map((kind) =>
      law(`streamText: ${kind} before the first part stays what it is`, kept(subject, kind, streamed))
    ),
    law("an error that this project did not make stays what it is", foreign(subject)),
    law("a failure that is not retryable is asked for once", once(subject, options.asksAgainAfter ?? [])),
    law("generateText: what is thrown stays thrown, and is asked for once", thrown(subject, generated)),
    law("streamText: what is thrown stays thrown, and is asked for once", thrown(subject, streamed))
  ]
}

const isKind = (name: string): name is ErrorKind.Name => Object.hasOwn(ErrorKind.kinds, name)

const origin: ProviderError.Origin = { provider: "probe", module: "ProbeLanguageModel", method: "generateText" }

/** An error with all it can carry. */
const errorOf = (kind: ErrorKind.Name): AiError.AiError => {
  const error = ProviderError.make(origin, kind, {
    description: `The probe says ${kind}`,
    parameter: "prompt",
    provider: { requestId: "req_1" },
    cause: new Error("underneath"),
    ...(kind === "RateLimited" || kind === "Overloaded" ? { retryAfter: Duration.seconds(3) } : undefined)
  })
  return kind === "StreamInterrupted"
    ? ProviderError.withPartial(origin, error, { parts: [{ type: "text", text: "Hel" }], usage: undefined })
    : error
}

/** What callers look at. */
const factsOf = (error: unknown): unknown => {
  if (!AiError.isAiError(error)) return error
  const { reason } = error
  return {
    kind: ProviderError.kindOf(error),
    tag: reason._tag,
    isRetryable: error.isRetryable,
    message: error.message,
    metadata: "metadata" in reason ? reason.metadata : undefined,
    retryAfter: "retryAfter" in reason && reason.retryAfter !== undefined
      ? Duration.toMillis(reason.retryAfter)
      : undefined,
    partial: ProviderError.partial(error)
  }
}

/** A call whose driver always ends this way, and the driver's behaviour. */
type Call = (effect: Effect.Effect<never, AiError.AiError>) => {
  readonly behaviour: Probe.Behaviour
  readonly run: (wrapped: Wrapped.Wrapped) => Effect.Effect<unknown, AiError.AiError>
}

const generated: Call = (effect) => ({
  behaviour: { generate: () => effect },
  run: (wrapped) => Wrapped.generate(wrapped)
})

const streamed: Call = (effect) => ({
  behaviour: { stream: () => Stream.fromEffect(effect) },
  run: (wrapped) => Stream.runDrain(Wrapped.stream(wrapped))
})

/** The failure of a call. */
const failing = <R>(subject: Wrapped.Subject<R>, call: Call, error: AiError.AiError) =>
  Effect.gen(function*() {
    const { behaviour, run } = call(Effect.fail(error))
    const wrapped = yield* Wrapped.make(subject, behaviour)
    const exit = yield* Wrapped.settled(run(wrapped))
    if (Exit.isSuccess(exit)) return yield* broken("the call", "a failure", exit.value)
    return { cause: exit.cause, calls: wrapped.probe.asked.length }
  })

const sameError = (expected: AiError.AiError, cause: Cause.Cause<unknown>): Effect.Effect<void, LawBroken> =>
  Cause.hasDies(cause)
    ? broken("the failure", expected, Cause.squash(cause))
    : Effect.andThen(
      same("the failure", factsOf(expected), factsOf(Cause.squash(cause))),
      holds(causeOf(Cause.squash(cause)) === causeOf(expected), "the cause beneath", causeOf(expected), cause)
    )

const causeOf = (error: unknown): unknown => AiError.isAiError(error) ? Reflect.get(error.reason, "cause") : undefined

const kept = <R>(subject: Wrapped.Subject<R>, kind: ErrorKind.Name, call: Call): Check =>
  Effect.gen(function*() {
    const error = errorOf(kind)
    const { cause } = yield* failing(subject, call, error)
    yield* sameError(error, cause)
  })

const foreign = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const reason = new AiError.ToolNotFoundError({ toolName: "a", availableTools: ["b"] })
    const error = AiError.make({ module: "Other", method: "generateText", reason })
    yield* sameError(error, (yield* failing(subject, generated, error)).cause)
  })

const once = <R>(subject: Wrapped.Subject<R>, but: ReadonlyArray<ErrorKind.Name>): Check =>
  Effect.gen(function*() {
    for (const kind of Object.keys(ErrorKind.kinds).filter(isKind)) {
      if (ErrorKind.kinds[kind].retryable || but.includes(kind)) continue
      for (const call of [generated, streamed]) {
        yield* same(`calls of the driver for ${kind}`, 1, (yield* failing(subject, call, errorOf(kind))).calls)
      }
    }
  })

const thrown = <R>(subject: Wrapped.Subject<R>, call: Call): Check =>
  Effect.gen(function*() {
    const defect = new Error("a mistake of the driver")
    const { behaviour, run } = call(Effect.die(defect))
    const wrapped = yield* Wrapped.make(subject, behaviour)
    const exit = yield* Wrapped.settled(run(wrapped))
    const found = Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.squash(exit.cause) : exit
    yield* holds(found === defect, "the call", defect, found)
    yield* same("calls of the driver", 1, wrapped.probe.asked.length)
  })

/** The kinds that a retry is made for. */
const begun = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    for (const kind of ["RateLimited", "Overloaded", "StreamInterrupted", "ConnectionFailed"] as const) {
      const error = errorOf(kind)
      const first = Probe.streamed.slice(0, 3)
      const stream = Stream.concat(Probe.parts(first), Stream.fail(error))
      const wrapped = yield* Wrapped.make(subject, { stream: () => stream })
      const seen: Array<PartStream.Part> = []
      const exit = yield* Wrapped.settled(
        Stream.runForEach(Wrapped.stream(wrapped), (part) => Effect.sync(() => seen.push(part)))
      )
      yield* same(`${kind}: calls of the driver`, 1, wrapped.probe.asked.length)
      yield* same(`${kind}: the parts`, first, seen)
      if (Exit.isSuccess(exit)) return yield* broken(kind, "a failure", "success")
      yield* sameError(error, exit.cause)
    }
  })
