/** A policy around a probe, under a clock that the law moves. */
import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as DriverRequest from "../../DriverRequest.ts"
import type { LawBroken } from "../../Law.ts"
import { broken } from "../conformance/broken.ts"
import * as Detached from "../conformance/detached.ts"
import { type Make, makeFor as lawsFor, type Options } from "../conformance/law.ts"
import * as Probe from "./probe.ts"

/** Makes laws whose clock stands still unless they move it. */
export const makeFor = (group: string, options: Options): Make => {
  const make = lawsFor(group, options)
  return (name, check, skipped) => make(name, Effect.provide(check, TestClock.layer()), skipped)
}

/** A policy, made anew for each law, and what it needs. */
export interface Subject<R> {
  readonly policy: () => Policy.Policy<R>
  readonly layer: Layer.Layer<R>
}

/** The driver under the policy, and what the driver inside tells. */
export interface Wrapped {
  readonly driver: Driver.Driver
  readonly probe: Probe.Probe
}

export const make = <R>(
  subject: Subject<R>,
  behaviour?: Probe.Behaviour
): Effect.Effect<Wrapped, never, Scope.Scope> =>
  Effect.gen(function*() {
    const probe = Probe.make(behaviour)
    const context = yield* Layer.build(subject.layer)
    const driver = yield* Effect.provideContext(subject.policy()(probe.driver), context)
    return { driver, probe }
  })

const requestOf = (prompt = "Hello") => DriverRequest.make({ prompt: Prompt.make(prompt) })

/** Asks for a plain answer. */
export const generate = ({ driver }: Wrapped, prompt?: string) => DriverRequest.generate(driver, requestOf(prompt))

/** Asks for a stream. */
export const stream = ({ driver }: Wrapped, prompt?: string) => DriverRequest.stream(driver, requestOf(prompt))

/** Some turns of the event loop, in which what is ready runs. */
export const turns: Effect.Effect<void> = Effect.promise(async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resume) => setImmediate(resume))
})

/** How often the clock is moved on for a call that waits. */
const hours = 100

/** The exit of a call that may wait: time passes until it ends. */
export const settled = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Exit.Exit<A, E>, LawBroken, Scope.Scope> =>
  Effect.gen(function*() {
    const running = yield* Detached.fork(effect)
    yield* turns
    for (let hour = 0; hour < hours && running.pollUnsafe() === undefined; hour++) {
      yield* TestClock.adjust("1 hour")
      yield* turns
    }
    const exit = running.pollUnsafe()
    return exit ?? (yield* broken("the call", `an end within ${hours} hours`, "none"))
  })
