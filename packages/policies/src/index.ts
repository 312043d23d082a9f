// The policies, each a module of its own.
export * as CircuitBreaker from "./CircuitBreaker.ts"
export * as Fallback from "./Fallback.ts"
export * as RateLimit from "./RateLimit.ts"
export * as RateLimitStore from "./RateLimitStore.ts"
export * as ResponseCache from "./ResponseCache.ts"
export * as Retry from "./Retry.ts"
export * as Timeout from "./Timeout.ts"
export * as UsageLedger from "./UsageLedger.ts"
