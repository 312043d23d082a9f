/** `npm run faults` with providers that are wrong on purpose, and with a sound one. */
import { Effect, Layer, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { catalogue } from "../../src/faults/catalogue/index.ts"
import type { Target } from "../../src/faults/Fault.ts"
import { runFaults } from "../../src/faults/run-faults.ts"
import { runMain } from "../../src/faults/run-main.ts"
import type { Wire } from "../../src/faults/Wire.ts"
import { openAiChat as sound } from "../../src/faults/wires/openai-chat.ts"

/** A model that makes this of each call. */
const model = (call: (baseUrl: string) => Effect.Effect<never>): Wire["layer"] => (_, { baseUrl }) =>
  Layer.effect(
    LanguageModel.LanguageModel,
    LanguageModel.make({
      generateText: () => call(baseUrl),
      streamText: () => Stream.fromEffect(call(baseUrl))
    })
  )

const wires: { readonly [name: string]: Wire } = {
  sound,
  "wrong reason": {
    ...sound,
    rejections: { ...sound.rejections, "wrong key": [{ status: 500, failed: { message: "Never mind." } }] }
  },
  hang: { ...sound, layer: model(() => Effect.never) },
  leak: {
    ...sound,
    // The request does not hear of the interruption.
    layer: model((baseUrl) =>
      Effect.promise(() => fetch(`${baseUrl}${sound.path}`, { method: "POST" }).catch(() => new Promise(() => {})))
        .pipe(Effect.andThen(Effect.never))
    )
  },
  unhandled: {
    ...sound,
    layer: (model, options) => {
      void Promise.reject(new Error("nobody caught this"))
      return sound.layer(model, options)
    }
  },
  throws: {
    ...sound,
    layer: () => {
      throw new Error("no layer today")
    }
  }
}

/** Each with a fault that shows what is wrong with it, and is skipped by the others. */
const shownBy: { readonly [name: string]: string } = {
  sound: "wrong key",
  "wrong reason": "wrong key",
  hang: "no fault",
  leak: "interrupted before the head",
  unhandled: "no fault",
  throws: "no fault"
}

// Loads the vendor's package, so that the short limit below is for what hangs alone.
await Effect.runPromise(runFaults([sound], catalogue.filter(({ name }) => name === "no fault")))

await runMain(
  Object.entries(wires).map(([name, wire]) => ({ ...wire, name })),
  Object.entries(shownBy).flatMap(([wire, fault]) =>
    catalogue.filter(({ name }) => name === fault).map((one) => ({
      ...one,
      cases: (target: Target, now: number) => target.wire.name === wire ? one.cases(target, now) : "of another wire"
    }))
  ),
  { hang: 1000 }
)
