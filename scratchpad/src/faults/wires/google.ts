import { GoogleClient, GoogleLanguageModel } from "@llm-layers/google"
import { Layer } from "effect"
import type { Failed, Said, Wire } from "../Wire.ts"

const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 }

const chunk = (parts: ReadonlyArray<object>, end: object = {}) => ({
  candidates: [{ content: { parts, role: "model" }, index: 0, ...end }],
  usageMetadata,
  modelVersion: "gemini-3.5-flash",
  responseId: "resp_1"
})

const event = (data: unknown) => `data: ${JSON.stringify(data)}\r\n\r\n`

/** Arguments come as JSON; what is no JSON comes as a text. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const calls = ({ call }: Said): ReadonlyArray<object> =>
  call === undefined ? [] : [{ functionCall: { id: "call_1", name: call.name, args: parsed(call.arguments) } }]

/** Statuses: `google.rpc.Code`, as the API maps them. */
const codes: { readonly [status: string]: number | undefined } = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504
}

const detail = (type: string, members: object) => ({ "@type": `type.googleapis.com/google.rpc.${type}`, ...members })

/** A quota has a name of its own; all other codes are reasons. */
const detailsOf = ({ code }: Failed) => {
  if (code === undefined) return undefined
  return code.includes("Per")
    ? [detail("QuotaFailure", { violations: [{ quotaId: code }] })]
    : [detail("ErrorInfo", { reason: code, domain: "googleapis.com" })]
}

const error = (failed: Failed, details: ReadonlyArray<object> | undefined = detailsOf(failed)) => {
  const status = failed.type ?? "INVALID_ARGUMENT"
  return { error: { code: codes[status] ?? 500, message: failed.message, status, ...(details && { details }) } }
}

/** Sources: ai.google.dev/gemini-api/docs/troubleshooting, and recorded answers. */
const rejections: Wire["rejections"] = {
  "wrong key": [{
    status: 400,
    failed: { code: "API_KEY_INVALID", message: "API key not valid. Please pass a valid API key." }
  }],
  "missing key": [{
    status: 403,
    failed: {
      type: "PERMISSION_DENIED",
      message: "Method doesn't allow unregistered callers (callers without established identity). Please use API Key "
        + "or other form of API consumer identity to call this API."
    }
  }],
  "expired key": [{
    status: 400,
    failed: { code: "API_KEY_INVALID", message: "API key expired. Please renew the API key." }
  }],
  "key without permission": [{
    status: 403,
    failed: { type: "PERMISSION_DENIED", message: "Your API key doesn't have the required permissions." }
  }],
  "unknown model": [{
    status: 404,
    failed: {
      type: "NOT_FOUND",
      message: "models/gemini-0 is not found for API version v1beta, or is not supported for generateContent."
    }
  }],
  "context too long": [{
    status: 400,
    failed: { message: "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576)." }
  }],
  "content refused by policy": "a prompt that is blocked is an answer with a good status",
  "quota exhausted": [
    {
      status: 429,
      failed: {
        type: "RESOURCE_EXHAUSTED",
        code: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        message: "You exceeded your current quota, please check your plan and billing details."
      }
    },
    {
      status: 429,
      failed: { type: "RESOURCE_EXHAUSTED", message: "Your prepayment credits are depleted." }
    }
  ],
  "server error": [{ status: 500, failed: { type: "INTERNAL", message: "An internal error has occurred." } }],
  "overloaded": [{ status: 503, failed: { type: "UNAVAILABLE", message: "The model is overloaded." } }],
  "invalid request": [{ status: 400, failed: { message: "Invalid value at 'contents'" } }]
}

const typeOfStatus: { readonly [status: number]: string | undefined } = {
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED"
}

const models = "/v1beta/models/gemini-3.5-flash"

export const google: Wire = {
  name: "Google",
  lacks: { unseenVideo: "Gemini sees videos" },
  module: "GoogleLanguageModel",
  path: `${models}:generateContent`,
  streamPath: `${models}:streamGenerateContent?alt=sse`,
  model: "gemini-3.5-flash",
  // ai.google.dev/gemini-api/docs/speech-generation: text in, speech out.
  blind: { model: "gemini-2.5-flash-preview-tts", mediaType: "image/png" },
  layer: (model, options) => GoogleLanguageModel.model(model).pipe(Layer.provide(GoogleClient.layer(options))),
  fromEnvironment: (model) => GoogleLanguageModel.model(model).pipe(Layer.provide(GoogleClient.layerConfig())),
  keyVariable: "GOOGLE_API_KEY",
  rejections,
  failedWith: (status) => ({ type: typeOfStatus[status], message: "Something went wrong." }),
  errorEvents: {
    "overloaded": { type: "UNAVAILABLE" },
    "rate limit": { type: "RESOURCE_EXHAUSTED" },
    "server error": { type: "INTERNAL" }
  },
  error: (failed) => JSON.stringify(error(failed)),
  errorWithWait: (seconds) =>
    JSON.stringify(
      error({ type: "RESOURCE_EXHAUSTED", message: "Slow down." }, [
        detail("RetryInfo", { retryDelay: `${seconds}s` })
      ])
    ),
  errorEvent: (failed) => event(error(failed)),
  answer: (said) =>
    JSON.stringify(chunk([
      ...(said.deltas === undefined ? [] : [{ text: said.deltas.join("") }]),
      ...calls(said)
    ], { finishReason: "STOP" })),
  stream: (said) => ({
    before: [
      ...(said.deltas ?? []).map((text) => event(chunk([{ text }]))),
      ...calls(said).map((call) => event(chunk([call])))
    ],
    terminal: [event(chunk([{ text: "" }], { finishReason: "STOP" }))]
  }),
  unheard: [
    event({ thing: { start: 7 } }),
    `event: what\ndata: {"no":"type"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
