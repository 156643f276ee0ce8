import {
  HttpApi,
  HttpApiEndpoint,
  HttpApiGroup,
  HttpApiMiddleware,
  HttpApiSchema,
  HttpApiSecurity,
} from "effect/http-api"
import { AccountId, AccountRegistration } from "./AccountRegistration.ts"
import { AccountRefused, NotAuthorized, TooManyWaits, UnknownAccount, WaitRefused } from "./RelayErrors.ts"
import { Wait, WaitRegistration } from "./WaitRegistration.ts"

/** Every call carries the relay's own token, as a bearer: `Authorization: Bearer <token>`. */
export class RelayToken extends HttpApiMiddleware.Service<RelayToken>()(
  "@scenario-automation/relay-contract/RelayToken",
  { security: { bearer: HttpApiSecurity.bearer }, error: NotAuthorized },
) {}

const accounts = HttpApiGroup.make("accounts").add(
  /** Registers or replaces an account. Idempotent. */
  HttpApiEndpoint.put("register", "/accounts/:accountId", {
    params: { accountId: AccountId },
    payload: AccountRegistration,
    success: HttpApiSchema.NoContent,
    error: AccountRefused,
  }),
)

const waits = HttpApiGroup.make("waits").add(
  /**
   * Asks for a callback when a job of a registered account has ended. The same job and callback URL again return the
   * existing wait.
   */
  HttpApiEndpoint.post("register", "/waits", {
    payload: WaitRegistration,
    success: Wait,
    error: [UnknownAccount, WaitRefused, TooManyWaits],
  }),
)

/** How to ask the relay to wait for a Scenario job. */
export const RelayApi = HttpApi.make("scenario-relay")
  .add(accounts)
  .add(waits)
  .prefix("/v1")
  .middleware(RelayToken)
