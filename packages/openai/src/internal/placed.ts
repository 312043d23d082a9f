/** Parts with what a stream has to know of them, and what they mean for the end of an answer. */
import * as Json from "@llm-layers/core/Json"
import type * as Response from "effect/ai/Response"
import { metadata } from "./namespace.ts"

/** What the items so far mean for the end of the answer. */
export interface Summary {
  /** The model refused. */
  readonly refused: boolean
  /** A call waits for the caller. */
  readonly called: boolean
  /** Items and contents that are no part. */
  readonly unknown: ReadonlyArray<unknown>
  /** The last search for tools: its result may not name it. */
  readonly searchId: string | undefined
}

/** Nothing has come yet. */
export const nothing: Summary = { refused: false, called: false, unknown: [], searchId: undefined }

/** A part, and what a stream has to know of it. */
export interface Placed {
  readonly part: Response.PartEncoded
  /** Which piece of the item it is, in the keys of a stream's blocks. */
  readonly at: string
  /** Of texts: the id of the block. */
  readonly id?: string
  /** Of calls: the arguments as text. */
  readonly text?: string
  /** Of sources: which annotation of the content it is. */
  readonly annotation?: number
}

/** The parts of an item, and the summary with it. */
export type Decoded = readonly [ReadonlyArray<Placed>, Summary]

/** The id of the text block of a content. */
export const contentId = (itemId: string, index: number): string => index === 0 ? itemId : `${itemId}:${index}`

/** The id of the block of a summary, or of a piece of the reasoning itself. */
export const reasoningId = (itemId: string, kind: "s" | "r", index: number): string => `${itemId}:${kind}${index}`

/** The id of an item, by which its parts are told apart. */
export const idOf = (item: Json.JsonRecord): string => Json.string(item["id"]) ?? Json.string(item["call_id"]) ?? "item"

/** The members of an item that have no place of their own, where they say something. */
export const unplaced = (item: Json.JsonRecord, known: ReadonlySet<string>): Json.JsonRecord | undefined => {
  let found: { [name: string]: unknown } | undefined
  for (const name in item) {
    const value = item[name]
    if (value !== null && value !== undefined && !known.has(name)) (found ??= {})[name] = value
  }
  return found
}

/** An item that is nothing to the caller but has to go back with the history. */
export const carrier = (item: Json.JsonRecord): Placed => ({
  part: { type: "reasoning", text: "", metadata: metadata({ item }) },
  at: "item",
  id: idOf(item)
})
