import { Data } from "effect"

/** The environment does not say whose account this is. */
export class MissingCredentials extends Data.TaggedError("MissingCredentials")<{
  readonly variables: ReadonlyArray<string>
}> {
  override get message(): string {
    const { variables } = this
    return `${variables.join(" and ")} ${variables.length === 1 ? "is" : "are"} not set: create an API key in Scenario (Settings → API keys), or try it without one on the simulator, which prints what to set: ./run simulator.`
  }
}
