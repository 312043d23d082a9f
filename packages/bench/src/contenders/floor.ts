import type { Connection, Contender, Dialect, Endpoint } from "./Contender.ts"
import { request } from "./Contender.ts"

// Only the fields that the floor reads.
interface ChatChunk {
  readonly choices: ReadonlyArray<{ readonly delta: { readonly content?: string | null } }>
}

interface ChatBody {
  readonly choices: ReadonlyArray<{ readonly message: { readonly content: string } }>
}

interface ResponsesEvent {
  readonly type: string
  readonly delta?: string
}

interface ResponsesBody {
  readonly output: ReadonlyArray<{ readonly content: ReadonlyArray<{ readonly text: string }> }>
}

const chat = {
  path: "/chat/completions",
  body: { model: request.model, messages: [{ role: "user", content: request.prompt }] },
  delta: (json: string) => {
    const chunk: ChatChunk = JSON.parse(json)
    return chunk.choices[0]?.delta.content ?? ""
  },
  text: (json: string) => {
    const body: ChatBody = JSON.parse(json)
    return body.choices.map((choice) => choice.message.content).join("")
  }
}

const responses = {
  path: "/responses",
  body: { model: request.model, input: request.prompt },
  delta: (json: string) => {
    const event: ResponsesEvent = JSON.parse(json)
    return event.type === "response.output_text.delta" ? event.delta ?? "" : ""
  },
  text: (json: string) => {
    const body: ResponsesBody = JSON.parse(json)
    return body.output.flatMap((item) => item.content.map((part) => part.text)).join("")
  }
}

/** The least a program can do: `fetch`, `TextDecoder`, `JSON.parse`. No errors, no types, no checks. */
export const floor: Contender = {
  name: "fetch + JSON.parse",
  connect: (dialect, endpoint) => connect(dialect, endpoint)
}

const connect = (dialect: Dialect, { baseUrl, fetch }: Endpoint): Connection => {
  const protocol = dialect === "chat" ? chat : responses
  const post = (body: object) =>
    fetch(baseUrl + protocol.path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer test" },
      body: JSON.stringify(body)
    })

  return {
    stream: async (onText) => {
      const response = await post({ ...protocol.body, stream: true })
      const decoder = new TextDecoder()
      let pending = ""
      if (response.body === null) throw new Error("a response without a body")
      for await (const bytes of response.body) {
        pending += decoder.decode(bytes, { stream: true })
        let start = 0
        for (let end = pending.indexOf("\n\n"); end !== -1; end = pending.indexOf("\n\n", start)) {
          const data = pending.slice(pending.indexOf("data: ", start) + 6, end)
          start = end + 2
          if (data === "[DONE]") continue
          const delta = protocol.delta(data)
          if (delta !== "") onText(delta)
        }
        pending = pending.slice(start)
      }
    },
    generate: async () => protocol.text(await (await post(protocol.body)).text()),
    close: async () => {}
  }
}
