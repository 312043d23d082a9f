/** A response with all a decoder of Responses can get wrong, and any response as a stream. */
import type { Json } from "../../src/recordings/json.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"
import { answered, halves, logprob, streamed } from "./exchange.ts"

const cited = (url: string, start: number): Json => ({
  type: "url_citation",
  url,
  title: `About ${url.slice(-1)}`,
  start_index: start,
  end_index: start + 5
})

const items: ReadonlyArray<Json> = [
  {
    type: "reasoning",
    id: "rs_1",
    encrypted_content: "encrypted-reasoning",
    summary: [{ type: "summary_text", text: "Thinking it over." }, { type: "summary_text", text: "Once more." }]
  },
  {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "weather", sources: [{ type: "url", url: "https://example.org/a" }] }
  },
  {
    type: "code_interpreter_call",
    id: "ci_1",
    status: "completed",
    container_id: "cntr_1",
    code: "print(40 + 2)",
    outputs: [{ type: "logs", logs: "42\n" }]
  },
  {
    type: "message",
    id: "msg_1",
    status: "completed",
    role: "assistant",
    phase: "commentary",
    content: [{
      type: "output_text",
      text: "Here it is.",
      annotations: [
        cited("https://example.org/a", 0),
        { type: "invented_citation", where: "a place nobody knows" },
        cited("https://example.org/b", 5)
      ],
      logprobs: [logprob("Here", -0.25), logprob(" it is.", -0.625)]
    }]
  },
  { type: "invented_item", id: "inv_1", payload: { note: "unheard of", amount: 7.25 } },
  {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "look",
    arguments: "{\"place\":\"Lima\",\"days\":2}",
    status: "completed"
  },
  {
    type: "function_call",
    id: "fc_2",
    call_id: "call_2",
    name: "look",
    arguments: "{\"place\":\"Oslo\"}",
    status: "completed"
  }
]

const response = (output: ReadonlyArray<Json>): { readonly [name: string]: Json } => ({
  id: "resp_1",
  object: "response",
  created_at: 1_700_000_000,
  status: "completed",
  completed_at: 1_700_000_009,
  billing: { payer: "developer" },
  model: "gpt-5.1-2025-11-13",
  service_tier: "default",
  temperature: 1,
  tools: [],
  error: null,
  output,
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 130
  }
})

export const responsesRequest = {
  model: "gpt-5.1",
  input: [{ role: "user", content: "How is it?" }],
  store: false,
  tools: [
    { type: "function", name: "look", parameters: { type: "object", properties: {} } },
    { type: "web_search" },
    { type: "code_interpreter", container: { type: "auto" } }
  ]
}

/** The events of an item. */
const eventsOf = (item: Json, output_index: number): ReadonlyArray<Json> => {
  const { arguments: args, content, id, summary, type } = item as { readonly [name: string]: Json }
  const place = { item_id: id ?? null, output_index }
  const added: Json = {
    type: "response.output_item.added",
    output_index,
    item: {
      ...(item as object),
      ...(content === undefined ? {} : { content: [] }),
      ...(summary === undefined ? {} : { summary: [] }),
      ...(args === undefined ? {} : { arguments: "" }),
      ...(type === "code_interpreter_call" ? { code: "", outputs: null } : {})
    }
  }
  const deltas: ReadonlyArray<Json> = type === "message"
    ? contents(content).flatMap((text, content_index) =>
      halves(text).map((delta) => ({ type: "response.output_text.delta", ...place, content_index, delta }))
    )
    : type === "function_call"
    ? halves(args).map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta }))
    : []
  return [added, ...deltas, { type: "response.output_item.done", output_index, item }]
}

/** The texts at the start of a message; a text of another kind has events of its own. */
const contents = (content: Json | undefined): ReadonlyArray<Json | undefined> => {
  const texts = (Array.isArray(content) ? content : []).map((part: { readonly [name: string]: Json }) => part["text"])
  const other = texts.indexOf(undefined)
  return other < 0 ? texts : texts.slice(0, other)
}

/** A response with these items, plain and as a stream. */
export const asResponse = (
  output: ReadonlyArray<Json> = items
): { readonly plain: RecordedExchange; readonly stream: RecordedExchange } => ({
  plain: answered(response(output)),
  stream: streamed(
    { type: "response.created", response: { ...response([]), status: "in_progress", completed_at: null, usage: null } },
    ...output.flatMap(eventsOf),
    { type: "response.invented", thought: "of an unknown kind" },
    { type: "response.completed", response: response(output) }
  )
})
