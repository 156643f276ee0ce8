import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream, type Tracer } from "effect"
import { readFileSync } from "node:fs"
import { Models } from "../src/account/Models.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { generate } from "../src/generate.ts"
import { Generations } from "../src/submit/Generations.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { collectSpans } from "./support/collectSpans.ts"
import { simulate } from "./support/simulation.ts"

const redHouse = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
} as const

describe("spans", () => {
  it.effect("show a generation, its job, its cost, and its stages, without onUpdate", () =>
    simulate({}, function* () {
      const { spans, layer } = collectSpans()
      const { job, cost } = yield* Effect.provide(generate(redHouse), layer)
      const generation = findSpan(spans, "scenario.generate")
      assert.isNumber(cost)
      assert.deepInclude(readAttributes(generation), {
        "scenario.endpoint": "txt2img",
        "scenario.job.id": job.jobId,
        "scenario.cost": cost,
      })
      assert.deepStrictEqual(
        findChildren(spans, generation).map(({ name }) => name),
        ["scenario.submit", "scenario.wait", "scenario.resolve"],
      )
      for (const child of findChildren(spans, generation)) {
        assert.strictEqual(readAttributes(child)["scenario.job.id"], job.jobId)
        assert.strictEqual(child.status._tag, "Ended")
      }
      assert.deepInclude(readAttributes(findSpan(spans, "scenario.wait")), {
        "scenario.job.status": "success",
        "scenario.cost": cost,
      })
    }),
  )

  it.effect("show each poll of a single job below its wait, and its request below the poll", () =>
    simulate({}, function* (simulator) {
      const { spans, layer } = collectSpans()
      const { job } = yield* (yield* Generations).submit(redHouse)
      yield* Effect.provide((yield* Jobs).waitFor(job), layer)
      const polls = findChildren(spans, findSpan(spans, "scenario.wait"))
      const sent = simulator.requests().filter(({ path }) => path.includes(job.jobId))
      assert.isNotEmpty(polls)
      assert.strictEqual(polls.length, sent.length)
      for (const poll of polls) {
        assert.strictEqual(poll.name, "scenario.poll")
        const [request] = findChildren(spans, poll)
        assert.deepInclude(readAttributes(request ?? assert.fail("the poll has no request")), {
          "http.request.method": "GET",
          "http.response.status_code": 200,
          "scenario.request.purpose": "poll",
          "url.path": `/jobs/${job.jobId}`,
        })
      }
    }),
  )

  it.effect("link the poll of a page to the waits whose jobs should be on it", () =>
    simulate({}, function* () {
      const { spans, layer } = collectSpans()
      const generations = yield* Generations
      const jobs = yield* Jobs
      const submissions = yield* Effect.forEach(
        Array.from({ length: 30 }, (_, index) => index),
        (index) =>
          generations.submit({
            endpoint: "txt2img",
            inputs: { ...redHouse.inputs, prompt: `house ${index}` },
          }),
      )
      yield* Effect.forEach(submissions, (submission) => jobs.waitFor(submission), {
        concurrency: "unbounded",
      }).pipe(Effect.provide(layer))
      const waits = spans.filter(({ name }) => name === "scenario.wait")
      const pages = spans.filter(
        ({ name, attributes }) => name === "scenario.poll" && !attributes.has("scenario.job.id"),
      )
      assert.strictEqual(waits.length, submissions.length)
      assert.isNotEmpty(pages)
      for (const page of pages) {
        assert.isTrue(Option.isNone(page.parent))
        assert.strictEqual(page.links.length, page.attributes.get("scenario.poll.jobs"))
        for (const { span } of page.links) assert.include(waits, span)
      }
    }),
  )

  it.effect("count how often a request was sent again", () =>
    simulate({}, function* (simulator) {
      const { spans, layer } = collectSpans()
      simulator.faults.next("bad-gateway-html", { path: "/models/" })
      yield* Effect.provide((yield* Models).get("model_flux-1-dev"), layer)
      assert.deepInclude(readAttributes(findSpan(spans, "scenario.request")), {
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
      })
    }),
  )

  it.effect("have the names and attributes that docs/observability.md lists", () =>
    simulate({}, function* () {
      const { spans, layer } = collectSpans()
      const run = Effect.gen(function* () {
        const { assets } = yield* generate(redHouse, { maxCost: 100 })
        const downloads = yield* Downloads
        for (const asset of assets) yield* Stream.runDrain(downloads.download(asset))
      })
      yield* Effect.provide(run, layer)
      const page = readFileSync(new URL("../../../docs/observability.md", import.meta.url), "utf8")
      const listed = new Set(Array.from(page.matchAll(/`([\w.]+)`/g), ([, name]) => name))
      for (const { name, attributes } of spans) {
        for (const used of [name, ...attributes.keys()])
          assert.isTrue(listed.has(used), `${used} isn't listed`)
      }
    }),
  )
})

const findSpan = (spans: ReadonlyArray<Tracer.NativeSpan>, name: string): Tracer.NativeSpan =>
  spans.find((span) => span.name === name) ?? assert.fail(`there is no span ${name}`)

const findChildren = (
  spans: ReadonlyArray<Tracer.NativeSpan>,
  { spanId }: Tracer.NativeSpan,
): ReadonlyArray<Tracer.NativeSpan> =>
  spans.filter(({ parent }) => Option.isSome(parent) && parent.value.spanId === spanId)

const readAttributes = ({ attributes }: Tracer.NativeSpan) => Object.fromEntries(attributes)
