#!/usr/bin/env node
import { enableCompileCache } from "node:module"
import { handleSignals } from "./signals.ts"

handleSignals()
// Halves the time of a short command.
enableCompileCache()
await import("./program.ts")
