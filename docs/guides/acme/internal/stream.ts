/** Decode: the events of a stream → parts. Pure: a state and an event give the next state and parts. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import { type Context, decodeBegin, decodeEnd } from "./response.ts"

interface State {
  /** What has begun and not ended, by Acme's number. */
  readonly blocks: PartStream.Blocks
  /** Events that are of no kind known here: told of with the last part. */
  readonly unknown: ReadonlyArray<unknown>
  readonly ended: boolean
}

type Step = readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?]

const step = (context: Context, state: State, event: Json.JsonRecord): Step => {
  if (state.ended) return [state, []]
  if ("oops" in event) return [state, [], context.oops(event)]
  if (Json.isRecord(event["begin"])) return [state, [decodeBegin(context, event["begin"])]]
  if (Json.isRecord(event["end"])) {
    const [blocks, parts] = PartStream.endAll(state.blocks)
    return [{ ...state, blocks, ended: true }, [...parts, decodeEnd(event["end"], state.unknown)]]
  }
  const result = onBlock(state.blocks, event)
  if (result === undefined) return [{ ...state, unknown: [...state.unknown, event] }, []]
  const [blocks, parts] = result
  return [{ ...state, blocks }, parts]
}

const onBlock = (blocks: PartStream.Blocks, event: Json.JsonRecord): PartStream.Result | undefined => {
  if ("open" in event) return open(blocks, String(event["open"]), event)
  if ("more" in event) return more(blocks, String(event["more"]), Json.string(event["piece"]) ?? "")
  if ("close" in event) return close(blocks, String(event["close"]), event)
  return undefined
}

const open = (blocks: PartStream.Blocks, key: string, event: Json.JsonRecord): PartStream.Result | undefined => {
  switch (event["kind"]) {
    case "text":
      return PartStream.start(blocks, "text", key, key)
    case "thought":
      return PartStream.start(blocks, "reasoning", key, key)
    case "call":
      return PartStream.toolStart(blocks, key, {
        id: Json.string(event["call"]) ?? key,
        name: Json.string(event["tool"]) ?? ""
      })
    default:
      return undefined
  }
}

const more = (blocks: PartStream.Blocks, key: string, piece: string): PartStream.Result | undefined => {
  const block = blocks[key]
  if (block === undefined) return undefined
  return block.type === "tool"
    ? PartStream.toolDelta(blocks, key, piece)
    : PartStream.delta(blocks, block.type, key, piece)
}

const close = (blocks: PartStream.Blocks, key: string, event: Json.JsonRecord): PartStream.Result =>
  PartStream.end(blocks, key, { metadata: Metadata.make("acme", { seal: event["seal"] }) })

export const decoder = (context: Context): PartStream.Decoder<State> => ({
  initial: { blocks: PartStream.empty, unknown: [], ended: false },
  step: (state, { data }) => step(context, state, Json.record(data)),
  // Without its last event, an answer was cut. The driver adds what had arrived.
  halt: ({ ended }) =>
    ended ? [[]] : [
      [],
      ProviderError.endedBefore(context.origin, "`end`")
    ]
})
