/** Several models as one service. */
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import { ResponseIdTracker } from "effect/ai/ResponseIdTracker"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Beginning from "../beginning.ts"
import { firstToSpeak, onlyError } from "../content.ts"
import { type Problem, refusal } from "../options.ts"
import * as RetryBudget from "../retryBudget.ts"
import * as Request from "./request.ts"
import { trackerOf } from "./tracker.ts"

type Service = LanguageModel.LanguageModel

/** How it is decided. */
export interface Settings {
  readonly when: Request.When
  readonly limits: RetryBudget.Limits
  /** What is wrong with the options. */
  readonly problem: Problem | undefined
}

/** The models as one. */
export const serviceOf = (members: Request.Members, settings: Settings): Service => {
  const { limits, problem, when } = settings
  const wrong = (method: string) =>
    problem === undefined ? undefined : refusal({ provider: "fallback", module: "Fallback", method }, problem)

  const generate = (method: "generateText" | "generateObject") => (given: Request.Options) =>
    Effect.flatMap(RetryBudget.Current, (around): Effect.Effect<unknown, unknown, unknown> => {
      const error = wrong(method)
      if (error !== undefined) return Effect.fail(error)
      const request = Request.make(members, when, given, around)
      const attempt: Effect.Effect<unknown, unknown, unknown> = asked(request, method).pipe(
        Effect.map((answer) => signed(request, answer)),
        Effect.catchCause((cause) => {
          const failure = onlyError(cause)
          return failure._tag === "None"
            ? Effect.failCause(cause)
            : Effect.andThen(request.next(failure.value), attempt)
        })
      )
      return RetryBudget.share(attempt, limits)
    })

  const streamText = (given: Request.Options) =>
    Beginning.stream((): Effect.Effect<Stream.Stream<unknown, unknown, unknown>, unknown, unknown> =>
      Effect.flatMap(RetryBudget.Current, (around) => {
        const error = wrong("streamText")
        if (error !== undefined) return Effect.fail(error)
        const request = Request.make(members, when, given, around)
        let first = true
        const next = (failed: unknown) => {
          const turn = first ? Effect.void : request.next(failed)
          first = false
          return Effect.map(
            turn,
            (): Stream.Stream<Response.AnyPart, unknown, unknown> => request.model().streamText(request.options)
          )
        }
        return Effect.map(RetryBudget.current(limits), (budget) =>
          firstToSpeak(next, {
            beginning: (effect) =>
              Effect.provideService(withTracker(request.model(), effect), RetryBudget.Current, budget),
            opening: request.sign
          }))
      })
    )

  return {
    [LanguageModel.TypeId]: LanguageModel.TypeId,
    supportsSystemMessagesInHistory: systemInHistory(members),
    // What comes out has the types that the options ask for: it is an answer of a member to the same options.
    generateText: generate("generateText") as Service["generateText"],
    generateObject: generate("generateObject") as Service["generateObject"],
    streamText: streamText as Service["streamText"]
  }
}

/** Of text, or of an object. */
interface Answer {
  readonly content: ReadonlyArray<Response.AnyPart>
  readonly value?: unknown
}

/** The answer of the model whose turn it is. */
const asked = (request: Request.Request, method: "generateText" | "generateObject") =>
  Effect.suspend((): Effect.Effect<Answer, unknown, unknown> => {
    const model = request.model()
    // Each method gets the options that it was called with; here they only go through.
    return withTracker(model, model[method as "generateText"](request.options))
  })

/** With the model's own tracker of responses. A stream asks for it when it begins, and not later. */
const withTracker = <A, E, R>(model: Service, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    trackerOf(model),
    (tracker) => tracker === undefined ? effect : Effect.provideService(effect, ResponseIdTracker, tracker)
  )

const signed = (request: Request.Request, answer: Answer): Answer => {
  // Of the parts that came, one at most has changed, in its metadata, and one without tools was added.
  const content = request.sign(answer.content) as LanguageModel.GenerateTextResponse<{}>["content"]
  return "value" in answer
    ? new LanguageModel.GenerateObjectResponse(answer.value, content)
    : new LanguageModel.GenerateTextResponse(content)
}

/** Where one model would refuse system messages in the history, or does not say, they are not for all. */
const systemInHistory = (members: Request.Members): Effect.Effect<boolean> | undefined => {
  const each = members.map((member) => member.service.supportsSystemMessagesInHistory)
  const known = each.filter((one) => one !== undefined)
  return known.length < each.length ? undefined : Effect.map(Effect.all(known), (all) => all.every(Boolean))
}
