/** The settings of a model: those of all providers, and Acme's own. */
import type * as Settings from "@llm-layers/core/Settings"

export interface Config extends Settings.Common {
  /** Whether the model thinks before it answers. Default: Acme's, which is no. */
  readonly think?: boolean | undefined
}
