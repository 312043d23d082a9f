import { aiSdk } from "./ai-sdk.ts"
import type { Contender } from "./Contender.ts"
import { floor } from "./floor.ts"
import { llmLayers } from "./llm-layers.ts"
import { openAiSdk } from "./openai-sdk.ts"

/** Everybody who is measured, the floor first. */
export const contenders: ReadonlyArray<Contender> = [floor, openAiSdk, aiSdk, llmLayers]
