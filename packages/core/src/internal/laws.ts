/** What every answer keeps to, whoever the vendor is: one finish, last, and nothing lost when a stream fails. */
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import * as PartCollector from "../PartCollector.ts"
import type * as PartStream from "../PartStream.ts"
import * as ProviderError from "../ProviderError.ts"

/** An answer without exactly one finish would run tools although it may be truncated. */
export const answerLaw = (
  origin: ProviderError.Origin,
  parts: ReadonlyArray<Response.PartEncoded>
): AiError.AiError | undefined => {
  const finishes = parts.filter((part) => part.type === "finish").length
  return finishes === 1 ? undefined : unended(origin, finishes)
}

const unended = (origin: ProviderError.Origin, finishes: number): AiError.AiError =>
  ProviderError.make(origin, "InvalidResponse", {
    description: finishes === 0 ? "The answer does not say how it ended" : `The answer ended ${finishes} times`
  })

interface StreamLaw {
  readonly origin: ProviderError.Origin
  /** Milliseconds since 1970. */
  readonly started: number
  readonly now: () => number
  /** Called once, with the milliseconds until the first text, reasoning or tool call began. */
  readonly onFirst: (millis: number) => void
  readonly onFinish: (parts: ReadonlyArray<Response.PartEncoded>) => void
  readonly onFailure: (error: AiError.AiError) => void
  /** The parts with their tool calls decoded, or `undefined` where there is nothing to decode. */
  readonly decode: (
    parts: ReadonlyArray<PartStream.Part>
  ) => Effect.Effect<Array<PartStream.Part>, AiError.AiError> | undefined
}

type Parts = readonly [PartStream.Part, ...Array<PartStream.Part>]

/** How long the end of the body is waited for, so that the connection can serve the next request. */
const graceAfterFinish = Duration.seconds(1)

/** The stream, held to the laws, its failure with what had arrived. */
export const streamLaw = <R>(
  stream: Stream.Stream<PartStream.Part, AiError.AiError, R>,
  law: StreamLaw
): Stream.Stream<PartStream.Part, AiError.AiError, R> =>
  Stream.transformPull(stream, (pull) =>
    Effect.sync(() => {
      const collector = new PartCollector.Collector()
      let first = true
      let finishes = 0

      const seen = (parts: ReadonlyArray<PartStream.Part>): void => {
        collector.push(parts)
        for (const part of parts) {
          if (first && part.type !== "response-metadata") {
            first = false
            law.onFirst(law.now() - law.started)
          }
          if (part.type === "finish") {
            finishes++
            if (finishes === 1) law.onFinish(collector.parts)
          }
        }
      }

      const failed = (error: AiError.AiError): AiError.AiError => {
        const kept = collector.keptBy(error)
        law.onFailure(kept)
        return kept
      }

      const atEnd: Pull.Pull<never, AiError.AiError> = Effect.suspend((): Pull.Pull<never, AiError.AiError> =>
        finishes > 0
          ? Cause.done()
          : Effect.fail(failed(ProviderError.endedBefore(law.origin, "its finish part")))
      )

      const loop: Pull.Pull<Parts, AiError.AiError, void, R> = Effect.suspend(() =>
        Effect.flatMap(pull, (parts) => {
          seen(parts)
          if (finishes > 1) return Effect.fail(unended(law.origin, finishes))
          const decoding = law.decode(parts)
          if (decoding === undefined) return Effect.succeed(asParts(parts))
          return Effect.flatMap(decoding, ([head, ...tail]): typeof loop =>
            head === undefined ? loop : Effect.succeed([head, ...tail]))
        })
      )

      // The answer is whole: a server that does not close, or a connection that breaks now, takes nothing from it.
      const afterFinish: typeof loop = Effect.timeoutOrElse(loop, {
        duration: graceAfterFinish,
        orElse: () =>
          Cause.done()
      }).pipe(Effect.catch((error) => finishes > 1 ? Effect.fail(error) : Cause.done()))

      return Effect.suspend(() => finishes === 0 ? loop : afterFinish).pipe(
        Effect.mapError((error) => Cause.isDone(error) ? error : failed(error)),
        Pull.catchDone(() => atEnd)
      )
    }))

// Chunks of a stream are never empty; the pull's own type says so with another name.
const asParts = (parts: ReadonlyArray<PartStream.Part>): Parts => parts as unknown as Parts
