/** Failures are typed, say what the vendor said, and hold no key; nothing is asked twice behind the caller's back. */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ErrorEvent, Failure } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { plain } from "../answers.ts"
import { broken, holds, same } from "../broken.ts"
import { factsOf } from "../facts.ts"
import * as Frames from "../frames.ts"
import { respond, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { plainAll, textOf } from "../parts.ts"
import * as Subject from "../subject.ts"
import * as Transport from "../transport.ts"

export const failures = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("failures", kit.options)
  return [
    ...Subject.ways.flatMap((way) => [
      ...kit.harness.failures.map((failure) => law(`${way}: ${failure.name}`, answered(kit, way, failure))),
      ...strange.map(([name, respond, kinds]) => law(`${way}: ${name}`, met(kit, way, respond, kinds))),
      law(`${way}: an answer is asked for once`, once(kit, way))
    ]),
    ...kit.harness.errorEvents.map((event) => law(`streamText: ${event.name}, after a text`, inside(kit, event)))
  ]
}

/** Asks, and demands a failure of one of the kinds, after one request, without the key. */
const failing = <S extends Settings.Common>(
  { harness }: WireKit<S>,
  way: Subject.Way,
  reply: Transport.Reply,
  kinds: ReadonlyArray<ErrorKind.Name>
) =>
  Effect.gen(function*() {
    const { model, transport } = yield* Subject.make(harness)
    transport.reply = reply
    const { error, parts } = yield* Subject.call(model, way)
    if (error === undefined) return yield* broken("the call", `a failure: ${kinds.join(" or ")}`, "success")
    yield* holds(kinds.includes(ProviderError.kindOf(error)), "the kind", kinds, ProviderError.kindOf(error))
    yield* same("isRetryable", ErrorKind.kinds[ProviderError.kindOf(error)].retryable, error.isRetryable)
    yield* same("the number of requests", 1, transport.sent.length)
    yield* Subject.noKey(error)
    return { error, parts }
  })

/** The body repeats the key, as vendors do of one they refuse. */
const answered = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way, failure: Failure): Check =>
  Effect.gen(function*() {
    const body = typeof failure.body === "object"
      ? { ...failure.body, x_kit_key: `You sent ${Subject.secret}` }
      : failure.body
    const { error } = yield* failing(kit, way, () => Transport.json(body, failure.status, failure.headers), [
      failure.kind
    ])
    const retryAfter = "retryAfter" in error.reason ? error.reason.retryAfter : undefined
    yield* same(
      "retryAfter in milliseconds",
      failure.retryAfter,
      retryAfter === undefined ? undefined : Duration.toMillis(retryAfter)
    )
  })

const met = <S extends Settings.Common>(
  kit: WireKit<S>,
  way: Subject.Way,
  reply: Transport.Reply,
  kinds: ReadonlyArray<ErrorKind.Name>
): Check => Effect.asVoid(failing(kit, way, reply, kinds))

const page = "<!doctype html><title>502 Bad Gateway</title>"

/** What comes of servers in between, and of none. */
const strange: ReadonlyArray<readonly [name: string, reply: Transport.Reply, kinds: ReadonlyArray<ErrorKind.Name>]> = [
  ["no connection", () => Promise.reject(new TypeError("fetch failed")), ["ConnectionFailed"]],
  [
    "a page with an error status",
    () => new Response(page, { status: 502, headers: { "content-type": "text/html" } }),
    ["ProviderFailed", "Overloaded"]
  ],
  [
    "a page with a good status",
    () => new Response(page, { headers: { "content-type": "text/html" } }),
    ["InvalidResponse", "StreamInterrupted"]
  ],
  ["an error status without a body", () => new Response(null, { status: 500 }), ["ProviderFailed", "Overloaded"]],
  ["a good status without a body", () => new Response(""), ["InvalidResponse", "StreamInterrupted"]],
  ["JSON that is no answer", () => Transport.json({ hello: "world" }), ["InvalidResponse", "StreamInterrupted"]]
]

const once = <S extends Settings.Common>({ harness }: WireKit<S>, way: Subject.Way): Check =>
  Effect.gen(function*() {
    const { model, transport } = yield* Subject.make(harness)
    transport.reply = () => respond(harness.answer(plain("Once.")), way)
    yield* Subject.call(model, way)
    yield* same("the number of requests", 1, transport.sent.length)
  })

/** The error comes after some of a text; the failure keeps that. */
const inside = <S extends Settings.Common>(kit: WireKit<S>, event: ErrorEvent): Check =>
  Effect.gen(function*() {
    const { events } = kit.harness.answer(plain("Half of it"))
    const at = events.findIndex(({ data }) => JSON.stringify(data).includes("Half of it"))
    const bytes = Frames.bytes([...events.slice(0, at + 1), event])
    const { error, parts } = yield* failing(kit, "streamText", () => Transport.stream([bytes]), [event.kind])
    yield* same("the text given out", "Half of it", textOf(plainAll(parts), "text"))
    yield* same("the text kept", "Half of it", factsOf(plainAll(ProviderError.partial(error)?.parts ?? [])).text)
  })
