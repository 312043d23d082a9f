/** What a fault of the catalogue is: how to make it happen, and what must come of it. */
import type { Connection, ErrorKind } from "@llm-layers/core"
import type { LoopbackServer } from "@llm-layers/testing"
import type { Effect, Layer, Scope } from "effect"
import type { AiError, LanguageModel, Prompt } from "effect/ai"
import type { Feature, Wire } from "./Wire.ts"

export const ways = ["generateText", "streamText"] as const
export type Way = (typeof ways)[number]

/** A provider, and the way it is asked. */
export interface Target {
  readonly wire: Wire
  readonly way: Way
}

/** One fault. */
export interface Fault {
  readonly name: string
  /** Default: both. */
  readonly ways?: ReadonlyArray<Way> | undefined
  /** The ways in which it happens, or a reason why it cannot with this provider. `now` is the time, in milliseconds. */
  readonly cases: (target: Target, now: number) => ReadonlyArray<Case> | string
}

/** The faults, skipped with a vendor that lacks what they need. */
export const needing = (feature: Feature, faults: ReadonlyArray<Fault>): ReadonlyArray<Fault> =>
  faults.map((fault) => ({
    ...fault,
    cases: (target, now) => target.wire.lacks?.[feature] ?? fault.cases(target, now)
  }))

/** One call that meets a fault. */
export interface Case {
  /** Which of several. */
  readonly variant?: string | undefined
  /** What the server does. Default: nothing, because no request may come. */
  readonly plans?: LoopbackServer.Plans | Effect.Effect<LoopbackServer.Plans, never, Scope.Scope> | undefined
  /** Called in place of the server. */
  readonly address?: string | Effect.Effect<string> | undefined
  readonly ask?: Ask | undefined
  readonly leave?: Stage | undefined
  readonly expected: Expected
  /** What it may come to as well, where a network has its say. */
  readonly or?: ReadonlyArray<Expected> | undefined
}

/** What is asked, where it is not a plain question. */
export interface Ask {
  readonly prompt?: Prompt.RawInput | undefined
  /** Offers the tools `Weather`, whose wrong arguments fail the call, and `Forecast`, which tells the model. */
  readonly tools?: boolean | undefined
  readonly model?: string | undefined
  readonly client?: Partial<Connection.Options> | undefined
  /** In place of that of the wire; gets the address of the server. */
  readonly layer?: ((baseUrl: string) => Layer.Layer<LanguageModel.LanguageModel, unknown>) | undefined
}

/**
 * When the caller leaves: interrupted while the key is read, when the request was sent, when what the server sends has
 * arrived, after the first text, after the finish part; or its consumer takes one text only, or fails at it.
 */
export type Stage = "key" | "sent" | "arrived" | "text" | "finish" | "takes one" | "fails"

/** Each names what must be; what it does not name may be anything. */
export type Expected = Fails | Succeeds | Leaves | NoLayer

/** The call fails with an `AiError`. */
export interface Fails {
  readonly _tag: "Fails"
  readonly kind: ErrorKind.Name
  readonly tag: AiError.AiErrorReason["_tag"]
  readonly retryable: boolean
  /** The module and method it names. Default: those of the provider. */
  readonly by?: readonly [module: string, method: string] | undefined
  /** What is wrong with the key. */
  readonly authentication?: string | undefined
  /** Milliseconds at the time of the call, or none. `passing` is less by the time that has passed since. */
  readonly retryAfter?: number | { readonly passing: number } | undefined
  /** Members of the reason. */
  readonly reason?: { readonly [member: string]: unknown } | undefined
  /** The status it keeps. */
  readonly status?: number | undefined
  /** Are in its message. */
  readonly says?: ReadonlyArray<string> | undefined
  /** Are somewhere in it, encoded. */
  readonly keeps?: ReadonlyArray<string> | undefined
  /** The text that a stream had given out. Default: no part but metadata. */
  readonly given?: string | StartOf | undefined
  /** The text of the parts it keeps. */
  readonly partial?: string | StartOf | undefined
  /** The requests made. Default: 1. */
  readonly requests?: number | undefined
}

/** A start of a text, or all or nothing of it. */
export interface StartOf {
  readonly startOf: string
}

/** The call succeeds, whatever was done to it. */
export interface Succeeds {
  readonly _tag: "Succeeds"
  readonly text: string
  /** Each is found in a part: members of it, or patterns of their JSON. */
  readonly parts?: ReadonlyArray<{ readonly [member: string]: unknown }> | undefined
  /** The cities for which a tool was run. Default: none. */
  readonly ran?: ReadonlyArray<string> | undefined
  /** Is in the request. */
  readonly sends?: string | undefined
  /** The requests made. Default: 1. */
  readonly requests?: number | undefined
}

/** The caller leaves, and the server sees it. */
export interface Leaves {
  readonly _tag: "Leaves"
  /** The requests made. Default: 1. */
  readonly requests?: number | undefined
}

/** The Layer cannot be built: a variable is missing. */
export interface NoLayer {
  readonly _tag: "NoLayer"
  readonly variable: string
}
