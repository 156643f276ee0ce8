import { assert, describe } from "@effect/vitest"
import { seedless, submit, seeded } from "./support/generations.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { getPaidJobIds } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const secondPage = "the-second-page"

interface JobRows {
  readonly jobs: ReadonlyArray<{ readonly createdAt: string }>
}

/** Lists older jobs first, and the newest one on the second page: a list need not be in the order of creation. */
const listNewestLast: typeof fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input)
  if (!url.pathname.endsWith("/jobs")) return fetch(input, init)
  const isSecond = url.searchParams.get("paginationToken") === secondPage
  url.searchParams.delete("paginationToken")
  const response = await fetch(url, init)
  const { jobs }: JobRows = JSON.parse(await response.text())
  const newest = jobs.slice(0, 1)
  return Response.json(
    isSecond ? { jobs: newest } : { jobs: jobs.slice(1), nextPaginationToken: secondPage },
    { headers: { date: response.headers.get("date") ?? "" } },
  )
}

describe("a submit whose response is lost, if the list is not in the order of creation,", () => {
  simulatedTest("resumes its job from the second page", { fetch: listNewestLast }, function* (simulator) {
    for (let job = 0; job < 150; job++) simulator.addJob({ ageMs: 1_000_000 })
    simulator.faults.next("lost-response")
    const { job } = yield* submit(seeded, { ifUncertain: "resubmit" })
    assert.deepStrictEqual(getPaidJobIds(simulator), [job.jobId])
  })

  simulatedTest(
    "is not sent again without a seed, and has its job as a candidate",
    { fetch: listNewestLast },
    function* (simulator) {
      for (let job = 0; job < 150; job++) simulator.addJob({ ageMs: 1_000_000 })
      simulator.faults.next("lost-response")
      const error = yield* expectFailure(submit(seedless, { ifUncertain: "resubmit" }), "SubmitUncertain")
      assert.deepStrictEqual(
        error.candidates.map(({ jobId }) => jobId),
        getPaidJobIds(simulator),
      )
    },
  )
})
