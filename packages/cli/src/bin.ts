#!/usr/bin/env node
/** What `llm-layers` starts: the command, whose code is kept compiled from one run to the next. */
import * as Module from "node:module"

const [major = 0] = process.versions.node.split(".").map(Number)
if (major < 22) {
  process.stderr.write(`llm-layers needs Node 22.19 or later, and this is ${process.versions.node}\n`)
  process.exit(1)
}
// Before anything else is loaded. Where there is no place to keep it, it is compiled each time.
Module.enableCompileCache()
await import("./main.ts")
