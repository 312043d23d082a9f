/** What a model makes of a prompt: a request, or a failure before one. */
import type * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import * as Warning from "@llm-layers/core/Warning"
import { type AiError, isAiError } from "effect/ai/AiError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as ConformancePrompts from "../../ConformancePrompts.ts"
import type { LawBroken } from "../../Law.ts"
import { plain } from "./answers.ts"
import { broken } from "./broken.ts"
import { respond, type WireKit } from "./kit.ts"
import { hasName, hasText, hasValue } from "./leaves.ts"
import * as Subject from "./subject.ts"

/** What became of a prompt. */
export interface Made {
  /** The body of the one request, or `undefined` where none was made. */
  readonly body: unknown
  /** What the call failed with before a request. */
  readonly refusal: AiError | undefined
  /** What the model said it left out. */
  readonly warnings: ReadonlyArray<Warning.Warning>
}

/** A model, and settings in place of those of the prompt. */
export interface Of<S extends Settings.Common> {
  readonly model: string
  readonly settings?: S | Settings.Common | undefined
}

/** Asks. An object that the kit's plain answer is not may be missed by the caller: here the request counts. */
export const made = <S extends Settings.Common>(
  { harness }: WireKit<S>,
  of: Of<S>,
  way: Subject.Way,
  asked: ConformancePrompts.PromptCase
): Effect.Effect<Made, LawBroken, Scope.Scope> =>
  Effect.gen(function*() {
    const { model, transport } = yield* Subject.make(harness, {
      model: of.model,
      settings: of.settings ?? asked.settings
    })
    transport.reply = () => respond(harness.answer(plain("{}")), way)
    const answered = way === "generateText"
      ? Effect.map(ConformancePrompts.generate(asked), ({ parts }) => parts)
      : Stream.runCollect(ConformancePrompts.stream(asked))
    const where = `${of.model}, ${asked.name}`
    return yield* Effect.matchCauseEffect(Effect.provide(answered, model), {
      onSuccess: (parts) =>
        transport.sent.length === 1
          ? Effect.succeed<Made>({ body: bodyOf(transport.sent), refusal: undefined, warnings: Warning.of(parts) })
          : broken(where, "one request", transport.sent.length),
      onFailure: (cause): Effect.Effect<Made, LawBroken> => {
        const error = Cause.squash(cause)
        if (!isAiError(error) || Cause.hasDies(cause)) return broken(where, "an AiError, or none", error)
        const body = bodyOf(transport.sent)
        if (body === undefined) return Effect.succeed({ body, refusal: error, warnings: [] })
        const warnings = Warning.of(ProviderError.partial(error)?.parts ?? [])
        return asked.object === undefined
          ? broken(where, "no failure after the request", error)
          : Effect.succeed({ body, refusal: undefined, warnings })
      }
    })
  })

const bodyOf = (sent: ReadonlyArray<{ readonly body: string }>): unknown =>
  sent[0] === undefined ? undefined : JSON.parse(sent[0].body)

/** The first that was asked and is not in the request. `effect/ai` streams no objects. */
export const missing = (
  way: Subject.Way,
  asked: ConformancePrompts.PromptCase,
  body: unknown
): string | undefined =>
  ConformancePrompts.said(asked).find(({ forms }) => !hasText(body, forms))?.what ??
    Object.entries(asked.settings).find(([, value]) => isDistinct(value) && !hasValue(body, value))?.[0] ??
    (way === "generateText" ? membersOf(asked.object?.value).find((name) => !hasName(body, name)) : undefined)

/** Switches are written in as many ways as there are vendors. */
const isDistinct = (value: unknown): boolean => typeof value === "number" || Array.isArray(value)

/** The cases that need a flag, and others only that the model has. */
export const casesOf = (
  flag: Capability.Flag,
  capabilities: Capability.Capabilities
): ReadonlyArray<ConformancePrompts.PromptCase> =>
  ConformancePrompts.all.filter(({ needs }) =>
    needs.includes(flag) && needs.every((one) => one === flag || capabilities[one])
  )

const membersOf = (value: unknown): ReadonlyArray<string> => Array.isArray(value) ? [] : Object.keys(Object(value))
