import type { InputValue } from "@scenario-automation/core"

/** An input as it was typed: its name and its value. */
export type Given = readonly [name: string, value: InputValue]
