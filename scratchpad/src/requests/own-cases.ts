/** Cases of one vendor: its settings, its options on prompts, its tools, and its own answers given back to it. */
import * as Json from "@llm-layers/core/Json"
import type * as Settings from "@llm-layers/core/Settings"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import { ask } from "./ask.ts"
import { type Answer, capture } from "./capture.ts"
import { checksOf } from "./shared-cases.ts"
import type { Check, LanguageApi } from "./Vendor.ts"

type Asked = Partial<Omit<ConformancePrompts.PromptCase, "name" | "settings" | "prompt">> & {
  readonly prompt?: Prompt.RawInput
  /** Default: the first of the API. */
  readonly model?: string
  /** What else has to be found in the request: values of options on prompts, for one. */
  readonly said?: ReadonlyArray<string>
}

const question = "Name three rivers."

/** A case whose settings, too, have to be found in the request. */
export const own = <S extends Settings.Common>(
  api: LanguageApi<S>,
  name: string,
  settings: S,
  { model = api.models[0], said = [], ...asked }: Asked = {}
): ReadonlyArray<Check> => {
  const made = ConformancePrompts.make({ ...asked, name, prompt: asked.prompt ?? question })
  const given = Object.entries(Json.record(settings)).filter(([setting]) => !elsewhere.has(setting)).flatMap(
    ([setting, value]) => valuesOf(value).map((one) => ({ what: `the setting ${setting}`, forms: [one] }))
  )
  const more = [...given, ...made.tools.flatMap(argumentsOf).map(spoken), ...said.map(spoken)]
  return checksOf(api, model, made, settings).map((check) => ({ ...check, said: [...check.said, ...more] }))
}

/** A tool of the vendor, offered. */
export const ownTool = <S extends Settings.Common>(
  api: LanguageApi<S>,
  tool: Tool.Any,
  settings: S,
  asked: Asked = {}
): ReadonlyArray<Check> => own(api, `the tool ${tool.name}`, settings, { tools: [tool], needs: ["tools"], ...asked })

/** An answer of the vendor, given back to it with the next question. */
export const conversation = <S extends Settings.Common>(
  api: LanguageApi<S>,
  name: string,
  settings: S,
  turn: Asked & {
    readonly answer: Answer
    /** What comes after the answer. Default: a question. */
    readonly next?: (parts: ReadonlyArray<Response.AnyPart>) => ReadonlyArray<Prompt.MessageEncoded>
  }
): ReadonlyArray<Check> => {
  const { answer, model = api.models[0], next = () => [{ role: "user", content: "Go on." }], said = [], ...asked } =
    turn
  const first = ConformancePrompts.make({ ...asked, name, prompt: asked.prompt ?? question })
  const begun = Effect.map(ConformancePrompts.generate(first), ({ parts }) => {
    const history = Prompt.concat(first.prompt, Prompt.fromResponseParts(parts))
    return Prompt.concat(history, Prompt.make(next(parts)))
  })
  const prompt = Effect.suspend(() => Effect.provide(begun, api.layer(model, settings, capture([answer]).fetch)))
  return checksOf(api, model, first, settings).map((check): Check => ({
    ...check,
    answers: [answer, api.answer("Yes.")],
    said: [...check.said, ...said.map(spoken)],
    history: { prompt, tools: first.tools },
    run: (fetch) =>
      Effect.flatMap(begun, (prompt) => ask({ ...first, prompt }, check.mode === "stream" ? "stream" : "generate"))
        .pipe(
          Effect.provide(api.layer(model, settings, fetch))
        )
  }))
}

/** The results of the calls of an answer. */
export const results =
  (result: unknown, more: Partial<Prompt.ToolResultPartEncoded> = {}) =>
  (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<Prompt.MessageEncoded> => [{
    role: "tool",
    content: parts.flatMap((part) =>
      part.type === "tool-call" && !part.providerExecuted
        ? [{ type: "tool-result", id: part.id, name: part.name, isFailure: false, result, ...more }]
        : []
    )
  }]

/** The texts and numbers in a value. */
const valuesOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string" && value !== "") return [value]
  if (typeof value === "number") return [String(value)]
  if (Array.isArray(value)) return value.flatMap(valuesOf)
  if (!Json.isRecord(value)) return []
  return Object.entries(value).filter(([key]) => !elsewhere.has(key)).flatMap(([, one]) => valuesOf(one))
}

/** Settings that are no part of a body. */
const elsewhere = new Set(["unsupported", "betas", "failureMode", "concurrency"])

const argumentsOf = (tool: Tool.Any): ReadonlyArray<string> => Tool.isProviderDefined(tool) ? valuesOf(tool.args) : []

const spoken = (value: string): ConformancePrompts.Said => ({ what: "what was asked", forms: [value] })
