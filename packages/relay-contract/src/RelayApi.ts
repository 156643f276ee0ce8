import { Schema } from "effect"
import {
  HttpApi,
  HttpApiEndpoint,
  HttpApiGroup,
  HttpApiMiddleware,
  HttpApiSchema,
  HttpApiSecurity,
  OpenApi,
} from "effect/http-api"
import { AccountId, AccountRegistration } from "./AccountRegistration.ts"
import { Attempt } from "./Callback.ts"
import type { CurrentClient } from "./CurrentClient.ts"
import {
  AccountRefused,
  NotAllowed,
  NotAuthorized,
  RelayUnavailable,
  TooManyRequests,
  TooManyWaits,
  UnknownAccount,
  UnknownWait,
  WaitConflict,
  WaitRefused,
} from "./RelayErrors.ts"
import { GenerationRegistration, Wait, WaitDetails, WaitPage, WaitQuery, WaitRegistration } from "./Wait.ts"

/** Every call carries the client's token, as a bearer: `Authorization: Bearer <token>`. */
export class RelayToken extends HttpApiMiddleware.Service<RelayToken, { provides: CurrentClient }>()(
  "@scenario-automation/relay-contract/RelayToken",
  { security: { bearer: HttpApiSecurity.bearer }, error: [NotAuthorized, TooManyRequests] },
) {}

const accountParams = { accountId: AccountId }

const accounts = HttpApiGroup.make("accounts").add(
  /** Registers or replaces an account of this client. Idempotent. */
  HttpApiEndpoint.put("register", "/accounts/:accountId", {
    params: accountParams,
    payload: AccountRegistration,
    success: HttpApiSchema.NoContent,
    error: [AccountRefused, NotAllowed, RelayUnavailable],
  }),
  /** Removes an account of this client, and cancels its waits. Idempotent. */
  HttpApiEndpoint.delete("remove", "/accounts/:accountId", {
    params: accountParams,
    success: HttpApiSchema.NoContent,
    error: [NotAllowed, RelayUnavailable],
  }),
)

const waitParams = { waitId: Schema.String.check(Schema.isPattern(/^wait_[\w-]{1,64}$/)) }

const waits = HttpApiGroup.make("waits").add(
  /** Stores a wait, and returns when it is durable. The same registration again returns the existing wait. */
  HttpApiEndpoint.post("register", "/waits", {
    payload: WaitRegistration,
    success: Wait,
    error: [UnknownAccount, WaitRefused, WaitConflict, TooManyWaits, RelayUnavailable],
  }),
  /** Stores a generation, and returns when it is durable. Then the relay submits it once, and waits for its job. */
  HttpApiEndpoint.post("submit", "/generations", {
    payload: GenerationRegistration,
    success: Wait,
    error: [UnknownAccount, WaitRefused, WaitConflict, TooManyWaits, RelayUnavailable],
  }),
  HttpApiEndpoint.get("list", "/waits", {
    query: WaitQuery,
    success: WaitPage,
    error: [WaitRefused, RelayUnavailable],
  }),
  HttpApiEndpoint.get("get", "/waits/:waitId", {
    params: waitParams,
    success: WaitDetails,
    error: [UnknownWait, RelayUnavailable],
  }),
  /** Stops a wait; its jobs continue. A wait that was delivered can't be canceled. */
  HttpApiEndpoint.post("cancel", "/waits/:waitId/cancel", {
    params: waitParams,
    success: Wait,
    error: [UnknownWait, WaitConflict, RelayUnavailable],
  }),
  /** Posts the callback once more, now, signed with the current secret. The schedule doesn't change. */
  HttpApiEndpoint.post("redeliver", "/waits/:waitId/redeliver", {
    params: waitParams,
    success: Attempt,
    error: [UnknownWait, WaitConflict, RelayUnavailable],
  }),
)

/** How to ask the relay to wait for Scenario jobs. */
export const RelayApi = HttpApi.make("scenario-relay")
  .add(accounts)
  .add(waits)
  .prefix("/v1")
  .middleware(RelayToken)
  .middleware(HttpApiMiddleware.ProblemDetails)
  .annotateMerge(
    OpenApi.annotations({
      title: "Scenario relay",
      description: "Webhooks for Scenario: one signed POST when a job ends.",
    }),
  )
