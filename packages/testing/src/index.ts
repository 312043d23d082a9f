export * as ConformancePrompts from "./ConformancePrompts.ts"
export * as LoopbackServer from "./LoopbackServer.ts"
export * as ScriptedModel from "./ScriptedModel.ts"
