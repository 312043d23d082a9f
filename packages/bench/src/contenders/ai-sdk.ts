import { createOpenAI } from "@ai-sdk/openai"
import { generateText, streamText } from "ai"
import type { Contender } from "./Contender.ts"
import { request } from "./Contender.ts"

/** Vercel's AI SDK: `streamText` read through `textStream`, and `generateText`. */
export const aiSdk: Contender = {
  name: "AI SDK",
  connect: (dialect, { baseUrl, fetch }) => {
    const openai = createOpenAI({ apiKey: "test", baseURL: baseUrl, fetch })
    const options = {
      model: dialect === "chat" ? openai.chat(request.model) : openai.responses(request.model),
      prompt: request.prompt,
      maxRetries: 0,
      telemetry: { isEnabled: false }
    }
    return {
      stream: async (onText) => {
        // Without `onError` a failure is only written to the console.
        let failure: { readonly error: unknown } | undefined
        const result = streamText({
          ...options,
          onError: ({ error }) => {
            failure = { error }
          }
        })
        for await (const delta of result.textStream) onText(delta)
        if (failure !== undefined) throw failure.error
      },
      generate: async () => (await generateText(options)).text,
      close: async () => {}
    }
  }
}
