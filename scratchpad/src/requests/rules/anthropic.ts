/** What Anthropic refuses although its description allows it. */
import * as Json from "@llm-layers/core/Json"
import type { Sent } from "../capture.ts"
import type { Rule } from "../Vendor.ts"
import { type Dialect, strictProblems } from "./strict-schema.ts"
import { everyRecord, type Place, problem, records, repeated } from "./walk.ts"

const docs = "https://platform.claude.com/docs/en"

const messagesOf = (body: unknown): ReadonlyArray<Place> => records(body, "messages")
const blocksOf = (message: Place): ReadonlyArray<Place> => records(message.value, "content", message.path)
const isOf = (...types: ReadonlyArray<string>) => ({ value }: Place): boolean => types.includes(String(value["type"]))

const rolesAlternate: Rule = {
  name: "roles alternate",
  source:
    `${docs}/api/messages: turns in a row are combined, which moves marks and results; the provider does it itself`,
  check: ({ body }) => {
    const messages = messagesOf(body)
    return messages.filter(({ value }, index) => value["role"] === messages[index - 1]?.value["role"])
      .map((place) => problem(place, `is a second turn of the ${String(place.value["role"])} in a row`))
  }
}

const systemInPlace: Rule = {
  name: "later system messages stand after a user turn and before none",
  source: `${docs}/build-with-claude/mid-conversation-system-messages#limitations`,
  check: ({ body }) => {
    const messages = messagesOf(body)
    return messages.filter(({ value }, index) =>
      value["role"] === "system" &&
      (messages[index - 1]?.value["role"] !== "user" || messages[index + 1]?.value["role"] === "user")
    ).map((place) => problem(place, "is a system message in a place where it may not be"))
  }
}

const says: Rule = {
  name: "texts say something",
  source: "400 \"text content blocks must be non-empty\" and \"text content blocks must contain non-whitespace text\"",
  check: ({ body }) => [
    ...[...records(body, "system"), ...messagesOf(body).flatMap(blocksOf)]
      .filter(isOf("text"))
      .filter(({ value }) => String(value["text"]).trim() === "")
      .map((place) => problem(place, "is a text of nothing but white space")),
    ...messagesOf(body).filter(({ value }) => Json.list(value["content"]).length === 0)
      .map((place) => problem(place, "has no content"))
  ]
}

const resultsFirst: Rule = {
  name: "results come first, in the turn after their calls",
  source: `${docs}/agents-and-tools/tool-use/handle-tool-calls: tool_result blocks first; 400 "tool_use ids were found
without tool_result blocks immediately after"`,
  check: ({ body }) => {
    const messages = messagesOf(body)
    return messages.flatMap((message, index) => {
      const blocks = blocksOf(message)
      const results = blocks.filter(isOf("tool_result"))
      const late = blocks.findIndex((block) => !isOf("tool_result")(block))
      const called = blocksOf(messages[index - 1] ?? { path: "", value: {} }).filter(isOf("tool_use"))
      const calls = called.map(({ value }) => value["id"])
      const answered = results.map(({ value }) => value["tool_use_id"])
      return [
        ...(late >= 0 && blocks.slice(late).some(isOf("tool_result"))
          ? [problem(message, "has a result after another block")]
          : []),
        ...answered.filter((id) => !calls.includes(id)).map((id) =>
          problem(message, `has a result of ${String(id)}, which the turn before did not call`)
        ),
        ...(message.value["role"] === "user" || messages[index - 1] === undefined
          ? calls.filter((id) => !answered.includes(id)).map((id) =>
            problem(message, `lacks the result of ${String(id)}`)
          )
          : []),
        ...repeated(answered).map((id) => problem(message, `has two results of ${String(id)}`))
      ]
    })
  }
}

const failures: Rule = {
  name: "failures are text",
  source:
    "400 \"content cannot be empty if `is_error` is true\" and \"all content must be type 'text' if 'is_error' is true\"",
  check: ({ body }) =>
    messagesOf(body).flatMap(blocksOf).filter(isOf("tool_result")).filter(({ value }) => value["is_error"] === true)
      .filter(({ value: { content } }) =>
        Array.isArray(content)
          ? content.length === 0 || content.some((one) => Json.record(one)["type"] !== "text")
          : typeof content !== "string" || content.trim() === ""
      )
      .map((place) => problem(place, "is a failure with no text, or with more than text"))
}

const marks: Rule = {
  name: "four cache marks, the longer ones first",
  source: `${docs}/build-with-claude/prompt-caching: up to 4 breakpoints; ttl 1h before 5m`,
  check: ({ body }) => {
    const { cache_control: own, ...rest } = Json.record(body)
    // The order in which a prefix is made: tools, system, messages.
    const inOrder = [rest["tools"], rest["system"], rest["messages"]]
    const found = inOrder.flatMap((one) => everyRecord(one)).flatMap(({ value }) =>
      Json.isRecord(value["cache_control"]) ? [value["cache_control"]] : []
    )
    const all = Json.isRecord(own) ? [...found, own] : found
    const ttls = all.map(({ ttl }) => ttl === "1h" ? "1h" : "5m")
    return [
      ...(all.length > 4 ? [problem({ path: "" }, `has ${all.length} cache marks`)] : []),
      ...(ttls.lastIndexOf("1h") > ttls.indexOf("5m") && ttls.includes("5m")
        ? [problem({ path: "" }, "has a cache mark of an hour after one of five minutes")]
        : [])
    ]
  }
}

const notMarked: Rule = {
  name: "no cache mark on thinking",
  source: `${docs}/build-with-claude/prompt-caching#what-cannot-be-cached`,
  check: ({ body }) =>
    messagesOf(body).flatMap(blocksOf).filter(isOf("thinking", "redacted_thinking"))
      .filter(({ value }) => "cache_control" in value)
      .map((place) => problem(place, "is thinking with a cache mark"))
}

const signed: Rule = {
  name: "thinking is signed",
  source: `${docs}/build-with-claude/extended-thinking#preserving-thinking-blocks`,
  check: ({ body }) =>
    messagesOf(body).flatMap(blocksOf).filter(isOf("thinking"))
      .filter(({ value }) => typeof value["signature"] !== "string" || value["signature"] === "")
      .map((place) => problem(place, "is thinking without a signature"))
}

const dialect: Dialect = {
  keywords: new Set(["title", "description", "format", "pattern", "minItems", "default"]),
  allRequired: false,
  recursive: false,
  objectRoot: false,
  maxDepth: Number.POSITIVE_INFINITY
}

const strictSchemas: Rule = {
  name: "schemas answers are held to",
  source: `${docs}/build-with-claude/structured-outputs#json-schema-limitations`,
  check: ({ body }) => [
    ...records(body, "tools").filter(({ value }) => value["strict"] === true).flatMap(({ path, value }) =>
      strictProblems(value["input_schema"], dialect, `${path}/input_schema`)
    ),
    ...everyRecord(Json.record(body)["output_config"], "/output_config")
      .filter(({ path }) => path === "/output_config/format")
      .flatMap(({ path, value }) => strictProblems(value["schema"], dialect, `${path}/schema`))
  ]
}

const toolNames: Rule = {
  name: "no name of a tool twice",
  source: "400 \"tools: Tool names must be unique.\"",
  check: ({ body }) =>
    repeated(records(body, "tools").flatMap(({ value }) => "name" in value ? [value["name"]] : []))
      .map((name) => problem({ path: "/tools" }, `has ${JSON.stringify(name)} more than once`))
}

const choiceNeedsTools: Rule = {
  name: "tool choice with tools alone",
  source: "400 \"tool_choice may only be specified while providing tools\"",
  check: ({ body }) =>
    "tool_choice" in Json.record(body) && records(body, "tools").length === 0
      ? [problem({ path: "/tool_choice" }, "is there without tools")]
      : []
}

const endsClean: Rule = {
  name: "no white space at the end of a prefill",
  source: "400 \"messages: final assistant content cannot end with trailing whitespace\"",
  check: ({ body }) => {
    const last = messagesOf(body).at(-1)
    const block = last === undefined ? undefined : blocksOf(last).at(-1)
    const text = Json.string(block?.value["text"])
    return last?.value["role"] === "assistant" && block !== undefined && text !== undefined && text.trimEnd() !== text
      ? [problem(block, "ends with white space")]
      : []
  }
}

const sampling: Rule = {
  name: "no sampling settings since 2026-10-21",
  source: `${docs}/api/migration-2026-10-21`,
  check: ({ body, headers }) =>
    (headers.get("anthropic-version") ?? "") < "2026-10-21" ? [] : ["temperature", "top_p", "top_k"]
      .filter((member) => member in Json.record(body))
      .map((member) => problem({ path: `/${member}` }, "is there under a version that refuses it"))
}

const thinking: Rule = {
  name: "what thinking allows",
  source: `${docs}/build-with-claude/extended-thinking: a budget of 1,024 or more, below max_tokens; no forced tool`,
  check: ({ body, headers }) => {
    const { max_tokens: limit, thinking: asked, tool_choice: choice } = Json.record(body)
    const budget = Json.number(Json.record(asked)["budget_tokens"])
    if (budget === undefined) return []
    const interleaved = (headers.get("anthropic-beta") ?? "").includes("interleaved-thinking")
    return [
      ...(budget < 1024 ? [problem({ path: "/thinking" }, `has a budget of ${budget}`)] : []),
      ...(budget >= Number(limit) && !interleaved
        ? [problem({ path: "/thinking" }, "has a budget above max_tokens")]
        : []),
      ...(["any", "tool"].includes(String(Json.record(choice)["type"]))
        ? [problem({ path: "/tool_choice" }, "forces a call while the model thinks")]
        : [])
    ]
  }
}

const citations: Rule = {
  name: "citations of all documents or of none",
  source: `${docs}/build-with-claude/citations: all or none of the documents in a request`,
  check: ({ body }) => {
    const asked = messagesOf(body).flatMap(blocksOf).filter(isOf("document"))
      .map(({ value }) => Json.record(value["citations"])["enabled"] === true)
    return new Set(asked).size > 1 ? [problem({ path: "/messages" }, "has documents with and without citations")] : []
  }
}

/** The betas a request has to name, by what is in it. Source: the headers `@anthropic-ai/sdk` lists for each. */
const betaOf: ReadonlyArray<readonly [beta: RegExp, isIn: (body: Json.JsonRecord) => boolean]> = [
  [/^mcp-client-/, (body) => "mcp_servers" in body],
  [/^context-management-/, (body) => "context_management" in body],
  [/^advisor-tool-/, (body) => hasTool(body, /^advisor_/)],
  [/^computer-use-/, (body) => hasTool(body, /^computer_2025/)],
  [/^task-budgets-/, (body) => "task_budget" in Json.record(body["output_config"])],
  [/^fast-mode-/, (body) => "speed" in body],
  [/^server-side-fallback-/, (body) => "fallbacks" in body],
  [/^thinking-display-updates-/, (body) => Json.record(body["thinking"])["display"] === "updates"]
]

const hasTool = (body: Json.JsonRecord, type: RegExp): boolean =>
  records(body, "tools").some(({ value }) => type.test(String(value["type"])))

const betas: Rule = {
  name: "betas are named",
  source: `${docs}/api/beta-headers`,
  check: ({ body, headers }: Sent) => {
    const named = (headers.get("anthropic-beta") ?? "").split(",")
    return betaOf.filter(([beta, isIn]) => isIn(Json.record(body)) && !named.some((one) => beta.test(one)))
      .map(([beta]) => problem({ path: "" }, `needs a beta header ${beta.source}`))
  }
}

export const anthropicRules: ReadonlyArray<Rule> = [
  rolesAlternate,
  systemInPlace,
  says,
  resultsFirst,
  failures,
  marks,
  notMarked,
  signed,
  strictSchemas,
  toolNames,
  choiceNeedsTools,
  endsClean,
  sampling,
  thinking,
  citations,
  betas
]
