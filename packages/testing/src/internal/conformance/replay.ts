/** One answer given again and again in other bytes, with the same parts demanded each time. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Said } from "../../Harness.ts"
import type { LawBroken } from "../../Law.ts"
import { broken } from "./broken.ts"
import * as Frames from "./frames.ts"
import { allEvents, callsTools, succeedsWhole, type WireKit } from "./kit.ts"
import { fingerprint, plainAll } from "./parts.ts"
import * as Subject from "./subject.ts"
import * as Transport from "./transport.ts"

/** A stream that can be given again. */
export interface Replay {
  readonly bytes: Uint8Array
  /** Breaks the law unless these reads give the same parts, metadata included. */
  readonly gives: (
    where: () => string,
    reads: ReadonlyArray<Uint8Array>,
    coming?: Transport.Coming
  ) => Effect.Effect<void, LawBroken>
}

export const make = <S extends Settings.Common>(
  kit: WireKit<S>,
  said: Said
): Effect.Effect<Replay, LawBroken, Scope.Scope> =>
  Effect.gen(function*() {
    const { model, transport } = yield* Subject.make(kit.harness)
    const ask = { tools: callsTools(said) }
    const bytes = Frames.bytes(allEvents(kit.harness.answer(said)))
    const parts = (where: () => string, reads: ReadonlyArray<Uint8Array>, coming?: Transport.Coming) =>
      Effect.suspend(() => {
        transport.reply = () => Transport.stream(reads, coming)
        transport.sent.length = 0
        return succeedsWhole(model, "streamText", ask, where)
      })
    const whole = yield* parts(() => "in one read", [bytes])
    const asText = JSON.stringify(whole)
    const print = fingerprint(whole)
    return {
      bytes,
      gives: (where, reads, coming) =>
        Effect.flatMap(parts(where, reads, coming), (came) =>
          JSON.stringify(came) === asText || fingerprint(came) === print
            ? Effect.void
            : broken(where(), plainAll(whole), plainAll(came)))
    }
  })
