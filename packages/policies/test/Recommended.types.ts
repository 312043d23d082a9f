import type * as Policy from "@llm-layers/core/Policy"
import * as Recommended from "../src/Recommended.ts"
import type * as UsageLedger from "../src/UsageLedger.ts"

export const whole: Policy.Policy<UsageLedger.UsageLedger> = Recommended.make()
export const some: Policy.Policy<UsageLedger.UsageLedger> = Recommended.make({ cache: true, retry: false })
export const without: Policy.Policy = Recommended.make({ usageLedger: false })

// @ts-expect-error: a ledger is needed
export const missing: Policy.Policy = Recommended.make({ timeout: false })

// @ts-expect-error: the token limit needs to know the window
export const windowless = Recommended.make({ tokenLimit: {} })

// @ts-expect-error: no such member
export const unknown = Recommended.make({ retries: { times: 2 } })
