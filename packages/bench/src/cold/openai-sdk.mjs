import { baseUrl, fetch, model, prompt, report } from "./answer.mjs"

await report(
  () => import("openai"),
  async ({ default: OpenAI }) => {
    const client = new OpenAI({ apiKey: "test", baseURL: baseUrl, fetch, maxRetries: 0 })
    return (await client.responses.create({ model, input: prompt })).output_text
  }
)
