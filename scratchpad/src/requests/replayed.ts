/**
 * Conversations that begin with one API and go on with another, as a program has them that changes its model, or that no
 * longer offers a tool. What another vendor gave is to be said in this one's words, or left out with a warning.
 */
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import { ask } from "./ask.ts"
import type { Api, Check, LanguageApi, Vendor } from "./Vendor.ts"

/** The vendors, each language API of which goes on with all conversations. */
export const replayed = (vendors: ReadonlyArray<Vendor>): ReadonlyArray<Vendor> => {
  const begun = vendors.flatMap((vendor) =>
    vendor.apis.flatMap((api) =>
      api.checks.filter((check) => check.mode === "generate").map((check) => ({
        ...check,
        name: `${vendor.name} ${api.name}: ${check.name}`
      }))
    )
  )
  const goingOn = (api: Api): Api => {
    const { language } = api
    return language === undefined
      ? api
      : { ...api, checks: [...api.checks, ...begun.flatMap((check) => goOn(language, check))] }
  }
  return vendors.map((vendor) => ({ ...vendor, apis: vendor.apis.map(goingOn) }))
}

const goOn = (api: LanguageApi, { history, name }: Check): ReadonlyArray<Check> => {
  if (history === undefined) return []
  const [model] = api.models
  const own = history.tools.filter((tool) => !Tool.isProviderDefined(tool))
  return [{
    name,
    model,
    mode: "generate",
    answers: [api.answer("Yes.")],
    said: [],
    refusedFor: [],
    run: (fetch) =>
      Effect.gen(function*() {
        const prompt = yield* history.prompt
        const asked = ConformancePrompts.make({ name, prompt, tools: own })
        const got = yield* Effect.provide(ask(asked, "generate"), api.layer(model, {}, fetch))
        return { ...got, said: ConformancePrompts.said({ ...asked, prompt: shared(prompt, own) }) }
      })
  }]
}

/** What means the same with every vendor: texts, and calls of the program's own tools. */
const shared = (prompt: Prompt.Prompt, tools: ReadonlyArray<Tool.Any>): Prompt.Prompt => {
  const isShared = (part: Prompt.AssistantMessagePart): boolean =>
    part.type === "text" || part.type === "tool-call" && tools.some((tool) => tool.name === part.name)
  return Prompt.fromMessages(prompt.content.map((message) =>
    message.role === "assistant"
      ? Prompt.assistantMessage({ content: message.content.filter(isShared) })
      : message
  ))
}
