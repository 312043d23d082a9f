/** An answer so far, and the texts that are being given out. */
import type * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { accumulate, type Chain, joinDetails, toArray } from "./accumulate.ts"
import type { Audio } from "./audio.ts"
import type { Call, Naming } from "./calls.ts"
import type { Quirks } from "./quirks.ts"

/** What an answer is read with: facts of its request, and the errors it may end in. */
export interface Reading extends Naming {
  readonly provider: string
  readonly quirks: Pick<Quirks, "costOf" | "failsOnErrorReason" | "finishMembers">
  readonly warnings: ReadonlyArray<Warning.Warning>
  readonly audioFormat: string | undefined
  /** The error for what the server says went wrong. */
  readonly failed: (body: unknown) => AiError.AiError
  /** The error for an answer that stops before its end. */
  readonly cutShort: () => AiError.AiError
}

/** What the texts of an answer are. */
export type BlockKind = "text" | "reasoning" | "refusal"

/** An answer so far. */
export interface State {
  /** Whether the response-metadata part was given out. */
  readonly started: boolean
  /** Whether any choice was seen. */
  readonly answered: boolean
  /** Whether the answer came whole, so that it cannot be cut short. */
  readonly whole: boolean
  readonly done: boolean
  /** The text or reasoning that is being given out, and how many there were. */
  readonly open: { readonly kind: BlockKind; readonly id: string } | undefined
  readonly opened: number
  readonly blocks: PartStream.Blocks
  readonly calls: ReadonlyArray<Call>
  readonly refused: boolean
  readonly sources: number
  readonly details: Chain<unknown> | undefined
  readonly audio: Audio | undefined
  readonly logprobs: Chain<Json.JsonRecord> | undefined
  readonly reason: string | undefined
  readonly usage: unknown
  /** The choices besides the first, by index. */
  readonly others: { readonly [index: number]: Json.JsonRecord }
  /** Members of the message, the choice and the response that have no part. */
  readonly message: Json.JsonRecord
  readonly choice: Json.JsonRecord
  readonly response: Json.JsonRecord
  readonly unknown: Chain<unknown> | undefined
}

export const none: Json.JsonRecord = {}

export const initial: State = {
  started: false,
  answered: false,
  whole: false,
  done: false,
  open: undefined,
  opened: 0,
  blocks: PartStream.empty,
  calls: [],
  refused: false,
  sources: 0,
  details: undefined,
  audio: undefined,
  logprobs: undefined,
  reason: undefined,
  usage: undefined,
  others: {},
  message: none,
  choice: none,
  response: none,
  unknown: undefined
}

/** The next state while a chunk is read, and the parts it gives. */
export type Draft = { -readonly [key in keyof State]: State[key] } & { readonly out: Array<PartStream.Part> }

/** Gives out a piece of a text. */
export const onText = (reading: Reading, draft: Draft, kind: BlockKind, text: string): void => {
  const id = open(reading, draft, kind)
  draft.out.push({ type: kind === "reasoning" ? "reasoning-delta" : "text-delta", id, delta: text })
}

/** The block texts of this kind go into. What was open before ends. */
export const open = (reading: Reading, draft: Draft, kind: BlockKind, facts: Json.JsonRecord = none): string => {
  if (draft.open?.kind === kind) return draft.open.id
  close(reading, draft)
  const type = kind === "reasoning" ? "reasoning" : "text"
  const id = `${type}_${draft.opened}`
  const own = kind === "refusal" ? { refusal: true } : kind === "reasoning" ? { field: "content", ...facts } : facts
  const [blocks, parts] = PartStream.start(draft.blocks, type, kind, id, Metadata.make(reading.provider, own))
  draft.opened += 1
  draft.open = { kind, id }
  draft.blocks = blocks
  draft.out.push(...parts)
  if (kind === "refusal") draft.refused = true
  return id
}

/** Ends the open block; reasoning leaves with what is needed to send it back. */
export const close = (reading: Reading, draft: Draft): void => {
  if (draft.open === undefined) return
  const came = draft.open.kind === "reasoning" ? toArray(draft.details) : []
  const details = came.length > 0
    ? { metadata: Metadata.make(reading.provider, { reasoningDetails: draft.whole ? came : joinDetails(came) }) }
    : {}
  const [blocks, parts] = PartStream.end(draft.blocks, draft.open.kind, details)
  if (draft.open.kind === "reasoning") draft.details = undefined
  draft.open = undefined
  draft.blocks = blocks
  draft.out.push(...parts)
}

/** What was kept, with the members that have no place elsewhere. */
export const keep = (
  kept: Json.JsonRecord,
  from: Json.JsonRecord,
  placed: ReadonlySet<string>,
  join: (before: Json.JsonRecord, now: Json.JsonRecord) => Json.JsonRecord = (before, now) => ({ ...before, ...now })
): Json.JsonRecord => {
  let out = kept
  for (const key in from) {
    const value = from[key]
    if (placed.has(key) || isNone(value) || (value === out[key] && join !== accumulate)) continue
    out = join(out, { [key]: value })
  }
  return out
}

/** Whether a member says nothing. */
export const isNone = (value: unknown): boolean => value === undefined || value === null || value === ""
