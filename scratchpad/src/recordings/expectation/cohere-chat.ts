import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, parseJson, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import { readCohereError, readErrorObject } from "./cohere-errors.ts"
import { foldChatStream } from "./cohere-stream.ts"
import {
  type AnswerExpectation,
  brokenAnswer,
  type Expectation,
  type ExpectedSource,
  type ExpectedUsage,
  type Step
} from "./Expectation.ts"
import { readToolArguments } from "./tool-arguments.ts"

/**
 * The chat API, version 2. A stream is folded into the answer it would have been, and read as that. An answer that ends
 * with a reason of failure is an error, whatever its status.
 */
export const readChat = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readCohereError(response)
  const body = parseJson(response.body) ?? (exchange.stream ? foldChatStream(response.body) : undefined)
  if (body === undefined) return brokenAnswer
  const reason = stringAt(body, "finish_reason") ?? ""
  const failed = stringAt(body, "error")
  if (failed !== undefined || /^(?:ERROR|TIMEOUT)/.test(reason)) {
    const error = { message: failed ?? reason, error_type: stringAt(body, "error_type") ?? reason }
    return readErrorObject(error)
  }
  if (typeof at(body, "message") === "string") return readErrorObject(body)
  return at(body, "message") === undefined ? brokenAnswer : readAnswer(body)
}

/** What of an answer is told in another form, or says nothing. */
export const chatForm: Form = {
  spared: [
    {
      where: /^message\.(?:role|content\[\]\.type|tool_calls\[\]\.type)$/,
      why: "names of the vendor's kinds, which are kinds of parts"
    }
  ],
  takenApart: [
    { where: /^(?:message)?$/, why: "an answer is parts" },
    {
      where: /^message\.(?:content|citations|tool_calls)(?:\[\](?:\.function)?)?$/,
      why: "contents and calls are parts"
    },
    { where: /^(?:events|logprobs)$/, why: "events have no place in an answer" }
  ]
}

const finishReasonsOf = (native: string | undefined): ReadonlyArray<Response.FinishReason> => {
  switch (native) {
    case "COMPLETE":
    case "STOP_SEQUENCE":
      return ["stop"]
    case "MAX_TOKENS":
      return ["length"]
    case "TOOL_CALL":
      return ["tool-calls"]
    default:
      return ["other", "unknown"]
  }
}

/** `tokens` are what the model saw and wrote; those from a cache are among them. */
const readUsage = (usage: Json | undefined): ExpectedUsage => {
  const inputTotal = numberAt(usage, "tokens", "input_tokens")
  const cacheRead = numberAt(usage, "cached_tokens")
  return {
    inputTotal,
    inputUncached: inputTotal === undefined ? undefined : Math.max(0, inputTotal - (cacheRead ?? 0)),
    cacheRead,
    cacheWrite: undefined,
    outputTotal: numberAt(usage, "tokens", "output_tokens"),
    reasoning: numberAt(usage, "tokens", "reasoning_tokens")
  }
}

/** Each source of a citation: a page where it has an address, else a document by its title, or by its id. */
const sourcesOf = (citation: Json): ReadonlyArray<ExpectedSource> =>
  listAt(citation, "sources").map((source) => {
    const content = at(source, "document") ?? at(source, "tool_output")
    const [title, url] = [stringAt(content, "title"), stringAt(content, "url")]
    if (url !== undefined && URL.canParse(url)) return { type: "url", anyOf: [new URL(url).href], title, citation }
    const name = title ?? stringAt(source, "id")
    return { type: "document", anyOf: name === undefined ? [] : [name], title, citation }
  })

const readAnswer = (answer: Json): AnswerExpectation => {
  const message = at(answer, "message")
  const contents = listAt(message, "content")
  const texts = (member: string) => contents.map((content) => stringAt(content, member) ?? "").join("")
  const plan = stringAt(message, "tool_plan") ?? ""
  const calls = listAt(message, "tool_calls")
  return {
    kind: "answer",
    text: texts("text"),
    reasoning: texts("thinking") + plan,
    toolCalls: calls.map((call) => ({
      id: stringAt(call, "id"),
      name: stringAt(call, "function", "name") ?? "",
      arguments: readToolArguments(stringAt(call, "function", "arguments") ?? "")
    })),
    hosted: [],
    order: [
      ...contents.map((content): Step => {
        const text = stringAt(content, "text")
        return text === undefined
          ? { kind: "reasoning", text: stringAt(content, "thinking") ?? "" }
          : { kind: "text", text }
      }),
      ...(plan === "" ? [] : [{ kind: "reasoning", text: plan } as const]),
      ...calls.map((call): Step => ({ kind: "call", ids: [stringAt(call, "id") ?? ""] }))
    ],
    finishReasons: finishReasonsOf(stringAt(answer, "finish_reason")),
    usage: readUsage(at(answer, "usage")),
    sources: listAt(message, "citations").flatMap(sourcesOf),
    files: [],
    responseId: stringAt(answer, "id"),
    model: undefined,
    createdAt: undefined,
    whole: answer
  }
}
