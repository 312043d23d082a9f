/** Answers as Google gives them, given back with the next question. */
import * as GoogleTool from "@llm-layers/google/GoogleTool"
import { conversation, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { type Content, parts } from "./api.ts"
import { rate } from "./tools.ts"

const signature = "EpMCCpACARFNMg8="
const call = { functionCall: { id: "call_1", name: rate.name, args: { from: "EUR" } }, thoughtSignature: signature }

export const conversations = (api: Content): ReadonlyArray<Check> => [
  ...conversation(api, "a signed text in the history", {}, {
    answer: parts([{ text: "The Tagus.", thoughtSignature: signature }]),
    said: [signature]
  }),
  ...conversation(api, "a signature on an empty text in the history", {}, {
    answer: parts([call, { text: "", thoughtSignature: "RW1wdHlUZXh0" }]),
    tools: [rate],
    next: results(1.25),
    said: [signature, "RW1wdHlUZXh0"]
  }),
  ...conversation(api, "thoughts in the history", { thinking: { includeThoughts: true } }, {
    answer: parts([{ text: "Lisbon is at a river's mouth.", thought: true }, { text: "The Tagus." }]),
    said: ["Lisbon is at a river's mouth."]
  }),
  ...conversation(api, "parallel calls of which the first is signed in the history", {}, {
    tools: [rate],
    answer: parts([call, { functionCall: { id: "call_2", name: rate.name, args: { from: "USD" } } }]),
    next: results(1.25),
    said: [signature, "call_1", "call_2", "1.25"]
  }),
  ...conversation(api, "a call without an id in the history", {}, {
    tools: [rate],
    answer: parts([{ functionCall: { name: rate.name, args: { from: "EUR" } }, thoughtSignature: signature }]),
    next: results({ rate: 1.25 }),
    said: [signature, "1.25"]
  }),
  ...conversation(api, "a failed result in the history", {}, {
    tools: [rate],
    answer: parts([call]),
    next: results("no such currency", { isFailure: true }),
    said: ["no such currency"]
  }),
  ...conversation(api, "code execution in the history", {}, {
    tools: [GoogleTool.CodeExecution({})],
    answer: parts([
      {
        executableCode: { id: "code_1", language: "PYTHON", code: "print(6 * 7)" },
        thoughtSignature: signature
      },
      { codeExecutionResult: { id: "code_1", outcome: "OUTCOME_OK", output: "42\n" } },
      { text: "It is 42." }
    ]),
    said: [signature, "print(6 * 7)", "OUTCOME_OK"]
  }),
  ...conversation(api, "code execution nobody offers any more in the history", {}, {
    answer: parts([
      { executableCode: { language: "PYTHON", code: "print(6 * 7)" } },
      { codeExecutionResult: { outcome: "OUTCOME_FAILED", output: "no" } },
      { text: "It failed." }
    ]),
    said: ["print(6 * 7)", "OUTCOME_FAILED"]
  }),
  ...conversation(api, "a file search in the history", { includeServerSideToolInvocations: true }, {
    tools: [GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/rivers"] })],
    answer: parts([
      { toolCall: { id: "search_1", toolType: "FILE_SEARCH" }, thoughtSignature: signature },
      { toolResponse: { id: "search_1", toolType: "FILE_SEARCH" }, thoughtSignature: "UmVzcG9uc2U=" },
      { text: "It is long." }
    ], {
      groundingMetadata: { groundingChunks: [{ retrievedContext: { text: "The Tagus is long." } }] }
    }),
    said: [signature, "UmVzcG9uc2U=", "search_1"]
  }),
  ...conversation(api, "a search with sources in the history", {}, {
    tools: [GoogleTool.GoogleSearch({})],
    answer: parts([{ text: "It is 1,007 km long." }], {
      groundingMetadata: {
        groundingChunks: [{ web: { uri: "https://example.com/tagus", title: "The Tagus" } }],
        webSearchQueries: ["Tagus length"]
      }
    })
  }),
  ...conversation(api, "a picture of the model's in the history", { responseModalities: ["text", "image"] }, {
    answer: parts([{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" }, thoughtSignature: signature }]),
    said: [signature, "iVBORw0KGgo="]
  })
]
