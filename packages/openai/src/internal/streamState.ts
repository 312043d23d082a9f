/** The state of a streamed answer, and what its handlers share. */
import * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import type * as AiError from "effect/ai/AiError"
import { nothing, type Summary } from "./placed.ts"

/** What a stream has told so far. */
export interface State {
  /** Whether the first part is out. */
  readonly begun: boolean
  readonly finished: boolean
  readonly blocks: PartStream.Blocks
  /** The block that text came for last, and how much of it. */
  readonly textKey: string
  readonly textLength: number
  /** The same of other blocks, where several take turns. */
  readonly lengths: { readonly [key: string]: number }
  /** Items under way, by their place in the output. */
  readonly items: { readonly [place: string]: Json.JsonRecord }
  /** Places and ids of items that are done. */
  readonly done: { readonly [place: string]: true }
  /** Which annotations of a content are out. */
  readonly sources: { readonly [key: string]: ReadonlyArray<number> }
  readonly summary: Summary
}

/** Nothing has come. */
export const initial: State = {
  begun: false,
  finished: false,
  blocks: PartStream.empty,
  textKey: "",
  textLength: 0,
  lengths: {},
  items: {},
  done: {},
  sources: {},
  summary: nothing
}

/** Parts to give out. */
export type Parts = ReadonlyArray<PartStream.Part>

/** The next state, the parts to give out, and an error that ends the stream. */
export type Step = readonly [State, Parts, AiError.AiError?]

/** No part. */
export const none: Parts = []

/** The place of an item in the output; its id, where a server does not number. */
export const placeOf = (data: Json.JsonRecord): string =>
  typeof data["output_index"] === "number" ? String(data["output_index"]) : Json.string(data["item_id"]) ?? ""

/** The id of the item an event is about, where it has one. */
export const itemIdOf = (state: State, data: Json.JsonRecord): string | undefined =>
  Json.string(data["item_id"]) ?? Json.string(state.items[placeOf(data)]?.["id"])

/** What the ids of blocks begin with, for items without an id, too. */
export const blockIdOf = (state: State, data: Json.JsonRecord): string =>
  itemIdOf(state, data) ?? `item_${placeOf(data)}`

/** The key of the block of a content. */
export const contentKey = (data: Json.JsonRecord): string =>
  `${placeOf(data)}.${Json.number(data["content_index"]) ?? 0}`

/** A step that changes the open blocks. */
export const withBlocks = (state: State, [blocks, parts]: PartStream.Result): Step =>
  blocks === state.blocks ? [state, parts] : [{ ...state, blocks }, parts]

/** Appends parts to those of a step. */
export const followedBy = ([state, parts]: Step, next: (state: State) => Step): Step => {
  const [after, more, error] = next(state)
  const all = parts.length === 0 ? more : more.length === 0 ? parts : [...parts, ...more]
  return error === undefined ? [after, all] : [after, all, error]
}

/** Counts text that came for a block. */
export const received = (state: State, key: string, length: number): State =>
  state.textKey === key ? { ...state, textLength: state.textLength + length } : {
    ...state,
    lengths: { ...state.lengths, [state.textKey]: state.textLength },
    textKey: key,
    textLength: (state.lengths[key] ?? 0) + length
  }

/** How much text came for a block. */
export const lengthOf = (state: State, key: string): number =>
  state.textKey === key ? state.textLength : state.lengths[key] ?? 0
