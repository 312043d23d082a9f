/** A stream that stops before its last event is an error, with all that was given out. */
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import type { Said } from "../../../Harness.ts"
import type { Law, LawBroken } from "../../../Law.ts"
import { everything, plain } from "../answers.ts"
import { broken, same } from "../broken.ts"
import { factsOf } from "../facts.ts"
import * as Frames from "../frames.ts"
import { allEvents, callsTools, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { plainAll } from "../parts.ts"
import * as Subject from "../subject.ts"
import * as Transport from "../transport.ts"
import { growing } from "./order.ts"

export const truncation = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("truncation", kit.options)
  return [
    law("a stream that ends at the end of any event but the last fails with what was given out", atEvents(kit, false)),
    law("a connection that breaks at the end of any event but the last fails likewise", atEvents(kit, true)),
    law("a stream that ends at any byte fails likewise, or was whole", atBytes(kit))
  ]
}

interface Cut {
  readonly outcome: Subject.Outcome
  /** Breaks the law unless the failure has what was given out. */
  readonly keeps: Effect.Effect<void, LawBroken>
}

const make = <S extends Settings.Common>(kit: WireKit<S>, said: Said) =>
  Effect.map(Subject.make(kit.harness), ({ model, transport }) => {
    const wire = kit.harness.answer(said)
    const cut = (where: string, bytes: Uint8Array, breaks: boolean): Effect.Effect<Cut, LawBroken> =>
      Effect.suspend(() => {
        transport.reply = () => Transport.stream([bytes], { breaks })
        return Effect.map(
          Subject.call(model, "streamText", { tools: callsTools(said) }),
          (outcome) => ({
            outcome,
            keeps: outcome.error === undefined
              ? broken(where, "a failure: the answer is not whole", "success")
              : keepsAll(where, outcome.parts, outcome.error)
          })
        )
      })
    return { wire, cut }
  })

const keepsAll = (where: string, given: ReadonlyArray<object>, error: AiError): Effect.Effect<void, LawBroken> => {
  const kept = ProviderError.partial(error)
  if (kept === undefined && given.length === 0) return Effect.void
  const collector = new PartCollector.Collector()
  // They are parts of a stream, as data.
  collector.push(plainAll(given) as unknown as ReadonlyArray<Response.StreamPartEncoded>)
  const facts = (parts: ReadonlyArray<object>) => {
    const { calls, reasoning, sources, text } = factsOf(plainAll(parts))
    return { text, reasoning, calls, sources }
  }
  return same(`${where}: what the error keeps`, facts(collector.parts), facts(kept?.parts ?? []))
}

/** Counts that the error keeps grow with what had come. */
const atEvents = <S extends Settings.Common>(kit: WireKit<S>, breaks: boolean): Check =>
  Effect.gen(function*() {
    const { cut, wire } = yield* make(kit, everything(kit.claims))
    const told: Array<unknown> = []
    for (let count = 0; count < wire.events.length; count++) {
      const where = `after ${count} of ${wire.events.length} events`
      const { keeps, outcome } = yield* cut(where, Frames.bytes(wire.events.slice(0, count)), breaks)
      yield* keeps
      const usage = outcome.error === undefined ? undefined : ProviderError.partial(outcome.error)?.usage
      if (usage !== undefined) told.push(usage)
    }
    yield* growing(told, "token counts that the errors keep")
  })

/** In a short answer: what is kept of a long one is looked at above. A server may leave out the empty line after its last event, and what is trailing. */
const atBytes = <S extends Settings.Common>(kit: WireKit<S>): Check =>
  Effect.gen(function*() {
    const { cut, wire } = yield* make(kit, plain("é🌊"))
    const bytes = Frames.bytes(allEvents(wire))
    const needed = Frames.bytes(wire.events).length - "\n\n".length
    const whole = factsOf(plainAll((yield* cut("whole", bytes, false)).outcome.parts))
    for (let length = 0; length < bytes.length; length++) {
      const where = `after ${length} of ${bytes.length} bytes`
      const { keeps, outcome } = yield* cut(where, bytes.subarray(0, length), false)
      if (length < needed || outcome.error !== undefined) yield* keeps
      else {
        const { usage: _, ...rest } = whole
        const { usage: __, ...came } = factsOf(plainAll(outcome.parts))
        yield* same(`${where}, which has all that is needed`, rest, came)
      }
    }
  })
