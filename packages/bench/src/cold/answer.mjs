/** What every cold program is given: an address, an answer without a network, and a way to report its times. */
export const baseUrl = "http://127.0.0.1:1/v1"
export const model = "gpt-5.1"
export const prompt = "Say something short."

const text = "Something short."

const body = JSON.stringify({
  id: "resp_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
  object: "response",
  created_at: 1_790_000_000,
  status: "completed",
  error: null,
  incomplete_details: null,
  model,
  output: [{
    id: "msg_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    type: "message",
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", annotations: [], logprobs: [], text }]
  }],
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  usage: {
    input_tokens: 12,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 3,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15
  }
})

export const fetch = async () => new Response(body, { headers: { "content-type": "application/json" } })

/** Times a program: what it imports, then its first plain call. Writes both times in milliseconds since the start. */
export const report = async (load, firstAnswer) => {
  const start = performance.now()
  const modules = await load()
  const imported = performance.now() - start
  const answer = await firstAnswer(modules)
  const answered = performance.now() - start
  if (answer !== text) throw new Error(`the answer was ${answer}`)
  console.log(JSON.stringify({ imported, answered }))
}
