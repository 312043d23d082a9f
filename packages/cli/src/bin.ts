#!/usr/bin/env node
/** What `llm-layers` starts: the command, whose code is kept compiled from one run to the next. */
import { enableCompileCache } from "node:module"

// Before anything else is loaded. Where there is no place to keep it, it is compiled each time.
enableCompileCache()
await import("./main.ts")
