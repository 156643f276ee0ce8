import { RelayUnavailable } from "@scenario-automation/relay-contract"
import { Effect } from "effect"

/** The response while the database can't be reached. */
export const unavailable = (): Effect.Effect<never, RelayUnavailable> =>
  Effect.fail(new RelayUnavailable({ message: "The relay can't reach its database. Try again." }))
