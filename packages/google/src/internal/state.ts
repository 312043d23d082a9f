/** The state of a decoder. */
import type * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type { ToolNames } from "./toolNames.ts"

/** What a decoder needs to know of its request. */
export interface DecodeContext {
  readonly origin: ProviderError.Origin
  readonly names: ToolNames
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** The id of the first call that comes without one; others are made of it. */
  readonly newId: string
  /** How many candidates were asked for. */
  readonly candidates: number
  /** Whether the answer came as a stream of events, by its content type. */
  readonly isEventStream: boolean
  /** The error for an error of the vendor inside an answer with a good status. */
  readonly eventError: (body: unknown) => AiError.AiError
}

export interface State {
  /** Whether parts are pieces, which go on from chunk to chunk. Those of a plain answer are whole. */
  readonly pieces: boolean
  readonly blocks: PartStream.Blocks
  /** The text or the reasoning that the next piece of its kind goes on with. */
  readonly open: { readonly type: "text" | "reasoning"; readonly key: string } | undefined
  /** Parts so far, from which keys are made. */
  readonly count: number
  /** A call whose arguments come in pieces. */
  readonly call: OpenCall | undefined
  /** The id of the code whose result is next. */
  readonly code: string | undefined
  /** Ids of calls of this answer. */
  readonly ids: ReadonlyArray<string>
  /** Ids that were made up here. */
  readonly made: number
  /** Whether a tool of the program was called. */
  readonly called: boolean
  /** What the sources so far are of, as JSON, and the addresses of their pages. */
  readonly sources: ReadonlyArray<string>
  /** How many sources there were. */
  readonly cited: number
  /** All of the answer but its candidates and its usage. */
  readonly answer: Json.JsonRecord
  /** All of the first candidate but its content. */
  readonly candidate: Json.JsonRecord
  readonly logprobs: ReadonlyArray<unknown>
  /** Other candidates, as they came. */
  readonly others: ReadonlyArray<unknown>
  readonly usage: Json.JsonRecord
  readonly unknown: ReadonlyArray<unknown>
  readonly started: boolean
  /** Whether the first candidate has come, in whatever part. */
  readonly answered: boolean
  /** Whether a whole document came in place of events: nothing follows it. */
  readonly whole: boolean
  /** Candidates that said how they ended, by index. */
  readonly ended: ReadonlyArray<number>
  readonly finished: boolean
}

/** A call whose arguments come in pieces: Vertex AI sends them so where `streamFunctionCallArguments` asks for it. */
export interface OpenCall {
  readonly key: string
  readonly args: Json.JsonRecord
  readonly signature: string | undefined
}

/** A state and what is to be given out. */
export type Change = readonly [State, ReadonlyArray<PartStream.Part>]

export const initial: State = {
  pieces: true,
  blocks: PartStream.empty,
  open: undefined,
  count: 0,
  call: undefined,
  code: undefined,
  ids: [],
  made: 0,
  called: false,
  sources: [],
  cited: 0,
  answer: {},
  candidate: {},
  logprobs: [],
  others: [],
  usage: {},
  unknown: [],
  started: false,
  answered: false,
  whole: false,
  ended: [],
  finished: false
}
