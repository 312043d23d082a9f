/** What the laws of one harness share. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Harness, LocalHarness, Said, Wire } from "../../Harness.ts"
import type { LawBroken } from "../../Law.ts"
import { type Claims, type Scenario, scenarios } from "./answers.ts"
import { broken } from "./broken.ts"
import * as Frames from "./frames.ts"
import type { Options } from "./law.ts"
import { type Plain, plainAll } from "./parts.ts"
import * as Subject from "./subject.ts"
import * as Transport from "./transport.ts"

/** A model that has an answer ready, the same for every call. */
export type Ready = (said: Said, way: Subject.Way) => Effect.Effect<Subject.Model, never, Scope.Scope>

/** What every harness has. */
export interface Kit {
  readonly options: Options
  readonly claims: Claims
  readonly scenarios: ReadonlyArray<Scenario>
  readonly ready: Ready
}

const make = (options: Options, claims: Claims, ready: Ready): Kit => ({
  options,
  claims,
  scenarios: scenarios(claims),
  ready
})

/** The kit for a model without a wire. */
export const local = (harness: LocalHarness, options: Options): Kit =>
  make(
    options,
    { capabilities: harness.capabilities, lacks: harness.lacks ?? {} },
    (said) => Layer.build(harness.local(said))
  )

/** The kit for a provider. */
export interface WireKit<S extends Settings.Common> extends Kit {
  readonly harness: Harness<S>
}

export const wired = <S extends Settings.Common>(harness: Harness<S>, options: Options): WireKit<S> => ({
  ...make(
    options,
    { capabilities: harness.capabilities(harness.models[0]), lacks: harness.lacks ?? {} },
    (said, way) =>
      Effect.map(Subject.make(harness), ({ model, transport }) => {
        transport.reply = () => respond(harness.answer(said), way)
        return model
      })
  ),
  harness
})

/** All events of a stream. */
export const allEvents = (wire: Wire) => [...wire.events, ...wire.trailing ?? []]

/** An answer as it comes without disturbances. */
export const respond = (wire: Wire, way: Subject.Way): globalThis.Response =>
  way === "generateText" ? Transport.json(wire.body) : Transport.stream([Frames.bytes(allEvents(wire))])

/** The parts of an answer that is to succeed. */
export const succeeds = (
  model: Subject.Model,
  way: Subject.Way,
  ask: Subject.Ask,
  where: string = way
): Effect.Effect<ReadonlyArray<Plain>, LawBroken> => Effect.map(succeedsWhole(model, way, ask, () => where), plainAll)

/** The same with their metadata. */
export const succeedsWhole = (
  model: Subject.Model,
  way: Subject.Way,
  ask: Subject.Ask,
  where: () => string
): Effect.Effect<ReadonlyArray<object>, LawBroken> =>
  Effect.flatMap(
    Subject.call(model, way, ask),
    ({ error, parts }) => error === undefined ? Effect.succeed(parts) : broken(where(), "no failure", error)
  )

/** Whether an answer calls tools, which are offered then. */
export const callsTools = (said: Said): boolean => said.parts.some((part) => part.type === "tool-call")
