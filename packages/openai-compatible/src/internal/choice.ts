/** Decodes a choice of a chunk: the members of its delta, or of its message. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import { accumulate } from "./accumulate.ts"
import { takeAudio } from "./audio.ts"
import { takeCall, takeFunctionCall } from "./calls.ts"
import { close, type Draft, keep, onText, open, type Reading } from "./draft.ts"

/** Members of a choice that have a place of their own. */
export const choiceMembers: ReadonlySet<string> = new Set([
  "index",
  "delta",
  "message",
  "finish_reason",
  "logprobs",
  "usage"
])
const messageMembers = new Set([
  "role",
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "reasoning_details",
  "audio",
  "images",
  "annotations",
  "tool_calls",
  "function_call"
])

/** Takes what a choice brings, in the order an answer has it. */
export const onChoice = (reading: Reading, draft: Draft, choice: Json.JsonRecord): void => {
  draft.answered = true
  const delta = Json.record(choice["delta"] ?? choice["message"])
  onReasoning(reading, draft, delta)
  onContent(reading, draft, delta["content"])
  const refusal = Json.string(delta["refusal"])
  if (refusal !== undefined && refusal !== "") onText(reading, draft, "refusal", refusal)
  if (Json.isRecord(delta["audio"])) draft.audio = takeAudio(draft.audio, delta["audio"])
  Json.list(delta["images"]).forEach((image) => onImage(reading, draft, image))
  Json.list(delta["annotations"]).forEach((annotation) => onAnnotation(reading, draft, annotation))
  onCalls(reading, draft, delta)
  if (Json.isRecord(choice["logprobs"])) draft.logprobs = { last: choice["logprobs"], before: draft.logprobs }
  draft.reason = Json.string(choice["finish_reason"]) || draft.reason
  if (Json.isRecord(choice["usage"])) draft.usage = choice["usage"]
  draft.message = keep(draft.message, delta, messageMembers, accumulate)
  draft.choice = keep(draft.choice, choice, choiceMembers)
}

/** `reasoning_content` of DeepSeek and many servers, `reasoning` of vLLM and OpenRouter, and the latter's details. */
const onReasoning = (reading: Reading, draft: Draft, delta: Json.JsonRecord): void => {
  const field = Json.string(delta["reasoning_content"]) ? "reasoning_content" : "reasoning"
  const text = Json.string(delta[field]) ?? ""
  const details = Json.list(delta["reasoning_details"])
  if (text === "" && details.length === 0) return
  open(reading, draft, "reasoning", { field })
  for (const detail of details) draft.details = { last: detail, before: draft.details }
  if (text !== "") onText(reading, draft, "reasoning", text)
}

/** A text, or Mistral's list of parts, in which reasoning is a part too. */
const onContent = (reading: Reading, draft: Draft, content: unknown): void => {
  if (typeof content === "string") {
    if (content !== "") onText(reading, draft, "text", content)
    return
  }
  for (const item of Json.list(content)) {
    const part = Json.record(item)
    const text = Json.string(part["text"])
    if (part["type"] === "thinking") {
      for (const thought of Json.list(part["thinking"])) {
        const piece = Json.string(Json.record(thought)["text"]) ?? ""
        if (piece !== "") onText(reading, draft, "reasoning", piece)
      }
    } else if (part["type"] === "refusal") {
      onText(reading, draft, "refusal", Json.string(part["refusal"]) ?? "")
    } else if (text === undefined) {
      draft.unknown = { last: item, before: draft.unknown }
    } else if (text !== "") {
      onText(reading, draft, "text", text)
    }
  }
}

/** Images of OpenRouter and Google's compatible endpoint: `{ image_url: { url } }`, the bytes in the address. */
const onImage = (reading: Reading, draft: Draft, image: unknown): void => {
  const url = Json.string(Json.record(Json.record(image)["image_url"])["url"]) ?? ""
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? []
  if (mediaType === undefined || data === undefined) {
    draft.unknown = { last: image, before: draft.unknown }
    return
  }
  close(reading, draft)
  draft.out.push({ type: "file", mediaType, data })
}

const onAnnotation = (reading: Reading, draft: Draft, annotation: unknown): void => {
  const { type, url_citation: citation, ...more } = Json.record(annotation)
  const { title, url } = Json.record(citation)
  const address = Json.url(url)
  if (type !== "url_citation" || address === undefined) {
    draft.unknown = { last: annotation, before: draft.unknown }
    return
  }
  draft.out.push({
    type: "source",
    sourceType: "url",
    id: `source_${draft.sources}`,
    url: address,
    title: Json.string(title) ?? address,
    metadata: Metadata.make(reading.provider, {
      annotation: citation,
      more: Object.keys(more).length === 0 ? undefined : more
    })
  })
  draft.sources += 1
}

const onCalls = (reading: Reading, draft: Draft, delta: Json.JsonRecord): void => {
  const pieces = Json.list(delta["tool_calls"])
  const legacy = delta["function_call"]
  if (pieces.length === 0 && !Json.isRecord(legacy)) return
  close(reading, draft)
  let state = { calls: draft.calls, blocks: draft.blocks }
  for (const piece of pieces) state = { ...takeCall(reading, state, piece, draft.out) }
  if (Json.isRecord(legacy)) state = { ...takeFunctionCall(reading, state, legacy, draft.out) }
  draft.calls = state.calls
  draft.blocks = state.blocks
}
