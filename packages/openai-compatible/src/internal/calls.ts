/** The tool calls of a streamed answer: which call a piece belongs to. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import { accumulate } from "./accumulate.ts"

/** One call so far. */
export interface Call {
  /** Its key among the open blocks, and its place in the answer. */
  readonly key: string
  readonly index: number | undefined
  /** The id as the server gave it, which need not be unique. */
  readonly wireId: string | undefined
  readonly id: string
  /** `undefined` until the server says it: nothing is given out before. */
  readonly name: string | undefined
  /** Arguments that came before the name. */
  readonly held: string
  /** A free-form tool: its input is text and not JSON. */
  readonly custom: boolean
  /** Members nobody knows, such as the signature of a thought. */
  readonly more: Json.JsonRecord
}

/** One piece of a call. */
interface Piece {
  readonly index: number | undefined
  readonly id: string | undefined
  readonly name: string | undefined
  readonly text: string
  readonly custom: boolean
  readonly more: Json.JsonRecord
}

/** All calls so far and the open blocks. */
export interface Calls {
  readonly calls: ReadonlyArray<Call>
  readonly blocks: PartStream.Blocks
}

/** What is needed besides the pieces. */
export interface Naming {
  /** Starts the ids made here, for servers that send none or the same twice. */
  readonly callPrefix: string
  /** From the name on the wire to the one the program uses. */
  readonly toolName: (name: string) => string
}

/** Takes one member of `tool_calls`, whole or a piece. */
export const takeCall = (naming: Naming, state: Calls, raw: unknown, out: Array<PartStream.Part>): Calls =>
  take(naming, state, pieceOf(Json.record(raw)), out)

/** Takes the `function_call` of the API before tools: one call, without an id. */
export const takeFunctionCall = (
  naming: Naming,
  state: Calls,
  raw: Json.JsonRecord,
  out: Array<PartStream.Part>
): Calls => take(naming, state, { ...pieceOf({ function: raw }), index: functionCallIndex }, out)

/** In metadata and options: a call of a free-form tool. The name is that of the Responses API, so that both read it. */
export const customType = "custom_tool_call"

// Never an index of `tool_calls`.
const functionCallIndex = -1

const pieceOf = (raw: Json.JsonRecord): Piece => {
  const custom = Json.isRecord(raw["custom"])
  const inner = Json.record(custom ? raw["custom"] : raw["function"])
  const text = custom ? inner["input"] : inner["arguments"]
  return {
    index: Json.number(raw["index"]),
    id: Json.string(raw["id"]) || undefined,
    name: Json.string(inner["name"]) || undefined,
    // Some servers send the arguments as JSON in place of a text.
    text: Json.string(text) ?? (Json.isRecord(text) ? JSON.stringify(text) : ""),
    custom,
    more: unplaced(raw)
  }
}

const members = new Set(["index", "id", "type", "function", "custom"])
const nothing: Json.JsonRecord = {}

const unplaced = (raw: Json.JsonRecord): Json.JsonRecord => {
  let found: { [name: string]: unknown } | undefined
  for (const name in raw) {
    const value = raw[name]
    if (!members.has(name) && value !== null && value !== undefined) (found ??= {})[name] = value
  }
  return found ?? nothing
}

const take = (naming: Naming, state: Calls, piece: Piece, out: Array<PartStream.Part>): Calls => {
  const at = find(state.calls, piece)
  const known = state.calls[at]
  if (known !== undefined && known.name !== undefined) {
    const [blocks, parts] = PartStream.toolDelta(state.blocks, known.key, piece.text)
    out.push(...parts)
    return { calls: piece.more === nothing ? state.calls : state.calls.with(at, withMore(known, piece)), blocks }
  }
  const call = known ?? start(naming, state.calls, piece)
  const name = piece.name === undefined ? undefined : naming.toolName(piece.name)
  const next = { ...withMore(call, piece), name, held: name === undefined ? call.held + piece.text : "" }
  const calls = known === undefined ? [...state.calls, next] : state.calls.with(at, next)
  if (name === undefined) return { calls, blocks: state.blocks }
  const [started, starting] = PartStream.toolStart(state.blocks, call.key, { id: call.id, name })
  const [blocks, parts] = PartStream.toolDelta(started, call.key, call.held + piece.text)
  out.push(...starting, ...parts)
  return { calls, blocks }
}

/**
 * The call a piece continues, or -1 for a new one. Servers leave the index out, give all calls the index 0 with ids of
 * their own (Google's compatible endpoint), repeat id and name in each piece, or send neither after the first.
 */
const find = (calls: ReadonlyArray<Call>, piece: Piece): number => {
  const at = piece.index === undefined
    ? piece.id === undefined ? calls.length - 1 : calls.findLastIndex((call) => call.wireId === piece.id)
    : calls.findLastIndex((call) => call.index === piece.index)
  const call = calls[at]
  if (call === undefined) return -1
  const other = piece.id !== undefined && call.wireId !== undefined && piece.id !== call.wireId
  const another = piece.index === undefined && piece.id === undefined && piece.name !== undefined &&
    call.name !== undefined
  return (other && piece.name !== undefined) || another ? -1 : at
}

const start = (naming: Naming, calls: ReadonlyArray<Call>, piece: Piece): Call => {
  const number = calls.length
  const unique = piece.id !== undefined && !calls.some((call) => call.id === piece.id)
  return {
    key: `tool_${number}`,
    index: piece.index,
    wireId: piece.id,
    id: unique ? piece.id : `${naming.callPrefix}_${number}`,
    name: undefined,
    held: "",
    custom: piece.custom,
    more: nothing
  }
}

const withMore = (call: Call, { more }: Piece): Call =>
  more === nothing ? call : { ...call, more: accumulate(call.more, more) }

/** Ends all calls. A call that never got a name cannot be given out; it is returned. */
export const endCalls = (provider: string, state: Calls, out: Array<PartStream.Part>): ReadonlyArray<Call> => {
  let blocks = state.blocks
  for (const call of state.calls) {
    const open = blocks[call.key]
    const more = call.more === nothing ? undefined : call.more
    const ending = call.custom && open?.type === "tool"
      ? { params: open.text, metadata: Metadata.make(provider, { type: customType, more }) }
      : more === undefined
      ? {}
      : { metadata: Metadata.make(provider, { more }) }
    const [rest, parts] = PartStream.end(blocks, call.key, ending)
    blocks = rest
    out.push(...parts)
  }
  return state.calls.filter((call) => call.name === undefined)
}
