/** The prompts of `ConformancePrompts` as checks of an API: each of its models, whole and streamed. */
import type * as Settings from "@llm-layers/core/Settings"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ask } from "./ask.ts"
import type { Answer } from "./capture.ts"
import type { Check, LanguageApi } from "./Vendor.ts"

/** Every case with every model. */
export const sharedCases = <S extends Settings.Common>(api: LanguageApi<S>): ReadonlyArray<Check> =>
  api.models.flatMap((model) =>
    // What all providers share is a part of what each can be set to.
    ConformancePrompts.all.flatMap((asked) => checksOf(api, model, asked, asked.settings as S))
  )

/** One case: whole and, where `effect/ai` streams it, as a stream. */
export const checksOf = <S extends Settings.Common>(
  api: LanguageApi<S>,
  model: string,
  asked: ConformancePrompts.PromptCase,
  settings: S
): ReadonlyArray<Check> => {
  const capabilities = api.capabilities(model)
  const modes = asked.object === undefined ? ["generate", "stream"] as const : ["generate"] as const
  return modes.map((mode): Check => ({
    name: asked.name,
    model,
    mode,
    answers: [answerTo(api, asked)],
    said: ConformancePrompts.said(asked),
    refusedFor: asked.needs.filter((flag) => !capabilities[flag]),
    ...(asked.object === undefined ? undefined : { object: asked.object.value }),
    run: (fetch) => Effect.provide(ask(asked, mode), api.layer(model, settings, fetch))
  }))
}

/** Where an object is asked for, the one of the case, as the schema of the request has it. */
const answerTo = (
  api: Pick<LanguageApi, "answer" | "transformer">,
  { object }: ConformancePrompts.PromptCase
): Answer => {
  if (object === undefined) return api.answer("Yes.")
  try {
    const { codec } = api.transformer(object.schema)
    return api.answer(JSON.stringify(Schema.encodeUnknownSync(codec)(object.value)))
  } catch {
    // The provider has to refuse what cannot be transformed.
    return api.answer("{}")
  }
}
