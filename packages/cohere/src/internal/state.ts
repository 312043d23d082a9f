/** The state of a decoder. */
import type * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"

/** What a decoder needs to know of its request. */
export interface DecodeContext {
  readonly origin: ProviderError.Origin
  readonly warnings: ReadonlyArray<Warning.Warning>
  readonly traceId: string | undefined
  /** Whether the answer came as a stream of events, by its content type. */
  readonly isEventStream: boolean
  /** The error for an error of the vendor inside an answer with a good status. */
  readonly eventError: (body: unknown) => AiError.AiError
}

export interface State {
  readonly blocks: PartStream.Blocks
  /** Contents that have ended, by key: their citations may still come. */
  readonly ended: ReadonlyArray<string>
  /** The content that citations without an index are of. */
  readonly lastText: string | undefined
  /** Citations of open contents, by key. */
  readonly citations: { readonly [key: string]: ReadonlyArray<unknown> }
  /** Citations of what is no open text. */
  readonly unplaced: ReadonlyArray<unknown>
  readonly sources: number
  /** How many plans have ended. */
  readonly plans: number
  readonly id: string | undefined
  readonly logprobs: ReadonlyArray<unknown>
  /** Members nobody knows. */
  readonly more: Json.JsonRecord
  readonly unknown: ReadonlyArray<unknown>
  readonly started: boolean
  readonly finished: boolean
}

export const initial: State = {
  blocks: PartStream.empty,
  ended: [],
  lastText: undefined,
  citations: {},
  unplaced: [],
  sources: 0,
  plans: 0,
  id: undefined,
  logprobs: [],
  more: {},
  unknown: [],
  started: false,
  finished: false
}
