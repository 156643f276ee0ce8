import { Effect, Result } from "effect"
import { assert } from "vitest"
import { ApiError, type ApiErrorReason } from "../../src/errors.ts"

interface Failure {
  readonly _tag: string
  readonly message: string
}

type Tagged<E, Tag extends string> = Extract<E, { readonly _tag: Tag }>

/** Runs an effect that must fail with this error, and returns the error. */
export const expectFailure = <A, E extends Failure, R, Tag extends E["_tag"]>(
  effect: Effect.Effect<A, E, R>,
  tag: Tag,
): Effect.Effect<Tagged<E, Tag>, never, R> =>
  Effect.map(getFailure(effect), (error) =>
    hasTag(error, tag) ? error : assert.fail(`expected ${tag}, got ${error._tag}: ${error.message}`),
  )

type ApiErrorWith<Tag extends ApiErrorReason["_tag"]> = ApiError & {
  readonly reason: Tagged<ApiErrorReason, Tag>
}

/** Runs an effect that must fail with an `ApiError` for this reason, and returns the error. */
export const expectApiError = <A, E extends Failure, R, Tag extends ApiErrorReason["_tag"]>(
  effect: Effect.Effect<A, E, R>,
  tag: Tag,
): Effect.Effect<ApiErrorWith<Tag>, never, R> =>
  Effect.map(getFailure(effect), (error: Failure) =>
    error instanceof ApiError && hasReason(error, tag)
      ? error
      : assert.fail(`expected an ApiError for ${tag}, got ${error._tag}: ${error.message}`),
  )

const getFailure = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<E, never, R> =>
  Effect.map(Effect.result(effect), (result) =>
    Result.isFailure(result) ? result.failure : assert.fail("expected a failure, got a success"),
  )

const hasTag = <E extends Failure, Tag extends string>(error: E, tag: Tag): error is Tagged<E, Tag> =>
  error._tag === tag

const hasReason = <Tag extends ApiErrorReason["_tag"]>(
  error: ApiError,
  tag: Tag,
): error is ApiErrorWith<Tag> => error.reason._tag === tag
