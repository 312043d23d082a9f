export * as LoopbackServer from "./LoopbackServer.ts"
export * as ScriptedModel from "./ScriptedModel.ts"
