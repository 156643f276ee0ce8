import { Context } from "effect"

/** The client whose token a call carries. */
export class CurrentClient extends Context.Service<CurrentClient, { readonly clientId: string }>()(
  "@scenario-automation/relay-contract/CurrentClient",
) {}
