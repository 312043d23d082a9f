/** The settings of one call, after what the model refuses. */
import * as Capability from "@llm-layers/core/Capability"
import * as Settings from "@llm-layers/core/Settings"
import type { Warning } from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import type { Reasoning } from "openai/resources/shared"

interface WithReasoning extends Settings.Common {
  readonly reasoning?: Reasoning | undefined
}

/** What comes out; the capabilities are those of the model at the effort asked for. */
export interface Resolved<S> {
  readonly settings: S
  readonly subject: Capability.Subject
  readonly warnings: ReadonlyArray<Warning>
}

/**
 * Resolves the settings of a call. Sampling depends on the effort: reasoning models take `temperature` and `topP` with
 * effort `none` alone. Source: https://developers.openai.com/api/docs/guides/latest-model
 */
export const resolve = <S extends WithReasoning>(
  subject: Capability.Subject,
  override: Settings.Override<S>,
  options: S
): Effect.Effect<Resolved<S>, AiError.AiError> =>
  Effect.gen(function*() {
    const around = yield* override.reference
    const merged: S = { ...options, ...around }
    const effective = { ...subject, capabilities: atEffort(subject, merged.reasoning?.effort) }
    const resolved = yield* Settings.resolve(effective, override, options)
    const { reasoning, warnings } = yield* resolveReasoning(effective, resolved.settings)
    return {
      settings: warnings.length === 0 ? resolved.settings : { ...resolved.settings, reasoning },
      subject: effective,
      warnings: [...resolved.warnings, ...warnings]
    }
  })

/** Families whose sampling is known to depend on the effort. */
const reasoning = /^(?:ft:)?(?:o\d|gpt-5)/

const atEffort = (
  subject: Capability.Subject,
  effort: Reasoning["effort"] | undefined
): Capability.Capabilities => {
  const { capabilities, model } = subject
  if (effort === undefined || effort === null || !capabilities.reasoning || !reasoning.test(model)) return capabilities
  const sampling = effort === "none" && capabilities.reasoningOff
  return { ...capabilities, temperature: sampling, topP: sampling }
}

const resolveReasoning = (
  subject: Capability.Subject,
  settings: WithReasoning
): Effect.Effect<
  { readonly reasoning: Reasoning | undefined; readonly warnings: ReadonlyArray<Warning> },
  AiError.AiError
> => {
  const given = settings.reasoning
  if (given === undefined) return Effect.succeed({ reasoning: undefined, warnings: [] })
  const off = given.effort === "none"
  const error = Capability.checkSettings(subject, [
    { flag: "reasoning", name: "reasoning", given: true },
    { flag: "reasoningOff", name: "reasoning.effort", given: off }
  ])
  if (error === undefined) return Effect.succeed({ reasoning: given, warnings: [] })
  if (settings.unsupported !== "warn") return Effect.fail(error)
  if (!subject.capabilities.reasoning) {
    return Effect.succeed({ reasoning: undefined, warnings: [left(subject, "reasoning")] })
  }
  const { effort: _, ...rest } = given
  return Effect.succeed({ reasoning: rest, warnings: [left(subject, "reasoning.effort")] })
}

const left = (subject: Capability.Subject, name: string): Warning => ({
  about: name,
  message: `${subject.model} does not support this ${name}; it was left out`
})
