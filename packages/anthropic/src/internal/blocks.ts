/** Decode: the start and the stop of a content block → parts. A whole block is one that starts full. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import { decodeCitation } from "./citations.ts"
import type { Change, DecodeContext, OpenBlock, State } from "./state.ts"

const opened = (type: OpenBlock["type"], block: Json.JsonRecord, more?: Partial<OpenBlock>): OpenBlock => ({
  type,
  block,
  signature: undefined,
  citations: [],
  input: "",
  deltas: [],
  ...more
})

/** The source parts of citations. Ids count up in an answer. */
export const sourcesOf = (state: State, citations: ReadonlyArray<unknown>): ReadonlyArray<PartStream.Part> => {
  const sources: Array<PartStream.Part> = []
  for (const citation of citations) {
    const source = decodeCitation(citation, `${state.id ?? "message"}-source-${state.sources + sources.length}`)
    if (source !== undefined) sources.push(source)
  }
  return sources
}

export const decodeBlock = (context: DecodeContext, state: State, key: string, block: Json.JsonRecord): Change => {
  const type = Json.string(block["type"]) ?? ""
  switch (type) {
    case "text":
      return decodeText(state, key, block)
    case "thinking":
      return decodeThinking(state, key, block)
    case "redacted_thinking":
      return { ...start(state, "reasoning", key, ""), open: opened("reasoning", block) }
    case "tool_use":
      return decodeToolUse(context, state, key, block)
    case "server_tool_use":
    case "mcp_tool_use":
      return decodeServerToolUse(context, state, key, block)
    default:
      return type.endsWith(resultSuffix)
        ? decodeResult(context, state, key, type, block)
        : { blocks: state.blocks, parts: [], open: opened("other", block) }
  }
}

const start = (state: State, type: "text" | "reasoning", key: string, text: string): Change => {
  const [begun, first] = PartStream.start(state.blocks, type, key, key)
  if (text === "") return { blocks: begun, parts: first }
  const [blocks, rest] = PartStream.delta(begun, type, key, text)
  return { blocks, parts: [...first, ...rest] }
}

const decodeText = (state: State, key: string, block: Json.JsonRecord): Change => {
  const { blocks, parts } = start(state, "text", key, Json.string(block["text"]) ?? "")
  const citations = Json.list(block["citations"])
  const sources = sourcesOf(state, citations)
  return {
    blocks,
    parts: [...parts, ...sources],
    open: opened("text", block, { citations }),
    sources: sources.length
  }
}

const decodeThinking = (state: State, key: string, block: Json.JsonRecord): Change => ({
  ...start(state, "reasoning", key, Json.string(block["thinking"]) ?? ""),
  open: opened("reasoning", block, { signature: Json.string(block["signature"]) })
})

/** The API gives an id with each call; a server that speaks its dialect may not. */
const idOf = (state: State, key: string, block: Json.JsonRecord): string =>
  Json.string(block["id"]) ?? `${state.id ?? "call"}-${key}`

const decodeToolUse = (context: DecodeContext, state: State, key: string, block: Json.JsonRecord): Change => {
  const toolset = Json.string(block["toolset_name"])
  const name = context.names.decodeClient(Json.string(block["name"]) ?? "", toolset)
  const [blocks, parts] = PartStream.toolStart(state.blocks, key, { id: idOf(state, key, block), name })
  return { blocks, parts, open: opened(toolset === undefined ? "tool" : "member", block) }
}

const decodeServerToolUse = (context: DecodeContext, state: State, key: string, block: Json.JsonRecord): Change => {
  const wireName = Json.string(block["name"]) ?? ""
  const name = block["type"] === "mcp_tool_use"
    ? context.names.decodeMcp(Json.string(block["server_name"]), wireName)
    : context.names.decodeServer(wireName)
  const id = idOf(state, key, block)
  // What nobody declared leaves the parts further up; its arguments would stay behind.
  if (!context.names.isDeclared(name)) {
    return { blocks: state.blocks, parts: [], open: opened("undeclared", block), call: [id, name] }
  }
  const [blocks, parts] = PartStream.toolStart(state.blocks, key, { id, name, providerExecuted: true })
  return { blocks, parts, open: opened("tool", block), call: [id, name] }
}

const resultSuffix = "_tool_result"

/** Its content comes whole. Errors have a type that says so, or `is_error`. */
const decodeResult = (
  context: DecodeContext,
  state: State,
  key: string,
  type: string,
  block: Json.JsonRecord
): Change => {
  const { caller, content, tool_use_id, type: _, ...more } = block
  const id = Json.string(tool_use_id) ?? ""
  const isFailure = more["is_error"] === true || Json.string(Json.record(content)["type"])?.endsWith("_error") === true
  const name = state.calls.get(id) ?? context.earlierCalls.get(id) ??
    context.names.decodeServer(type.slice(0, -resultSuffix.length))
  const part: PartStream.Part = {
    type: "tool-result",
    id,
    name,
    isFailure,
    result: content ?? null,
    providerExecuted: true,
    metadata: Metadata.make("anthropic", { type, caller, more: Object.keys(more).length === 0 ? undefined : more })
  }
  const [blocks, carried] = context.names.isDeclared(name) ? [state.blocks, []] : carry(state.blocks, key, block)
  return { blocks, parts: [part, ...carried], open: opened("result", block) }
}

/**
 * The vendor wants a turn back as it was, so a block that has no part in the history travels on a reasoning part without
 * text. Calls and results of tools nobody declared are such: a newer web search, for one, runs code of its own.
 */
const carry = (blocks: PartStream.Blocks, key: string, block: unknown): PartStream.Result => {
  const [begun, first] = PartStream.start(blocks, "reasoning", key, key)
  const [ended, rest] = PartStream.end(begun, key, { metadata: Metadata.make("anthropic", { block }) })
  return [ended, [...first, ...rest]]
}

export const endBlock = (context: DecodeContext, state: State, key: string, open: OpenBlock): Change => {
  switch (open.type) {
    case "text":
      return endText(state, key, open)
    case "reasoning":
      return endReasoning(state, key, open)
    case "tool":
      return endTool(context, state, key, open)
    case "member":
      return endMember(state, key, open)
    case "undeclared":
      return endUndeclared(context, state, key, open)
    case "result":
      return { blocks: state.blocks, parts: [] }
    case "other":
      return endOther(state, key, open)
  }
}

const change = ([blocks, parts]: PartStream.Result): Change => ({ blocks, parts })

const endText = (state: State, key: string, open: OpenBlock): Change =>
  change(PartStream.end(state.blocks, key, {
    metadata: open.citations.length === 0 ? undefined : Metadata.make("anthropic", { citations: open.citations })
  }))

const endReasoning = (state: State, key: string, open: OpenBlock): Change =>
  change(PartStream.end(state.blocks, key, {
    metadata: Metadata.make("anthropic", {
      signature: open.signature === "" ? undefined : open.signature,
      redactedData: open.block["data"]
    })
  }))

/**
 * Arguments that came whole, as the text they were. A stream has empty ones at the start of a call; what is no object
 * stays what it is, so that the tool's schema rejects it.
 */
const textOf = (input: unknown): string =>
  input === undefined || input === "" || (Json.isRecord(input) && Object.keys(input).length === 0)
    ? ""
    : JSON.stringify(input)

/** Arguments come in pieces, or whole with the start of the block. */
const endTool = (context: DecodeContext, state: State, key: string, open: OpenBlock): Change => {
  const before = state.blocks[key]
  const whole = before?.type === "tool" && before.text === ""
  const [written, first] = PartStream.toolDelta(state.blocks, key, whole ? textOf(open.block["input"]) : "")
  const [blocks, rest] = PartStream.end(written, key, { metadata: callMetadata(context, open.block) })
  return { blocks, parts: [...first, ...rest] }
}

const endUndeclared = (context: DecodeContext, state: State, key: string, open: OpenBlock): Change => {
  const id = idOf(state, key, open.block)
  const { metadata, params } = ToolParameters.parse(open.input === "" ? textOf(open.block["input"]) : open.input)
  const call: PartStream.Part = {
    type: "tool-call",
    id,
    name: state.calls.get(id) ?? "",
    params,
    providerExecuted: true,
    metadata: Metadata.merge(callMetadata(context, open.block), metadata)
  }
  const input = Json.isRecord(params) ? params : { value: params }
  const [blocks, carried] = carry(state.blocks, key, { ...open.block, input })
  return { blocks, parts: [call, ...carried] }
}

const callMetadata = (context: DecodeContext, block: Json.JsonRecord): Metadata.Metadata => {
  const { caller, name, server_name: serverName, type } = block
  const client = type === "tool_use"
  const renamed = !client || context.names.decodeClient(Json.string(name) ?? "", undefined) !== name
  return Metadata.make("anthropic", {
    type: client ? undefined : type,
    name: renamed ? name : undefined,
    serverName,
    caller
  })
}

/** The action of a toolset joins the arguments, so that one handler serves all of them. */
const endMember = (state: State, key: string, open: OpenBlock): Change => {
  const { caller, input, name, toolset_name: toolset } = open.block
  const text = open.input === "" ? textOf(input) : open.input
  const { metadata, params } = ToolParameters.parse(text)
  const all = Json.isRecord(params) ? { action: name, ...params } : params
  const [written, first] = PartStream.toolDelta(state.blocks, key, typeof all === "string" ? all : JSON.stringify(all))
  const [blocks, rest] = PartStream.end(written, key, {
    params: all,
    metadata: Metadata.merge(Metadata.make("anthropic", { name, toolset, caller }), metadata)
  })
  return { blocks, parts: [...first, ...rest] }
}

/** Blocks that are no part of the answer, but of the turn. Source: `BetaContentBlock` of `@anthropic-ai/sdk`. */
const known = new Set(["compaction", "fallback", "container_upload", "mcp_tool_listing"])

/** One that came in deltas nobody knows cannot be put together; it is told of in the metadata of the finish part alone. */
const endOther = (state: State, key: string, open: OpenBlock): Change => {
  if (open.deltas.length > 0) {
    return { blocks: state.blocks, parts: [], unknown: { content_block: open.block, deltas: open.deltas } }
  }
  const isKnown = known.has(Json.string(open.block["type"]) ?? "")
  return { ...change(carry(state.blocks, key, open.block)), ...(isKnown ? undefined : { unknown: open.block }) }
}
