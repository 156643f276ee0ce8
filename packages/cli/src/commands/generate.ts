import { endpointNames, generate, type GenerationRequest } from "@scenario-automation/core"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { conclude, reportOutcomes } from "../conclude.ts"
import { readRequest } from "../readRequest.ts"
import { estimateOnly, submitOnly } from "../submitOnly.ts"
import { makeTrips } from "../Trip.ts"

const target = Argument.String("model|endpoint").pipe(
  Argument.withDescription(
    "What to run: an endpoint (txt2img, upscale, prompt, …), a model's id, or workflow:<id>",
  ),
)

const prompt = Flag.String("prompt").pipe(
  Flag.withAlias("p"),
  Flag.withMetavar("TEXT"),
  Flag.withDescription("The input named prompt"),
  Flag.optional,
)

const inputs = Flag.String("input").pipe(
  Flag.withAlias("i"),
  Flag.withMetavar("NAME=VALUE"),
  Flag.withDescription(
    "An input, checked against the model's own schema; a repeated name makes a list, NAME:=JSON takes any JSON",
  ),
  Flag.atLeast(0),
)

const files = Flag.String("file").pipe(
  Flag.withAlias("f"),
  Flag.withMetavar("NAME=FILE"),
  Flag.withDescription(
    "A file input: a path (uploaded first), an http(s) link, or an asset id; a repeated name makes a list",
  ),
  Flag.atLeast(0),
)

const maxCost = Flag.Finite("max-cost").pipe(
  Flag.withMetavar("UNITS"),
  Flag.withDescription("Ask for the price first, and submit nothing above this many compute units"),
  Flag.filter(
    (units) => units >= 0,
    () => "a number of compute units, 0 or more",
  ),
  Flag.optional,
)

const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Check the inputs, print the price, submit nothing"),
  Flag.withDefault(false),
)

const noWait = Flag.Boolean("no-wait").pipe(
  Flag.withDescription("Print the job's id as soon as it is submitted, and end"),
  Flag.withDefault(false),
)

/** In lines of at most so many characters: the library wraps no description. */
const wrapped = (text: string, width: number): ReadonlyArray<string> =>
  [...text.matchAll(new RegExp(`.{1,${width}}(?: |$)`, "g"))].map(([line]) => line.trimEnd())

export const generateCommand = Command.make(
  "generate",
  {
    target,
    prompt,
    inputs,
    files,
    out: flags.out,
    maxCost,
    dryRun,
    noWait,
    timeout: flags.timeout,
    json: flags.json,
  },
  (typed) => {
    const { out, json } = typed
    const limit = Option.getOrUndefined(typed.maxCost)
    const run = (request: GenerationRequest) => {
      if (typed.dryRun) return estimateOnly(request, limit, json)
      if (typed.noWait) return submitOnly(request, limit, { json, out })
      const timeout = Option.getOrUndefined(typed.timeout)
      return Effect.flatMap(
        makeTrips(
          [
            {
              title: typed.target,
              run: (told) => generate(request, { ...told, maxCost: limit, timeout }),
            },
          ],
          out,
          (outcomes) => Effect.asVoid(reportOutcomes({ json, out }, outcomes)),
        ),
        (outcomes) => reportOutcomes({ json, out }, outcomes),
      )
    }
    return conclude(
      { json, out },
      Effect.flatMap(readRequest({ ...typed, prompt: Option.getOrUndefined(typed.prompt) }), (request) =>
        Effect.provide(run(request), account),
      ),
    )
  },
).pipe(
  Command.withShortDescription("Check the inputs, submit once, wait, and save the files"),
  Command.withDescription(
    [
      "Check the inputs, submit once, wait, and save the files. Ctrl-C stops the waiting, never the job.",
      "",
      "Endpoints:",
      ...wrapped(endpointNames.join(", "), 96),
    ].join("\n  "),
  ),
  Command.withExamples([
    {
      command: 'scenario generate txt2img -i modelId=model_flux-1-dev --prompt "a red house" --out pictures',
      description: "Run a named endpoint",
    },
    {
      command: "scenario generate model_sculptor-3d -f images=front.png -f images=back.png --max-cost 40",
      description: "Run a model by its own inputs, with two files of this machine",
    },
    {
      command: `scenario generate model_storyboard-set -i shots:='[{"prompt":"a street at dawn"}]' --json`,
      description: "Give an input as JSON, and print JSON",
    },
    {
      command: "scenario generate upscale -f image=asset_123 --dry-run",
      description: "Ask for the price alone",
    },
  ]),
)
