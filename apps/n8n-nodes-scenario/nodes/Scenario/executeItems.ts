import { Cause, Effect, Exit, Result } from "effect"
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from "n8n-workflow"
import { runWithAccount } from "./account.ts"
import { defaultConcurrency } from "./fields/options.ts"
import { Item } from "./Item.ts"
import { isTool } from "./isTool.ts"
import { toErrorJson, toNodeError } from "./nodeError.ts"
import type { ItemResult, Operation } from "./Operation.ts"
import { RetryMemory } from "./RetryMemory.ts"

class FailedItem {
  readonly item: Item
  readonly error: unknown
  constructor(item: Item, error: unknown) {
    this.item = item
    this.error = error
  }
}

/**
 * Runs an operation for each input item, several at a time. Results keep the items' order and are linked to their items. If
 * the node continues on errors, it throws nothing: an error that affects all items becomes an error item for each.
 */
export const executeItems = async (
  host: IExecuteFunctions,
  findOperation: () => Operation,
): Promise<INodeExecutionData[][]> => {
  const input = host.getInputData()
  if (input.length === 0) return [[]]
  const memory = RetryMemory.forRun(host)
  const items = input.map((one, index) => new Item(host, index, one, memory))
  const signal = host.getExecutionCancelSignal()
  try {
    const operation = findOperation()
    const concurrency = host.continueOnFail() ? readConcurrencyOrDefault(items) : readConcurrency(items)
    const run = runItems(operation, items, { continues: host.continueOnFail(), concurrency })
    const result = await runWithAccount(host, Effect.result(run), signal)
    if (Result.isFailure(result)) throw result.failure
    memory.end(result.success.some(({ hasFailed }) => hasFailed) ? "returned-with-errors" : "returned")
    showCost(host, memory)
    return [result.success.flatMap(({ results }) => results)]
  } catch (failure) {
    const { unfinished } = memory
    if (signal?.aborted === true) {
      memory.end("failed")
      throw toNodeError(host.getNode(), makeStoppedError(host), 0, unfinished)
    }
    if (host.continueOnFail()) {
      memory.end("returned-with-errors")
      return [items.map((item) => toErrorItem(item, failure))]
    }
    memory.end("failed")
    const { item, error } = failure instanceof FailedItem ? failure : { item: undefined, error: failure }
    const others = unfinished.filter((jobId) => jobId !== item?.jobId)
    throw toNodeError(host.getNode(), error, item?.index ?? 0, others)
  }
}

interface RunItem {
  readonly item: Item
  readonly results: INodeExecutionData[]
  readonly hasFailed: boolean
}

const runItems = Effect.fnUntraced(function* (
  { beforeAll, run, afterAll }: Operation,
  items: ReadonlyArray<Item>,
  { continues, concurrency }: { readonly continues: boolean; readonly concurrency: number },
) {
  yield* beforeAll?.(items) ?? Effect.void
  const all = yield* Effect.forEach(items, (item) => runItem(run, item, continues), { concurrency })
  const succeeded = all.filter(({ hasFailed }) => !hasFailed).map(({ item }) => item)
  const errors = new Map(afterAll === undefined ? [] : yield* afterAll(succeeded))
  const [first] = errors.values()
  if (first !== undefined && !continues) return yield* first
  return all.map((one): RunItem => {
    const error = errors.get(one.item)
    return error === undefined ? one : toFailed(one.item, error)
  })
})

const runItem = (run: Operation["run"], item: Item, continues: boolean) =>
  Effect.suspend(() => {
    // Read first, so that an unusable option fails before anything is sent.
    void item.options
    return run(item)
  }).pipe(
    Effect.exit,
    Effect.flatMap((exit): Effect.Effect<RunItem, FailedItem> => {
      if (Exit.isSuccess(exit)) {
        const results = exit.value.map((result) => toOutputItem(result, item.index))
        return Effect.succeed({ item, results, hasFailed: false })
      }
      if (Cause.hasInterruptsOnly(exit.cause)) return Effect.interrupt
      const error = Cause.squash(exit.cause)
      return continues ? Effect.succeed(toFailed(item, error)) : Effect.fail(new FailedItem(item, error))
    }),
  )

const toFailed = (item: Item, error: unknown): RunItem => ({
  item,
  results: [toErrorItem(item, error)],
  hasFailed: true,
})

const readConcurrency = ([first]: ReadonlyArray<Item>): number =>
  first?.options.concurrency ?? defaultConcurrency

/** An unreadable option is reported by its own item. */
const readConcurrencyOrDefault = (items: ReadonlyArray<Item>): number => {
  try {
    return readConcurrency(items)
  } catch {
    return defaultConcurrency
  }
}

/** Renames `error`, because n8n takes an item with that key for a failure. */
const toOutputItem = (
  { json: { error, ...json }, binary }: ItemResult,
  index: number,
): INodeExecutionData => ({
  json: error === undefined ? json : { ...json, errorMessage: error },
  ...(binary === undefined ? {} : { binary }),
  pairedItem: { item: index },
})

const toErrorItem = (item: Item, error: unknown): INodeExecutionData => ({
  json: toErrorJson(error, item.jobId),
  pairedItem: { item: item.index },
})

const makeStoppedError = (host: IExecuteFunctions): NodeOperationError =>
  new NodeOperationError(host.getNode(), "The execution was stopped before Scenario had finished.")

const showCost = (host: IExecuteFunctions, { cost }: RetryMemory): void => {
  if (cost === 0 || isTool(host)) return
  host.addExecutionHints({
    message: `This run has spent ${Math.round(cost * 100) / 100} compute units on Scenario.`,
    location: "outputPane",
    type: "info",
  })
}
