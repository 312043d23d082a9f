/**
 * Start, delta and end of the parts of a streamed answer.
 *
 * A provider's `step` is a pure function from its state and one event to the next state and the parts to give out. The
 * open blocks of an answer are a value of type {@link Blocks} inside that state; the functions here return the next
 * blocks and the parts, so that every start has one end and tool arguments are whole before the call is given out.
 */
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import type * as EventStream from "./EventStream.ts"
import * as Metadata from "./Metadata.ts"
import * as ToolParameters from "./ToolParameters.ts"

/** A part of a streamed answer, encoded. */
export type Part = Response.StreamPartEncoded

/** A block that was started and has not ended. `order` is its place among those open at its start. */
export type Block =
  | { readonly type: "text" | "reasoning"; readonly id: string; readonly order: number }
  | {
    readonly type: "tool"
    readonly id: string
    readonly order: number
    readonly name: string
    readonly providerExecuted: boolean
    /** The arguments so far. */
    readonly text: string
  }

/** The open blocks, by the key the vendor's events use for them. */
export type Blocks = { readonly [key: string]: Block }

/** No block is open. */
export const empty: Blocks = {}

/** The next blocks and the parts to give out. */
export type Result = readonly [Blocks, ReadonlyArray<Part>]

const none: ReadonlyArray<Part> = []

const meta = (metadata: Metadata.Metadata | undefined) => metadata === undefined ? undefined : { metadata }

/** Keys do not tell: JavaScript puts those that look like numbers first. */
const nextOrder = (blocks: Blocks): number => {
  let last = -1
  for (const key in blocks) last = Math.max(last, blocks[key]?.order ?? last)
  return last + 1
}

/** Starts a text or reasoning block. Does nothing where the key is open already. */
export const start = (
  blocks: Blocks,
  type: "text" | "reasoning",
  key: string,
  id: string,
  metadata?: Metadata.Metadata
): Result =>
  blocks[key] !== undefined
    ? [blocks, none]
    : [{ ...blocks, [key]: { type, id, order: nextOrder(blocks) } }, [{ type: `${type}-start`, id, ...meta(metadata) }]]

/** A piece of text or reasoning. Starts the block where the vendor has no event for it; the key is its id then. */
export const delta = (
  blocks: Blocks,
  type: "text" | "reasoning",
  key: string,
  text: string,
  metadata?: Metadata.Metadata
): Result => {
  const open = blocks[key]
  if (open !== undefined) return [blocks, [{ type: `${type}-delta`, id: open.id, delta: text, ...meta(metadata) }]]
  const [next, started] = start(blocks, type, key, key)
  return [next, [...started, { type: `${type}-delta`, id: key, delta: text, ...meta(metadata) }]]
}

/**
 * Starts a tool call. Does nothing where the same call is open already; another call under the key is ended, because
 * some servers number all parallel calls alike.
 */
export const toolStart = (
  blocks: Blocks,
  key: string,
  tool: { readonly id: string; readonly name: string; readonly providerExecuted?: boolean },
  metadata?: Metadata.Metadata
): Result => {
  if (blocks[key]?.id === tool.id) return [blocks, none]
  const [others, ended] = end(blocks, key)
  const providerExecuted = tool.providerExecuted === true
  const order = nextOrder(others)
  return [
    { ...others, [key]: { type: "tool", id: tool.id, order, name: tool.name, providerExecuted, text: "" } },
    [...ended, {
      type: "tool-params-start",
      id: tool.id,
      name: tool.name,
      ...(providerExecuted ? { providerExecuted } : undefined),
      ...meta(metadata)
    }]
  ]
}

/** A piece of a tool call's arguments. Nothing is given out where the piece is empty or the call is not open. */
export const toolDelta = (blocks: Blocks, key: string, text: string): Result => {
  const open = blocks[key]
  if (open === undefined || open.type !== "tool" || text === "") return [blocks, none]
  return [
    { ...blocks, [key]: { ...open, text: open.text + text } },
    [{ type: "tool-params-delta", id: open.id, delta: text }]
  ]
}

/** What {@link end} adds to the end of a block. */
export interface Ending {
  readonly metadata?: Metadata.Metadata | undefined
  /** The whole arguments, where the vendor repeats them at the end. Else the pieces are joined. */
  readonly text?: string | undefined
  /** For arguments that are not JSON by nature, as of free-form tools: used in place of the parsed text. */
  readonly params?: unknown
}

/** Ends a block. A tool call is given out with it, its arguments read as JSON. */
export const end = (blocks: Blocks, key: string, ending: Ending = {}): Result => {
  const { [key]: open, ...rest } = blocks
  if (open === undefined) return [blocks, none]
  if (open.type !== "tool") return [rest, [{ type: `${open.type}-end`, id: open.id, ...meta(ending.metadata) }]]
  const { params, metadata } = ending.params === undefined
    ? ToolParameters.parse(ending.text ?? open.text)
    : { params: ending.params, metadata: undefined }
  const all = metadata === undefined && ending.metadata === undefined
    ? undefined
    : Metadata.merge(ending.metadata, metadata)
  return [rest, [
    { type: "tool-params-end", id: open.id },
    {
      type: "tool-call",
      id: open.id,
      name: open.name,
      params,
      ...(open.providerExecuted ? { providerExecuted: true } : undefined),
      ...meta(all)
    }
  ]]
}

/** Ends every open block, in the order they were started. */
export const endAll = (blocks: Blocks): Result => {
  let current = blocks
  const parts: Array<Part> = []
  const inOrder = Object.entries(blocks).toSorted(([, a], [, b]) => a.order - b.order)
  for (const [key] of inOrder) {
    const [next, ended] = end(current, key)
    current = next
    parts.push(...ended)
  }
  return [current, parts]
}

/** How a vendor's events become parts. */
export interface Decoder<State> {
  readonly initial: State
  /** Pure: the next state, the parts to give out, and an error that ends the stream after them. */
  readonly step: (
    state: State,
    event: EventStream.JsonEvent
  ) => readonly [State, ReadonlyArray<Part>, AiError.AiError?]
  /** What to give out when the body has ended: last parts, or the error that the last event is missing. */
  readonly halt: (state: State) => readonly [ReadonlyArray<Part>, AiError.AiError?]
}

/**
 * The metadata of an answer comes first and mostly alone, a moment before its first text. It is given out with what
 * follows, after so many reads without any part at the latest: each array of parts costs its consumer more than a part.
 */
const heldBatches = 4

/**
 * Events to parts. Events that came in one read leave as one array; a read without parts gives none, because an empty
 * array fails the stream in `effect/ai`.
 *
 * @example
 * ```ts
 * import * as PartStream from "@llm-layers/core/PartStream"
 * import * as Usage from "@llm-layers/core/Usage"
 * import { Effect, Stream } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const decoder: PartStream.Decoder<PartStream.Blocks> = {
 *   initial: PartStream.empty,
 *   step: (blocks, { data }) => PartStream.delta(blocks, "text", "0", String(data)),
 *   halt: (blocks) => [[...PartStream.endAll(blocks)[1], { type: "finish", reason: "stop", usage: Usage.unknown }]]
 * }
 * const events = Stream.fromArray(["Hel", "lo"].map((data) => ({ event: "message", data })))
 * const parts = await Effect.runPromise(Stream.runCollect(PartStream.decode(events, decoder)))
 * deepStrictEqual(parts.map((part) => part.type), ["text-start", "text-delta", "text-delta", "text-end", "finish"])
 * ```
 */
export const decode = <State, R>(
  events: Stream.Stream<EventStream.JsonEvent, AiError.AiError, R>,
  decoder: Decoder<State>
): Stream.Stream<Part, AiError.AiError, R> =>
  Stream.transformPull(events, (pull) =>
    Effect.sync(() => {
      let state = decoder.initial
      let failure: AiError.AiError | undefined
      let halted = false
      type Next = Pull.Pull<Arr.NonEmptyReadonlyArray<Part>, AiError.AiError, void, R>
      let held: Part | undefined
      let patience = heldBatches
      const give = (parts: ReadonlyArray<Part>, otherwise: () => Next): Next => {
        if (held === undefined) return Arr.isReadonlyArrayNonEmpty(parts) ? Effect.succeed(parts) : otherwise()
        if (parts.length === 0 && !halted && patience-- > 0) return otherwise()
        const all = [held, ...parts] as const
        held = undefined
        return Effect.succeed(all)
      }
      const atEnd = (): Next => failure === undefined ? Cause.done() : Effect.fail(failure)
      const read: Next = Pull.catchDone(
        Effect.flatMap(pull, (batch): Next => {
          const parts: Array<Part> = []
          for (const event of batch) {
            const [next, given, error] = decoder.step(state, event)
            state = next
            for (const part of given) parts.push(part)
            if (error !== undefined) {
              failure = error
              halted = true
              break
            }
          }
          if (patience === heldBatches && parts.length === 1 && parts[0]?.type === "response-metadata") {
            patience--
            held = parts[0]
            return give([], loop)
          }
          return give(parts, loop)
        }),
        () => {
          const [parts, error] = decoder.halt(state)
          halted = true
          failure = error
          return give(parts, atEnd)
        }
      )
      // What is held goes out before the failure of the events.
      const readHolding: Next = Effect.catch(read, (error): Next => {
        if (Cause.isDone(error) || held === undefined) return Effect.fail(error)
        failure = error
        halted = true
        return give([], atEnd)
      })
      const loop = (): Next => halted ? atEnd() : held === undefined ? read : readHolding
      return Effect.suspend(loop)
    }))
