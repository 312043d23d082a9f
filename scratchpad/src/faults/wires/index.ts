/** The providers whose faults are looked at: one file each. */
import type { Wire } from "../Wire.ts"
import { anthropic } from "./anthropic.ts"
import { cohere } from "./cohere.ts"
import { google } from "./google.ts"
import { openAiChat } from "./openai-chat.ts"
import { openAiResponses } from "./openai-responses.ts"
import { openRouter } from "./openrouter.ts"
import { stackspot } from "./stackspot.ts"

export const wires: ReadonlyArray<Wire> = [
  openAiResponses,
  openAiChat,
  anthropic,
  google,
  cohere,
  openRouter,
  stackspot
]
