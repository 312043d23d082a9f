/** What a vendor may add tomorrow: members in every object, events between all events. */
import type { Event, Wire } from "../../Harness.ts"

/** The value with members nobody has heard of in each object, but in those whose content is the user's. */
export const withUnknownMembers = (value: unknown, opaque: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((one) => withUnknownMembers(one, opaque))
  if (typeof value !== "object" || value === null) return value
  const known = Object.entries(value).map(([name, member]) => [
    name,
    opaque.has(name) ? member : withUnknownMembers(member, opaque)
  ])
  return { x_kit_unknown: { deep: [1, { er: null }] }, ...Object.fromEntries(known), x_kit_null: null, x_kit_list: [] }
}

/** The same of an answer, streamed and whole. */
export const inWire = (wire: Wire, opaque: ReadonlySet<string>): Wire => {
  const inEvent = (event: Event): Event => ({ ...event, data: withUnknownMembers(event.data, opaque) })
  return {
    body: withUnknownMembers(wire.body, opaque),
    events: wire.events.map(inEvent),
    trailing: wire.trailing?.map(inEvent)
  }
}

/** Events of kinds nobody has heard of, where a harness has none of its own. */
export const events: ReadonlyArray<Event> = [
  { event: "x_kit_unknown", data: { type: "x_kit_unknown", index: 7, delta: { type: "x_kit_delta", text: "?" } } },
  { data: { type: "x_kit.unknown", object: "x_kit.unknown" } },
  { event: "x_kit_empty", data: {} }
]

/** The events before, between and after those of an answer. */
export const between = (known: ReadonlyArray<Event>, unknown: ReadonlyArray<Event>): ReadonlyArray<Event> => [
  ...unknown,
  ...known.flatMap((event) => [event, ...unknown])
]
