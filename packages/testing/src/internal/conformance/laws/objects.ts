/** An object that was asked for is given, or its text is in the failure. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import { isAiError } from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Law } from "../../../Law.ts"
import { object, plain } from "../answers.ts"
import { broken, same } from "../broken.ts"
import { factsOf } from "../facts.ts"
import type { Kit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { plainAll } from "../parts.ts"

export const objects = (kit: Kit): ReadonlyArray<Law> => {
  const law = makeFor("objects", kit.options)
  const skipped = kit.claims.capabilities.structuredOutput ? undefined : "capabilities.structuredOutput is false"
  return [
    law("generateObject gives the object", given(kit), skipped),
    law("a text that is no such object fails typed, with the text in the failure", notGiven(kit), skipped)
  ]
}

const schema = Schema.Struct({
  city: Schema.String,
  days: Schema.Array(Schema.Struct({ high: Schema.Finite, sunny: Schema.Boolean })),
  note: Schema.String
})

const ask = LanguageModel.generateObject({ prompt: "The weather, please", schema, objectName: "weather" })

const given = (kit: Kit): Check =>
  Effect.gen(function*() {
    const model = yield* kit.ready(plain(JSON.stringify(object)), "generateText")
    const answer = yield* Effect.provide(ask, model).pipe(
      Effect.catch((error) => broken("generateObject", "no failure", error))
    )
    yield* same("the object", object, answer.value)
  })

const notGiven = (kit: Kit): Check =>
  Effect.gen(function*() {
    const text = `{"city": 7, "days": "none"}`
    const model = yield* kit.ready(plain(text), "generateText")
    const error: unknown = yield* Effect.flip(Effect.provide(ask, model)).pipe(
      Effect.catch((answer) => broken("generateObject", "a failure", answer.value))
    )
    if (!isAiError(error)) return yield* broken("generateObject", "an AiError", error)
    yield* same("the kind", "InvalidOutput", ProviderError.kindOf(error))
    yield* same("the text that is kept", text, factsOf(plainAll(ProviderError.partial(error)?.parts ?? [])).text)
  })
