/** Calls of one model at the same time, and one after the other, have nothing to do with each other. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import * as Chunking from "../../../Chunking.ts"
import type { Said, SaidCall } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { calling, skipOf } from "../answers.ts"
import { same } from "../broken.ts"
import { factsOf } from "../facts.ts"
import * as Frames from "../frames.ts"
import { allEvents, respond, succeeds, type WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import type { Plain } from "../parts.ts"
import * as Subject from "../subject.ts"
import * as Transport from "../transport.ts"

const count = 8

export const concurrency = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("many calls", kit.options)
  const noTools = skipOf(kit.claims, [], true)
  const hasIds = kit.harness.callIds === undefined || kit.harness.callIds === "always"
  return [
    ...Subject.ways.map((way) => law(`${way}: calls at the same time do not mix`, together(kit, way))),
    ...Subject.ways.map((way) =>
      law(
        `${way}: ids that the vendor leaves out are made up, different in each call`,
        madeUp(kit, way),
        noTools ?? (hasIds ? "the vendor always gives ids (callIds)" : undefined)
      )
    )
  ]
}

const saidFor = (index: number, tools: boolean): Said => ({
  id: `answer_${index}`,
  parts: [
    { type: "text", pieces: Array.from({ length: 6 }, (_, piece) => `${index}.${piece} `), sources: [] },
    ...(tools ? [callOf(`call_${index}`, index)] : [])
  ],
  finish: tools ? "tool-calls" : "stop",
  usage: { input: 100 + index, cacheRead: 0, output: 200 + index, reasoning: 0 }
})

const callOf = (id: string | undefined, index: number): SaidCall => {
  const params = { query: `q${index}`, filter: { tags: [], before: { year: index } }, limit: index }
  return { type: "tool-call", id, name: "search_notes", params, pieces: JSON.stringify(params).match(/.{1,9}/g) ?? [] }
}

/** Each question has its answer, whose reads take turns with those of the others. */
const together = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way): Check =>
  Effect.gen(function*() {
    const { tools } = kit.claims.capabilities
    const { model, transport } = yield* Subject.make(kit.harness)
    transport.reply = async ({ body }) => {
      const index = Number(/question #(\d)/.exec(body)?.[1])
      const wire = kit.harness.answer(saidFor(index, tools))
      await new Promise((resume) => setImmediate(resume))
      return way === "generateText"
        ? respond(wire, way)
        : Transport.stream(Chunking.split(Frames.bytes(allEvents(wire)), Chunking.every(50 + index)), { slowly: true })
    }
    const ask = (index: number) => succeeds(model, way, { prompt: `question #${index}`, tools }, `call ${index}`)
    const answers = yield* Effect.forEach(Array.from({ length: count }, (_, index) => index), ask, {
      concurrency: "unbounded"
    })
    for (const [index, parts] of answers.entries()) {
      const { text, usage } = factsOf(parts)
      yield* same(`the text of call ${index}`, Array.from({ length: 6 }, (_, at) => `${index}.${at} `).join(""), text)
      yield* same(`the counts of call ${index}`, [100 + index, 200 + index], [usage.input, usage.output])
      if (tools) {
        yield* same(
          `the arguments of call ${index}`,
          [callOf("", index).params],
          factsOf(parts).calls.map((one) => one.params)
        )
      }
    }
  })

const madeUp = <S extends Settings.Common>(kit: WireKit<S>, way: Subject.Way): Check =>
  Effect.gen(function*() {
    const { model, transport } = yield* Subject.make(kit.harness)
    const said = calling("answer_same", callOf(undefined, 1), callOf(undefined, 2))
    transport.reply = () => respond(kit.harness.answer(said), way)
    const first = yield* succeeds(model, way, { tools: true }, "the first call")
    const second = yield* succeeds(model, way, { tools: true }, "the second call")
    const ids = [...idsOf(first), ...idsOf(second)]
    yield* same("how many ids there are", 4, new Set(ids.filter((id) => typeof id === "string" && id !== "")).size)
  })

const idsOf = (parts: ReadonlyArray<Plain>): ReadonlyArray<unknown> => factsOf(parts).calls.map((call) => call.id)
