/** One request to several models: whose turn it is, and who has failed. */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import type { RetryBudget } from "../retryBudget.ts"
import * as Account from "./account.ts"
import { type Options, watch } from "./handlers.ts"

export type { Options }

/** A model, and what it is called where it says so. */
export interface Member {
  readonly service: LanguageModel.LanguageModel
  readonly provider?: string | undefined
  readonly model?: string | undefined
}

/** The models in order, one at least. */
export type Members = readonly [Member, ...ReadonlyArray<Member>]

/** After which failures the next model is asked. */
export type When = (error: AiError.AiError, kind: ErrorKind.Name) => boolean

/** A request that runs. */
export interface Request {
  readonly options: Options
  /** The model whose turn it is. */
  readonly model: () => LanguageModel.LanguageModel
  /** Goes on to the next model, or fails: with what the call is to fail with. */
  readonly next: (error: unknown) => Effect.Effect<void, unknown>
  /** Parts of the model whose turn it is, with the account of how it came to that. */
  readonly sign: (parts: ReadonlyArray<Response.AnyPart>) => Array<Response.AnyPart>
}

export const make = (
  members: Members,
  when: When,
  given: Options,
  around: RetryBudget | undefined
): Request => {
  let at = 0
  let member = members[0]
  const failed: Array<Account.Failure> = []
  const { begun, toolkit } = watch(given.toolkit, around)
  const identity = (): Account.Identity => ({ member: at, provider: member.provider, model: member.model })
  // Messages may come from an iterable, which gives them once.
  const prompt = Prompt.make(given.prompt)
  return {
    // The toolkit has the same tools as before.
    options: { ...given, prompt, ...(toolkit === undefined ? undefined : { toolkit }) } as Options,
    model: () => member.service,
    next: (error) =>
      Effect.suspend(() => {
        if (!AiError.isAiError(error)) return Effect.fail(error)
        const following = members[at + 1]
        if (following === undefined || begun() || !when(error, ErrorKind.kindOf(error))) {
          return Effect.fail(Account.withFailures(error, failed))
        }
        failed.push(...Account.failuresOf(identity(), error))
        at++
        member = following
        return Effect.void
      }),
    sign: (parts) => Account.sign(parts, identity(), failed)
  }
}
