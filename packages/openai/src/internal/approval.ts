/** Marks the id of an answer, so that `effect/ai` does not look for the handler of a tool that is at OpenAI. */
const prefix = "openai:"

/** The id of the answer to a request. */
export const answerId = (approvalId: string): string => `${prefix}${approvalId}`

/** The id of the request, of an answer marked or not. */
export const requestId = (answerId: string): string =>
  answerId.startsWith(prefix) ? answerId.slice(prefix.length) : answerId
