// The policies, each a module of its own.
export * as Fallback from "./Fallback.ts"
export * as RateLimit from "./RateLimit.ts"
export * as RateLimitStore from "./RateLimitStore.ts"
export * as UsageLedger from "./UsageLedger.ts"
