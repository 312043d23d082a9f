import { padding } from "./text.ts"

const common = {
  id: "chatcmpl-C8nB3wBJd1yVxT5mQe0kZpLhA7uR2",
  created: 1_790_000_000,
  model: "gpt-5.1-2025-11-13",
  service_tier: "default",
  system_fingerprint: null
}

const usageOf = (completionTokens: number) => ({
  prompt_tokens: 12,
  completion_tokens: completionTokens,
  total_tokens: 12 + completionTokens,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0
  }
})

/** A Chat Completions stream: role, one chunk per delta, finish reason, usage, `[DONE]`. */
export const chatEvents = (deltas: ReadonlyArray<string>): ReadonlyArray<string> => {
  const chunk = (delta: object, finishReason: string | null, index: number) =>
    event({
      ...common,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: finishReason }],
      usage: null,
      obfuscation: padding(index)
    })
  return [
    chunk({ role: "assistant", content: "", refusal: null }, null, 0),
    ...deltas.map((content, index) => chunk({ content }, null, index)),
    chunk({}, "stop", 0),
    event({ ...common, object: "chat.completion.chunk", choices: [], usage: usageOf(deltas.length), obfuscation: "" }),
    "data: [DONE]\n\n"
  ]
}

/** A Chat Completions answer that is not streamed. */
export const chatBody = (deltas: ReadonlyArray<string>) => ({
  ...common,
  object: "chat.completion",
  choices: [{
    index: 0,
    message: { role: "assistant", content: deltas.join(""), refusal: null, annotations: [] },
    finish_reason: "stop"
  }],
  usage: usageOf(deltas.length)
})

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`
