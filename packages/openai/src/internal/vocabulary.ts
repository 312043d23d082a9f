/** OpenAI's vocabularies, loaded when they are first needed: a megabyte or two each. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"

/** A vocabulary that texts are cut by. */
export interface Vocabulary {
  readonly encode: (text: string) => Array<number>
  readonly count: (text: string) => number
}

/** What counts as a mark where OpenAI writes it is mere text where a user does. */
const asText = { disallowedSpecial: new Set<string>() }

/** The time a run takes grows with its square, so that longer ones are cut. A cut costs a token at most. */
const longestRun = 256
const runs = /\S{257,}|\s{257,}/g

/** Cut in runs that take no time. Halves of a character stay together. */
export const pieces = (text: string): ReadonlyArray<string> => {
  if (text.length <= longestRun) return [text]
  const cut: Array<string> = []
  let from = 0
  for (const { 0: run, index } of text.matchAll(runs)) {
    const end = index + run.length
    for (let at = index + longestRun; at < end; at += longestRun) {
      const to = isLowSurrogate(text.charCodeAt(at)) ? at - 1 : at
      cut.push(text.slice(from, to))
      from = to
    }
  }
  cut.push(text.slice(from))
  return cut
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

interface Encoding {
  readonly encode: (text: string, options: typeof asText) => Array<number>
  readonly countTokens: (text: string, options: typeof asText) => number
}

const made = ({ countTokens, encode }: Encoding): Vocabulary => ({
  encode: (text) => pieces(text).flatMap((piece) => encode(piece, asText)),
  count: (text) => pieces(text).reduce((tokens, piece) => tokens + countTokens(piece, asText), 0)
})

/** By name. Bundlers see which modules may be loaded. */
const loaders = {
  o200k_base: () => import("gpt-tokenizer/encoding/o200k_base"),
  cl100k_base: () => import("gpt-tokenizer/encoding/cl100k_base")
}

export type Name = keyof typeof loaders

const loaded = new Map<Name, Vocabulary>()

export const load = (name: Name, origin: ProviderError.Origin): Effect.Effect<Vocabulary, AiError.AiError> =>
  Effect.suspend(() => {
    const before = loaded.get(name)
    if (before !== undefined) return Effect.succeed(before)
    return Effect.tryPromise({
      try: loaders[name],
      catch: (error) =>
        ProviderError.make(origin, "Unsupported", {
          description:
            `The vocabulary ${name} could not be loaded: install gpt-tokenizer, or keep it out of the bundle`,
          cause: Redaction.cause(error)
        })
    }).pipe(Effect.map((module) => {
      const vocabulary = made(module)
      loaded.set(name, vocabulary)
      return vocabulary
    }))
  })
