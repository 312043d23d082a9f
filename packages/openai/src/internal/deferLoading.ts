/** The mark that requests look for. Apart from the tools, which a program that has none need not load. */
import * as Context from "effect/Context"

export const deferLoading = Context.Reference<boolean>("@llm-layers/openai/OpenAiTool/DeferLoading", {
  defaultValue: () => false
})
