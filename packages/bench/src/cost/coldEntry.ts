/** What a host imports from core; bundled to measure its size. */
export { generate, Scenario, ScenarioConfig } from "@scenario-automation/core"
