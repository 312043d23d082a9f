/** How an answer comes: when, in which deltas, and how many parts of a stream at once. */
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"

/** A part of a stream, as a provider gives it out. */
export type StreamPart = Response.StreamPartEncoded

/** What happens in a stream: a part, a pause, or the failure it ends with. */
export type Moment = StreamPart | Duration.Duration | AiError.AiError

/** What is cut into deltas: a text, reasoning, or the arguments of a tool call as JSON. */
export type CutKind = "text" | "reasoning" | "tool-params"

/** So many characters a delta, or the deltas themselves, which joined are the text again. */
export type Cut = number | ((text: string, kind: CutKind) => ReadonlyArray<string>)

/** How an answer comes. */
export interface Delivery {
  /** How long after the call the answer comes, or its stream begins. Default: at once. */
  readonly after?: Duration.Input | undefined
  /** How long after a read of a stream the next one comes. Default: at once. */
  readonly every?: Duration.Input | undefined
  /**
   * How text, reasoning and arguments of tools are cut into the deltas of a stream: so many characters each, or by a
   * function. Strings in a list are deltas as they are. Default: a word each.
   */
  readonly deltas?: Cut | undefined
  /**
   * How many parts of a stream one read gives, starts, ends and finish counted: the same number for all, or one for each
   * read, of which the last holds for the rest. Default: 1.
   */
  readonly reads?: number | ReadonlyArray<number> | undefined
}

/** As a model sends text: a word at a time, with the space before it. */
const words = (text: string): ReadonlyArray<string> => text.match(/\s*\S+|\s+$/g) ?? []

/** The deltas of a text. */
export const cutWith = (cut: Cut | undefined, text: string, kind: CutKind): ReadonlyArray<string> => {
  if (cut === undefined) return words(text)
  if (typeof cut === "number") return sized(text, cut)
  const deltas = cut(text, kind)
  if (deltas.join("") === text) return deltas
  throw new Error(
    `The deltas of a script are not the ${kind} they were made of: ${JSON.stringify(deltas)} for ${
      JSON.stringify(text)
    }`
  )
}

/** Not in the middle of a character that JavaScript writes as two. */
const sized = (text: string, size: number): ReadonlyArray<string> => {
  const characters = Array.from(text)
  const step = positive("deltas", size)
  return Array.from(
    { length: Math.ceil(characters.length / step) },
    (_, at) => characters.slice(at * step, (at + 1) * step).join("")
  )
}

const positive = (option: string, size: number): number => {
  if (size >= 1) return Math.floor(size)
  throw new Error(`\`${option}\` of a script is a whole number from 1 on, not ${size}`)
}

/** How long a plain answer takes: all the pauses on the way. */
export const timeOf = (moments: ReadonlyArray<Moment>, delivery: Delivery): Duration.Duration =>
  moments.reduce<Duration.Duration>(
    (sum, one) => Duration.isDuration(one) ? Duration.sum(sum, one) : sum,
    Duration.fromInputUnsafe(delivery.after ?? Duration.zero)
  )

/** What is waited for, and what then comes: the parts of a read, a failure, or the end. */
interface Read {
  readonly wait: Duration.Duration
  readonly give: Parts | AiError.AiError | undefined
}

type Parts = [StreamPart, ...Array<StreamPart>]

const readsOf = (moments: ReadonlyArray<Moment>, delivery: Delivery): ReadonlyArray<Read> => {
  const every = Duration.fromInputUnsafe(delivery.every ?? Duration.zero)
  const sizes = [delivery.reads ?? 1].flat()
  const reads: Array<Read> = []
  let wait = Duration.fromInputUnsafe(delivery.after ?? Duration.zero)
  let parts: Array<StreamPart> = []
  const give = (read: Read["give"]) => {
    reads.push({ wait, give: read })
    wait = every
  }
  const giveParts = () => {
    const [head, ...tail] = parts
    if (head !== undefined) give([head, ...tail])
    parts = []
  }
  for (const moment of moments) {
    if (Duration.isDuration(moment)) {
      giveParts()
      wait = Duration.sum(wait, moment)
    } else if (AiError.isAiError(moment)) {
      giveParts()
      give(moment)
    } else {
      parts.push(moment)
      if (parts.length >= positive("reads", sizes[reads.length] ?? sizes.at(-1) ?? 1)) giveParts()
    }
  }
  giveParts()
  const last = moments.at(-1)
  if (Duration.isDuration(last)) give(undefined)
  return reads
}

/** The answer as a stream, a read at a time. `onRead` sees what is given out. */
export const toStream = (
  moments: ReadonlyArray<Moment>,
  delivery: Delivery,
  onRead: (read: ReadonlyArray<StreamPart> | AiError.AiError) => void
): Stream.Stream<StreamPart, AiError.AiError> =>
  Stream.fromPull(Effect.sync(() => {
    const reads = readsOf(moments, delivery)
    let index = 0
    return Effect.suspend((): Pull.Pull<Parts, AiError.AiError> => {
      const read = reads[index++]
      if (read === undefined) return Cause.done()
      const give = Effect.suspend((): Pull.Pull<Parts, AiError.AiError> => {
        if (read.give === undefined) return Cause.done()
        onRead(read.give)
        return AiError.isAiError(read.give) ? Effect.fail(read.give) : Effect.succeed(read.give)
      })
      return Duration.isZero(read.wait) ? give : Effect.delay(give, read.wait)
    })
  }))
