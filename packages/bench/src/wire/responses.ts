import { padding } from "./text.ts"

const itemId = "msg_0a1b2c3d4e5f60718293a4b5c6d7e8f9"

const usageOf = (outputTokens: number) => ({
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 12 + outputTokens
})

const response = {
  id: "resp_0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071",
  object: "response",
  created_at: 1_790_000_000,
  status: "in_progress",
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  model: "gpt-5.1-2025-11-13",
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: "none", summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  usage: null,
  user: null,
  metadata: {}
}

const textPart = (text: string) => ({ type: "output_text", annotations: [], logprobs: [], text })

const message = (text: string) => ({
  id: itemId,
  type: "message",
  status: "completed",
  content: [textPart(text)],
  role: "assistant"
})

/** A Responses answer that is not streamed. */
export const responsesBody = (deltas: ReadonlyArray<string>) => ({
  ...response,
  status: "completed",
  output: [message(deltas.join(""))],
  usage: usageOf(deltas.length)
})

/** A Responses stream: one message, one event per delta, then the events that repeat the whole. */
export const responsesEvents = (deltas: ReadonlyArray<string>): ReadonlyArray<string> => {
  const text = deltas.join("")
  const place = { item_id: itemId, output_index: 0, content_index: 0 }
  const events = [
    { type: "response.created", response },
    { type: "response.in_progress", response },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...message(""), status: "in_progress", content: [] }
    },
    { type: "response.content_part.added", ...place, part: textPart("") },
    ...deltas.map((delta, index) => ({
      type: "response.output_text.delta",
      ...place,
      delta,
      logprobs: [],
      obfuscation: padding(index)
    })),
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.content_part.done", ...place, part: textPart(text) },
    { type: "response.output_item.done", output_index: 0, item: message(text) },
    { type: "response.completed", response: responsesBody(deltas) }
  ]
  return events.map(({ type, ...data }, index) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...data })}\n\n`
  )
}
