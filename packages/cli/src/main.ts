/** The command `llm-layers`. What a subcommand needs is loaded when it runs: see `command/`. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { ask } from "./command/ask.ts"
import { chat } from "./command/chat.ts"
import { compare } from "./command/compare.ts"
import { cost } from "./command/cost.ts"
import { count } from "./command/count.ts"
import { embed } from "./command/embed.ts"
import { models } from "./command/models.ts"
import { providers } from "./command/providers.ts"
import * as Run from "./run.ts"
import { version } from "./version.ts"

ask.pipe(
  Command.withSubcommands([chat, compare, models, count, cost, embed, providers]),
  Run.asProcess(version),
  Effect.provide(NodeServices.layer),
  Run.main
)
