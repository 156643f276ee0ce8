import { Cause, Effect, Exit, Result } from "effect"
import type { IExecuteFunctions, INodeExecutionData } from "n8n-workflow"
import { runWithAccount } from "./account.ts"
import { Item } from "./Item.ts"
import { failureOf, nodeErrorOf } from "./nodeError.ts"
import type { ItemResult, Operation } from "./Operation.ts"
import { Attempt } from "./StartedJobs.ts"
import { numberOf } from "./values.ts"

const defaultConcurrency = 5

interface FailedItem {
  readonly item: Item
  readonly error: unknown
}

/** Runs an operation for every input item: a few at a time, results in the items' order, each linked to its item. */
export const executeItems = async (
  host: IExecuteFunctions,
  operation: Operation,
): Promise<INodeExecutionData[][]> => {
  const input = host.getInputData()
  if (input.length === 0) return [[]]
  const concurrency = numberOf(host.getNodeParameter("options.concurrency", 0, defaultConcurrency))
  const attempt = new Attempt(host)
  const items = input.map((one, index) => new Item(host, index, one, attempt))

  const outcomes = Effect.forEach(items, (item) => outcomeOf(operation, item, host.continueOnFail()), {
    concurrency: Math.max(1, Math.floor(concurrency ?? defaultConcurrency)),
  })
  const exit = await settled(runWithAccount(host, Effect.result(outcomes), host.getExecutionCancelSignal()))
  if (exit.status === "rejected") {
    attempt.end("failed")
    throw nodeErrorOf(host.getNode(), exit.reason, 0, attempt.unfinished)
  }
  if (Result.isFailure(exit.value)) {
    attempt.end("failed")
    const { error, item } = exit.value.failure
    throw nodeErrorOf(
      host.getNode(),
      error,
      item.index,
      attempt.unfinished.filter((jobId) => jobId !== item.jobId),
    )
  }
  const results = exit.value.success
  attempt.end(results.some(({ hasFailed }) => hasFailed) ? "failed" : "succeeded")
  tellCost(host, attempt)
  return [results.flatMap(({ items: made }) => made)]
}

/** One item's results, its failure as an item where the node is to go on, else the failure of the whole. */
const outcomeOf = (operation: Operation, item: Item, goesOn: boolean) =>
  Effect.suspend(() => operation.run(item)).pipe(
    Effect.exit,
    Effect.flatMap((exit) => {
      if (Exit.isSuccess(exit)) {
        return Effect.succeed({
          items: exit.value.map((result) => linked(result, item.index)),
          hasFailed: false,
        })
      }
      if (Cause.hasInterruptsOnly(exit.cause)) return Effect.interrupt
      const error = Cause.squash(exit.cause)
      const failed: FailedItem = { item, error }
      return goesOn ? Effect.succeed({ items: [failedItem(failed)], hasFailed: true }) : Effect.fail(failed)
    }),
  )

const linked = ({ json, binary }: ItemResult, index: number): INodeExecutionData => ({
  json,
  ...(binary === undefined ? {} : { binary }),
  pairedItem: { item: index },
})

const failedItem = ({ error, item }: FailedItem): INodeExecutionData => {
  const { message, description, jobId, kind } = failureOf(error, item.jobId)
  return {
    json: {
      error: description === undefined ? message : `${message} ${description}`,
      errorKind: kind,
      ...(jobId === undefined ? {} : { jobId }),
    },
    pairedItem: { item: item.index },
  }
}

const settled = async <A>(promise: Promise<A>): Promise<PromiseSettledResult<A>> => {
  const [outcome] = await Promise.allSettled([promise])
  return outcome
}

const tellCost = (host: IExecuteFunctions, { cost }: Attempt): void => {
  if (cost === 0 || host.isToolExecution()) return
  host.addExecutionHints({
    message: `This run has spent ${Math.round(cost * 100) / 100} compute units on Scenario.`,
    location: "outputPane",
    type: "info",
  })
}
