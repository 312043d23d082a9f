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
  /** The program's names of the server tool calls in the prompt, by their ids: a result may come a turn later. */
  readonly earlierCalls: ReadonlyMap<string, string>
  readonly warnings: ReadonlyArray<Warning.Warning>
  readonly requestId: string | undefined
  /** Whether the answer came as a stream of events, by its content type. */
  readonly isEventStream: boolean
  /** The error for an error of the vendor inside an answer with a good status. */
  readonly eventError: (body: unknown) => AiError.AiError
}

export interface State {
  readonly blocks: PartStream.Blocks
  /** The blocks that have not stopped, by index. */
  readonly open: { readonly [index: string]: OpenBlock }
  /** Server tool calls of this answer, by id. */
  readonly calls: ReadonlyMap<string, string>
  readonly sources: number
  readonly id: string | undefined
  /** All of the message but its content. */
  readonly message: Json.JsonRecord
  readonly usage: Json.JsonRecord
  readonly unknown: ReadonlyArray<unknown>
  readonly started: boolean
  readonly finished: boolean
}

/** A block that has not stopped. */
export interface OpenBlock {
  /**
   * `member`: a call of a member of a toolset. `undeclared`: one of a server tool that the request did not name. `other`:
   * what is neither text, thinking nor a call.
   */
  readonly type: "text" | "reasoning" | "tool" | "member" | "undeclared" | "result" | "other"
  /** As it came. */
  readonly block: Json.JsonRecord
  readonly signature: string | undefined
  readonly citations: ReadonlyArray<unknown>
  /** The arguments of a `member`, which get its name when they are whole, and of an `undeclared` call. */
  readonly input: string
  /** Deltas of an `other` block, as they came. */
  readonly deltas: ReadonlyArray<unknown>
}

/** What the start or the stop of a block changes. */
export interface Change {
  readonly blocks: PartStream.Blocks
  readonly parts: ReadonlyArray<PartStream.Part>
  readonly open?: OpenBlock
  readonly call?: readonly [id: string, name: string]
  readonly sources?: number
  readonly unknown?: unknown
}

export const initial: State = {
  blocks: PartStream.empty,
  open: {},
  calls: new Map(),
  sources: 0,
  id: undefined,
  message: {},
  usage: {},
  unknown: [],
  started: false,
  finished: false
}
