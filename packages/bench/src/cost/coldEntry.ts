/** What a host takes of the core: bundled, to see what it weighs. */
export { generate, Scenario, ScenarioConfig } from "@scenario-automation/core"
