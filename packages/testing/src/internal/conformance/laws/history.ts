/** An answer goes back with the next request as it was, whichever way it came. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Said } from "../../../Harness.ts"
import type { Law, LawBroken } from "../../../Law.ts"
import { everything, plain } from "../answers.ts"
import { broken, holds, same } from "../broken.ts"
import { callsTools, respond, succeedsWhole, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { hasText, hasValue, leavesOf } from "../leaves.ts"
import * as Subject from "../subject.ts"
import { results } from "../tools.ts"

export const history = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("history", kit.options)
  const said = everything(kit.claims)
  return [
    ...Subject.ways.flatMap((way) => [
      law(`${way}: the turn encodes and decodes to itself`, roundTrip(kit, way, said)),
      law(`${way}: the next request has all of the turn`, carried(kit, way, said)),
      law(`${way}: the next request has the turn where it was`, placed(kit, way, said))
    ]),
    law("the next request is the same after a streamed answer", alike(kit, said))
  ]
}

/** The conversation after an answer, with the results of its calls and the next question. */
const conversation = <S extends Settings.Common>(
  kit: WireKit<S>,
  way: Subject.Way,
  said: Said
) =>
  Effect.gen(function*() {
    const subject = yield* Subject.make(kit.harness)
    const { model, transport } = subject
    transport.reply = () => respond(kit.harness.answer(said), way)
    const { error, parts } = callsTools(said)
      ? yield* Subject.run(model, way, () => undefined, "First question")
      : yield* Subject.call(model, way, { prompt: "First question" })
    if (error !== undefined) return yield* broken(way, "no failure", error)
    const prompt = Prompt.concat(
      Prompt.concat(
        Prompt.make("First question"),
        // The parts of an answer, whose types depend on the toolkit.
        Prompt.fromResponseParts(parts as ReadonlyArray<Response.AnyPart>)
      ),
      Prompt.make("Second question")
    )
    return { prompt, subject }
  })

/** The body of the next request. */
const next = <S extends Settings.Common>(
  kit: WireKit<S>,
  { model, transport }: Subject.Subject,
  prompt: Prompt.Prompt
): Effect.Effect<unknown, LawBroken> =>
  Effect.gen(function*() {
    transport.reply = () => respond(kit.harness.answer(plain("Second answer")), "generateText")
    yield* succeedsWhole(model, "generateText", { prompt, tools: kit.claims.capabilities.tools }, () =>
      "the next request")
    return JSON.parse(transport.sent.at(-1)?.body ?? "null")
  })

const codec = Schema.toCodecJson(Prompt.Prompt)

const roundTrip = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way, said: Said): Check =>
  Effect.gen(function*() {
    const { prompt, subject } = yield* conversation(kit, way, said)
    const json = JSON.stringify(Schema.encodeSync(codec)(prompt))
    const decoded = Schema.decodeSync(codec)(JSON.parse(json))
    yield* same("the conversation, encoded again", JSON.parse(json), Schema.encodeSync(codec)(decoded))
    yield* same("the next request", yield* next(kit, subject, prompt), yield* next(kit, subject, decoded))
  })

const carried = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way, said: Said): Check =>
  Effect.gen(function*() {
    const { prompt, subject } = yield* conversation(kit, way, said)
    const body = yield* next(kit, subject, prompt)
    const has = (what: string, text: string) =>
      holds(hasText(body, [text]), `the next request`, `${what}: ${text}`, body)
    yield* has("the first question", "First question")
    yield* has("the second question", "Second question")
    for (const part of said.parts) {
      if (part.type === "text") yield* has("the text", part.pieces.join(""))
      if (part.type === "reasoning" && kit.claims.lacks.secret === undefined) {
        yield* holds(hasValue(body, part.secret), "the next request", `the secret ${part.secret}`, body)
      }
      if (part.type !== "tool-call") continue
      if (part.id !== undefined && kit.harness.callIds !== "never") yield* has("the id of a call", part.id)
      yield* has("the name of a call", part.name)
      yield* holds(hasValue(body, part.params), "the next request", "the arguments of a call", part.params)
      const result: unknown = Reflect.get(results, part.name)
      yield* holds(hasValue(body, result), "the next request", "the result of a call", { result, body })
    }
  })

/** Questions, text, calls and their results, in the order they were said. */
const placed = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way, said: Said): Check =>
  Effect.gen(function*() {
    const { prompt, subject } = yield* conversation(kit, way, said)
    const leaves = leavesOf(yield* next(kit, subject, prompt)).map(String)
    const first = (text: string) => leaves.findIndex((leaf) => leaf.includes(text))
    const last = (text: string) => leaves.findLastIndex((leaf) => leaf.includes(text))
    const text = said.parts.find((part) => part.type === "text")?.pieces.join("") ?? ""
    const calls = said.parts.flatMap((part) => part.type === "tool-call" && part.id !== undefined ? [part.id] : [])
    const ids = kit.harness.callIds === "never" ? [] : calls
    const places = [
      first("First question"),
      first(text),
      ...ids.map(first),
      // A result has the id of its call.
      ...(ids.length === 0 ? [] : [Math.max(...ids.map(last))]),
      first("Second question")
    ]
    yield* same("the order of the turn in the request", places.toSorted((a, b) => a - b), places)
  })

const alike = <S extends Settings.Common>(kit: WireKit<S>, said: Said): Check =>
  Effect.gen(function*() {
    const whole = yield* conversation(kit, "generateText", said)
    const streamed = yield* conversation(kit, "streamText", said)
    yield* same(
      "the next request",
      yield* next(kit, whole.subject, whole.prompt),
      yield* next(kit, streamed.subject, streamed.prompt)
    )
  })
