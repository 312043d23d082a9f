/** The settings of a model, as `StackSpotLanguageModel` exports them and the encoders read them. */
import type * as Settings from "@llm-layers/core/Settings"

/**
 * Settings. All of {@link Settings.Common} but `extraBody` and `unsupported` are a typed error before the network: the
 * agent's model, instructions and sampling are set in StackSpot's portal.
 *
 * Source: ai.stackspot.com/docs, Agents API. Members marked "seen" are sent by public clients and not documented.
 */
export interface Config extends Settings.Common {
  /**
   * The conversation to go on with, from the metadata of an earlier answer. The prompt must have the new messages alone,
   * which a `ResponseIdTracker` sees to.
   */
  readonly conversationId?: string | undefined
  /** Whether StackSpot keeps the conversation, so that its id can be given to the next call. Default: with an id alone. */
  readonly useConversation?: boolean | undefined
  /** Whether the agent may use StackSpot's own knowledge, which belongs to another account. Default: no. */
  readonly stackspotKnowledge?: boolean | undefined
  /** Whether the knowledge that was used comes back, as sources. Default: yes. */
  readonly returnSources?: boolean | undefined
  /** Files for the agent to read, from `StackSpotFile.upload`. */
  readonly uploadIds?: ReadonlyArray<string> | undefined
  /** Knowledge sources to look in, besides the agent's own. Seen. */
  readonly knowledgeSourceIds?: ReadonlyArray<string> | undefined
  /** Whether knowledge sources are searched more thoroughly. Seen. */
  readonly deepSearch?: boolean | undefined
  /** Which version of the agent answers. Default: the published one. Seen. */
  readonly agentVersion?: number | undefined
  /** Which of the models that the agent allows answers. Seen. */
  readonly selectedModel?: string | undefined
}
