/** A prompt without its oldest messages: core's, which others trim by, too. */
export { trim, type Trimmed } from "@llm-layers/core/PromptTrim"
