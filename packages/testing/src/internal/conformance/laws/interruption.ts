/** An interruption ends the request: over sockets of the loopback interface, because only a socket can stay open. */
import type * as Settings from "@llm-layers/core/Settings"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Law } from "../../../Law.ts"
import type * as LoopbackServer from "../../../LoopbackServer.ts"
import { plain } from "../answers.ts"
import * as Frames from "../frames.ts"
import type { WireKit } from "../kit.ts"
import { makeFor } from "../law.ts"
import * as Sockets from "../sockets.ts"
import * as Subject from "../subject.ts"
import { eventStream } from "../transport.ts"

export const interruption = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("interruption", kit.options)
  const wire = kit.harness.answer(plain("Never ends"))
  const begun = {
    generateText: [JSON.stringify(wire.body).slice(0, -20)],
    streamText: wire.events.slice(0, -1).map((event) => Frames.frame(event))
  }
  const closes = (plan: LoopbackServer.Plan, end: Sockets.End<Subject.Model>) =>
    Sockets.close(
      plan,
      (baseUrl) => Effect.map(Subject.make(kit.harness, { fetch: globalThis.fetch, baseUrl }), ({ model }) => model),
      end
    )
  const silentAfter = (body: ReadonlyArray<string>) => ({ headers: eventStream, body, end: "silence" }) as const
  const halfway = silentAfter(begun.streamText)
  return [
    ...Subject.ways.flatMap((way) => {
      const interrupted = Sockets.interrupted((model: Subject.Model) => Subject.call(model, way))
      return [
        law(`${way}: before the head of the answer`, closes("silence", interrupted)),
        law(`${way}: after the head`, closes(silentAfter([]), interrupted)),
        law(`${way}: in the middle of the body`, closes(silentAfter(begun[way]), interrupted))
      ]
    }),
    law("streamText: by a consumer that takes one part", closes(halfway, (model) => taken(model, Stream.take(1)))),
    law(
      "streamText: by a consumer that fails",
      closes(halfway, (model) => taken(model, Stream.mapEffect(() => Effect.fail("enough"))))
    )
  ]
}

const taken = (
  model: Subject.Model,
  leave: <A, E, R>(stream: Stream.Stream<A, E, R>) => Stream.Stream<unknown, unknown, R>
): Effect.Effect<void> =>
  LanguageModel.streamText({ prompt: "Hello" }).pipe(leave, Stream.runDrain, Effect.provide(model), Effect.ignore)
