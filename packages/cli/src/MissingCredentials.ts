import { Data } from "effect"

/** The environment has no API key. */
export class MissingCredentials extends Data.TaggedError("MissingCredentials")<{
  readonly variables: ReadonlyArray<string>
}> {
  override get message(): string {
    const { variables } = this
    return `${variables.join(" and ")} ${variables.length === 1 ? "is" : "are"} not set. Create an API key in Scenario (Project Settings → API Keys). To try it without a key, run npx @scenario-automation/simulator, which prints the variables to set.`
  }
}
