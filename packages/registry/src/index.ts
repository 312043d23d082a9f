export * as Cost from "./Cost.ts"
export * as ModelCatalog from "./ModelCatalog.ts"
export * as ModelFacts from "./ModelFacts.ts"
