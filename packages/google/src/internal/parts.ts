/** Decode: a part of a content → parts. */
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import { codeExecution } from "./definitions.ts"
import { applyPieces } from "./partialArgs.ts"
import type { Change, DecodeContext, State } from "./state.ts"

const nothing: ReadonlyArray<PartStream.Part> = []

export const decodePart = (context: DecodeContext, state: State, part: Json.JsonRecord): Change => {
  const { functionCall, text } = part
  if (Json.isRecord(functionCall)) return onFunctionCall(context, state, part, functionCall)
  if (typeof text === "string") return onText(state, part, text)
  const [closed, ended] = closeText(state)
  const [next, given] = decodeOther(context, closed, part)
  return [next, [...ended, ...given]]
}

const decodeOther = (context: DecodeContext, state: State, part: Json.JsonRecord): Change => {
  const { codeExecutionResult, executableCode, inlineData, toolCall, toolResponse } = part
  if (Json.isRecord(executableCode)) return onCode(context, state, part, executableCode)
  if (Json.isRecord(codeExecutionResult)) return onCodeResult(context, state, part, codeExecutionResult)
  if (Json.isRecord(toolCall)) return onToolCall(context, state, part, toolCall)
  if (Json.isRecord(toolResponse)) return onToolResponse(context, state, part, toolResponse)
  if (Json.isRecord(inlineData)) return onFile(state, part, inlineData)
  return onUnknown(state, part)
}

const signatureOf = (part: Json.JsonRecord): string | undefined => Json.string(part["thoughtSignature"])

const nextKey = (state: State): readonly [State, string] => [{ ...state, count: state.count + 1 }, `${state.count}`]

/** Ends the text or the reasoning that is open. Reasoning says that it is Google's: it has to go back as it came. */
export const closeText = (state: State): Change => {
  const { open } = state
  if (open === undefined) return [state, nothing]
  const metadata = open.type === "reasoning" ? Metadata.make("google", { thought: true }) : undefined
  const [blocks, parts] = PartStream.end(state.blocks, open.key, { metadata })
  return [{ ...state, blocks, open: undefined }, parts]
}

/**
 * The pieces of a stream are one text until one brings a signature, often an empty one: then the text is signed as it is
 * in a plain answer. What follows is another text, because two that are signed must not be joined. An empty text that
 * bears a signature is one of its own where there is no text to end.
 */
const onText = (state: State, part: Json.JsonRecord, text: string): Change => {
  const type = part["thought"] === true ? "reasoning" : "text"
  const signature = signatureOf(part)
  if (text === "" && signature === undefined) return [state, nothing]
  const [begun, before] = openText(state, type)
  const key = begun.open?.key ?? ""
  const [started, first] = PartStream.start(begun.blocks, type, key, key)
  const [written, piece] = text === "" ? [started, nothing] : PartStream.delta(started, type, key, text)
  if (signature === undefined) return [{ ...begun, blocks: written }, [...before, ...first, ...piece]]
  const metadata = Metadata.make("google", {
    thoughtSignature: signature,
    thought: type === "reasoning" ? true : undefined
  })
  const [blocks, last] = PartStream.end(written, key, { metadata })
  return [{ ...begun, blocks, open: undefined }, [...before, ...first, ...piece, ...last]]
}

/** The text or reasoning that goes on, or the next one. */
const openText = (state: State, type: "text" | "reasoning"): Change => {
  if (state.open?.type === type && state.pieces) return [state, nothing]
  const [closed, ended] = closeText(state)
  const [keyed, key] = nextKey(closed)
  return [{ ...keyed, open: { type, key } }, ended]
}

/** The id of a call: Google's own, where it gives one and did not give it before; else one that was never used. */
const takeId = (context: DecodeContext, state: State, given: unknown): readonly [State, string] => {
  const id = Json.string(given)
  if (id !== undefined && id !== "" && !state.ids.includes(id)) return [{ ...state, ids: [...state.ids, id] }, id]
  const made = state.made === 0 ? context.newId : `${context.newId}_${state.made}`
  return [{ ...state, ids: [...state.ids, made], made: state.made + 1 }, made]
}

const onFunctionCall = (
  context: DecodeContext,
  state: State,
  part: Json.JsonRecord,
  call: Json.JsonRecord
): Change => {
  const name = Json.string(call["name"])
  if (name === undefined || name === "") {
    return state.call === undefined ? onUnknown(state, part) : onCallPiece(state, call)
  }
  const [closed, texts] = closeText(state)
  const [idle, before] = closeCall(closed)
  const [keyed, key] = nextKey(idle)
  const [named, id] = takeId(context, keyed, call["id"])
  const [blocks, first] = PartStream.toolStart(named.blocks, key, { id, name })
  const begun: State = { ...named, blocks, called: true }
  const signature = signatureOf(part)
  if (call["willContinue"] === true) {
    const args = applyPieces(Json.record(call["args"]), Json.list(call["partialArgs"]))
    return [{ ...begun, call: { key, args, signature } }, [...texts, ...before, ...first]]
  }
  const args = call["args"] ?? {}
  const [ended, rest] = endCall(
    begun,
    key,
    "partialArgs" in call ? applyPieces({}, Json.list(call["partialArgs"])) : args,
    signature
  )
  return [ended, [...texts, ...before, ...first, ...rest]]
}

const onCallPiece = (state: State, call: Json.JsonRecord): Change => {
  const { call: open } = state
  if (open === undefined) return [state, nothing]
  const args = applyPieces(open.args, Json.list(call["partialArgs"]))
  const next: State = { ...state, call: { ...open, args } }
  return call["willContinue"] === true ? [next, nothing] : closeCall(next)
}

/** Ends the call whose arguments came in pieces. */
export const closeCall = (state: State): Change => {
  const { call } = state
  return call === undefined
    ? [state, nothing]
    : endCall({ ...state, call: undefined }, call.key, call.args, call.signature)
}

const endCall = (state: State, key: string, args: unknown, signature: string | undefined): Change => {
  const [written, first] = PartStream.toolDelta(state.blocks, key, textOf(args))
  const metadata = signature === undefined ? undefined : Metadata.make("google", { thoughtSignature: signature })
  const [blocks, rest] = PartStream.end(written, key, { params: args, metadata })
  return [{ ...state, blocks }, [...first, ...rest]]
}

/** What is no JSON stays the text it is, so that the tool's schema rejects it. */
const textOf = (args: unknown): string => {
  if (typeof args === "string") return args
  return Json.isRecord(args) && Object.keys(args).length === 0 ? "" : JSON.stringify(args)
}

const onCode = (context: DecodeContext, state: State, part: Json.JsonRecord, code: Json.JsonRecord): Change => {
  const { id: given, ...params } = code
  const [named, id] = takeId(context, state, given)
  return hostedCall(context, { ...named, code: id }, part, codeExecution, id, params)
}

const onCodeResult = (context: DecodeContext, state: State, part: Json.JsonRecord, result: Json.JsonRecord): Change => {
  const { id: given, ...rest } = result
  const [named, made] = state.code === undefined && typeof given !== "string"
    ? takeId(context, state, undefined)
    : [state, state.code ?? ""]
  const id = Json.string(given) ?? made
  const isFailure = result["outcome"] !== "OUTCOME_OK"
  return hostedResult(context, { ...named, code: undefined }, part, codeExecution, { id, isFailure, result: rest })
}

const onToolCall = (context: DecodeContext, state: State, part: Json.JsonRecord, call: Json.JsonRecord): Change => {
  const [named, id] = takeId(context, state, call["id"])
  return hostedCall(context, named, part, Json.string(call["toolType"]) ?? "tool", id, call["args"] ?? {})
}

const onToolResponse = (context: DecodeContext, state: State, part: Json.JsonRecord, given: Json.JsonRecord): Change =>
  hostedResult(context, state, part, Json.string(given["toolType"]) ?? "tool", {
    id: Json.string(given["id"]) ?? "",
    isFailure: false,
    result: given["response"] ?? null
  })

/** The part itself travels with the call, to go back as it came. */
const hostedCall = (
  context: DecodeContext,
  state: State,
  part: Json.JsonRecord,
  type: string,
  id: string,
  params: unknown
): Change => {
  const name = context.names.decode(type)
  const metadata = Metadata.make("google", { part })
  // What nobody declared leaves the parts further up; what has to go back would stay behind.
  if (!context.names.isDeclared(name)) {
    const call: PartStream.Part = { type: "tool-call", id, name, params, providerExecuted: true, metadata }
    const [next, carried] = carry(state, part)
    return [next, [call, ...carried]]
  }
  const [keyed, key] = nextKey(state)
  const [begun, first] = PartStream.toolStart(keyed.blocks, key, { id, name, providerExecuted: true })
  const [written, piece] = PartStream.toolDelta(begun, key, JSON.stringify(params))
  const [blocks, last] = PartStream.end(written, key, { params, metadata })
  return [{ ...keyed, blocks }, [...first, ...piece, ...last]]
}

const hostedResult = (
  context: DecodeContext,
  state: State,
  part: Json.JsonRecord,
  type: string,
  result: { readonly id: string; readonly isFailure: boolean; readonly result: unknown }
): Change => {
  const name = context.names.decode(type)
  const given: PartStream.Part = {
    type: "tool-result",
    name,
    ...result,
    providerExecuted: true,
    metadata: Metadata.make("google", { part })
  }
  if (context.names.isDeclared(name)) return [state, [given]]
  const [next, carried] = carry(state, part)
  return [next, [given, ...carried]]
}

/** A part that has none in the history travels on reasoning without text, so that the turn goes back as it was. */
const carry = (state: State, part: Json.JsonRecord): Change => {
  const [keyed, key] = nextKey(state)
  const [begun, first] = PartStream.start(keyed.blocks, "reasoning", key, key)
  const [blocks, last] = PartStream.end(begun, key, { metadata: Metadata.make("google", { part }) })
  return [{ ...keyed, blocks }, [...first, ...last]]
}

/** Pictures and speech. A picture among the thoughts is no part of the answer. */
const onFile = (state: State, part: Json.JsonRecord, data: Json.JsonRecord): Change => {
  const mediaType = Json.string(data["mimeType"]) ?? ""
  const media = Media.fromFilePart({ mediaType, data: Json.string(data["data"]) ?? "", fileName: undefined })
  if (media._tag !== "Bytes" || media.base64 === "" || part["thought"] === true) return carry(state, part)
  const signature = signatureOf(part)
  return [state, [{
    type: "file",
    mediaType: media.mediaType,
    data: media.base64,
    ...(signature === undefined ? undefined : { metadata: Metadata.make("google", { thoughtSignature: signature }) })
  }]]
}

/** One that bears nothing but a signature is no news. */
const onUnknown = (state: State, part: Json.JsonRecord): Change => {
  const members = Object.keys(part).filter((member) => member !== "thoughtSignature" && member !== "thought")
  if (members.length === 0 && signatureOf(part) === undefined) return [state, nothing]
  const [next, parts] = carry(state, part)
  return [members.length === 0 ? next : { ...next, unknown: [...next.unknown, part] }, parts]
}
