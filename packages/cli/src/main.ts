#!/usr/bin/env node
import { enableCompileCache } from "node:module"
import { handleSignals } from "./signals.ts"

handleSignals()
// What was compiled once isn't compiled again: that halves the time of a short command.
enableCompileCache()
await import("./program.ts")
