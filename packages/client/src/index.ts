export * from "@scenario-automation/core/promise"
