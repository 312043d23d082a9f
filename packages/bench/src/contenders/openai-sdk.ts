import OpenAI from "openai"
import type { Connection, Contender } from "./Contender.ts"
import { request } from "./Contender.ts"

/** The `openai` package, iterated as its README shows. */
export const openAiSdk: Contender = {
  name: "openai SDK",
  connect: (dialect, { baseUrl, fetch }) => {
    const client = new OpenAI({ apiKey: "test", baseURL: baseUrl, fetch, maxRetries: 0 })
    return dialect === "chat" ? chat(client) : responses(client)
  }
}

const chat = (client: OpenAI): Connection => {
  const body = { model: request.model, messages: [{ role: "user" as const, content: request.prompt }] }
  return {
    stream: async (onText) => {
      for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
        const delta = chunk.choices[0]?.delta.content
        if (delta) onText(delta)
      }
    },
    generate: async () => (await client.chat.completions.create(body)).choices[0]?.message.content ?? "",
    close: async () => {}
  }
}

const responses = (client: OpenAI): Connection => {
  const body = { model: request.model, input: request.prompt }
  return {
    stream: async (onText) => {
      for await (const event of await client.responses.create({ ...body, stream: true })) {
        if (event.type === "response.output_text.delta") onText(event.delta)
      }
    },
    generate: async () => (await client.responses.create(body)).output_text,
    close: async () => {}
  }
}
