import { baseUrl, fetch, model, prompt, report } from "./answer.mjs"

await report(
  () => Promise.all([import("ai"), import("@ai-sdk/openai")]),
  async ([{ generateText }, { createOpenAI }]) => {
    const openai = createOpenAI({ apiKey: "test", baseURL: baseUrl, fetch })
    return (await generateText({ model: openai(model), prompt, maxRetries: 0 })).text
  }
)
