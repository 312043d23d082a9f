/** What a vendor adds to its answers changes none of what was there. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import type { Wire } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { same } from "../broken.ts"
import { callsTools, respond, succeeds, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { fingerprint } from "../parts.ts"
import * as Subject from "../subject.ts"
import * as Unknowns from "../unknowns.ts"

export const unknowns = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("what is unknown", kit.options)
  const opaque = new Set(kit.harness.opaque)
  const unknown = kit.harness.unknownEvents ?? Unknowns.events
  const members = (wire: Wire) => Unknowns.inWire(wire, opaque)
  return [
    ...Subject.ways.map((way) => law(`${way}: members in every object are ignored`, sameParts(kit, way, members))),
    law(
      "streamText: events between all events are ignored",
      sameParts(kit, "streamText", (wire) => ({
        ...wire,
        events: Unknowns.between(wire.events, unknown),
        trailing: [...wire.trailing ?? [], ...unknown]
      }))
    )
  ]
}

/** The parts are the same without their metadata, in which a provider may keep what it does not know. */
const sameParts = <S extends Settings.Common>(
  kit: WireKit<S>,
  way: Subject.Way,
  change: (wire: Wire) => Wire
): Check =>
  Effect.gen(function*() {
    for (const { name, said, skipped } of kit.scenarios) {
      if (skipped !== undefined) continue
      const { model, transport } = yield* Subject.make(kit.harness)
      const ask = { tools: callsTools(said) }
      const wire = kit.harness.answer(said)
      transport.reply = () => respond(wire, way)
      const before = yield* succeeds(model, way, ask, name)
      transport.reply = () => respond(change(wire), way)
      yield* same(name, numbered(before), numbered(yield* succeeds(model, way, ask, name)))
    }
  })

const numbered = (parts: ReadonlyArray<object>): unknown => JSON.parse(fingerprint(parts))
