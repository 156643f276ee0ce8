import { type GenerationRequest, resume } from "@scenario-automation/core"
import { endpointNames } from "@scenario-automation/core/host"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { makeAccount } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { RunDeadline } from "../deadline.ts"
import { toStopFailure } from "../interruption.ts"
import { readRequest } from "../readRequest.ts"
import { withModelIds } from "../withModelIds.ts"
import { reportOutcomes, runCommand } from "../runCommand.ts"
import { type Callbacks, runJobs } from "../runJobs.ts"
import { submitDurably } from "../submitDurably.ts"
import { estimateOnly, submitOnly } from "../submitOnly.ts"

const target = flags.id(
  "model",
  "A model's ID, the name of a model that you trained, workflow:<id>, or an older endpoint (txt2img, …)",
)

const prompt = Flag.String("prompt").pipe(
  Flag.withAlias("p"),
  Flag.withMetavar("TEXT"),
  Flag.withDescription("The prompt; - reads it from stdin, @FILE from a file (@@ stands for @)"),
  Flag.optional,
)

const inputs = Flag.String("input").pipe(
  Flag.withAlias("i"),
  Flag.withMetavar("NAME=VALUE"),
  Flag.withDescription("Set an input. Repeat a name to make a list, or write NAME:=JSON for any JSON"),
  Flag.atLeast(0),
)

const files = Flag.String("file").pipe(
  Flag.withAlias("f"),
  Flag.withMetavar("NAME=FILE"),
  Flag.withDescription(
    "Set a file input: a local file, - for stdin, a link, or an asset ID. Repeat a name to make a list",
  ),
  Flag.atLeast(0),
)

const strength = Flag.Finite("strength").pipe(
  Flag.withMetavar("NUMBER"),
  Flag.withDescription("Strength of the LoRA that you run, usually 0 to 2 (default: the base model's)"),
  Flag.optional,
)

const loras = Flag.String("lora").pipe(
  Flag.withMetavar("MODEL[=STRENGTH]"),
  Flag.withDescription("Add a LoRA of the same family. Repeat the option for several"),
  Flag.atLeast(0),
)

const maxCost = Flag.Finite("max-cost").pipe(
  Flag.withMetavar("UNITS"),
  Flag.withDescription(
    "Get the price first, and submit nothing that costs more than this many compute units",
  ),
  Flag.filter(
    (units) => units >= 0,
    () => "a number of compute units, 0 or more",
  ),
  Flag.optional,
)

const ipDetection = Flag.Boolean("ip-detection").pipe(
  Flag.withDescription("Also detect protected content, for an extra charge"),
  Flag.withDefault(false),
)

const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Check the inputs and print the price without submitting"),
  Flag.withDefault(false),
)

const noWait = Flag.Boolean("no-wait").pipe(
  Flag.withDescription("Print the job's ID once it is submitted, without waiting for it"),
  Flag.withDefault(false),
)

const requestKey = Flag.String("request-key").pipe(
  Flag.withMetavar("TEXT"),
  Flag.withDescription(
    "A name for this request, such as an order number. Running it again with the same name resumes the job instead of paying again (only models with a seed)",
  ),
  Flag.filter(
    (text) => text.trim() !== "",
    () => "a text that names the request",
  ),
  Flag.optional,
)

/** Breaks a description into lines, because the library doesn't. */
const wrap = (text: string, width: number): ReadonlyArray<string> =>
  [...text.matchAll(new RegExp(`.{1,${width}}(?: |$)`, "g"))].map(([line]) => line.trimEnd())

export const generateCommand = Command.make(
  "generate",
  {
    target,
    prompt,
    inputs,
    files,
    strength,
    loras,
    baseModel: flags.baseModel,
    out: flags.out,
    original: flags.original,
    maxCost,
    ipDetection,
    requestKey,
    soleSubmitter: flags.soleSubmitter,
    dryRun,
    noWait,
    timeout: flags.runTimeout("the job keeps"),
    json: flags.json,
  },
  (typed) => {
    const { target, out, json, soleSubmitter, ipDetection } = typed
    const reporting = { json, out }
    const maxCost = Option.getOrUndefined(typed.maxCost)
    const submit = { out, maxCost, ipDetection, requestKey: Option.getOrUndefined(typed.requestKey) }
    const deadline = Option.getOrUndefined(Option.map(typed.timeout, (limit) => new RunDeadline(limit)))
    const run = (request: GenerationRequest) => {
      if (typed.dryRun) return estimateOnly(request, submit, json)
      if (typed.noWait) return submitOnly(request, reporting, { ...submit, deadline })
      const job = {
        title: target,
        deadline,
        run: ({ onMaybeAccepted, onWaiting, onSubmitted, onUpdate }: Callbacks) =>
          Effect.gen(function* () {
            const totalTimeout = deadline?.submitTimeout
            const submission = yield* submitDurably(request, {
              ...submit,
              totalTimeout,
              onMaybeAccepted,
              onWaiting,
              onSubmitted,
            })
            return yield* resume(submission, { timeout: deadline?.left, onUpdate })
          }),
      }
      return Effect.flatMap(
        runJobs([job], { out, original: typed.original }, (outcomes) =>
          Effect.asVoid(reportOutcomes(reporting, outcomes)),
        ),
        (outcomes) => reportOutcomes(reporting, outcomes),
      )
    }
    return runCommand(
      reporting,
      Effect.flatMap(
        readRequest({
          ...typed,
          prompt: Option.getOrUndefined(typed.prompt),
          strength: Option.getOrUndefined(typed.strength),
          baseModel: Option.getOrUndefined(typed.baseModel),
        }),
        (request) =>
          Effect.provide(Effect.flatMap(withModelIds(request), run), makeAccount({ soleSubmitter })),
      ),
      toStopFailure("Stopped before anything was submitted."),
    )
  },
).pipe(
  Command.withShortDescription("Generate, wait, and save the files"),
  Command.withDescription(
    [
      "Check the inputs, submit once, wait for the job, and save its files. Ctrl-C stops the wait, not the job.",
      "",
      "Older endpoints:",
      ...wrap(endpointNames.join(", "), 96),
    ].join("\n  "),
  ),
  Command.withExamples([
    {
      command: 'scenario generate model_openai-gpt-image-2 --prompt "a red house" --out pictures',
      description: "Run a model",
    },
    {
      command: "scenario generate model_sculptor-3d -f images=front.png -f images=back.png --max-cost 40",
      description: "Run a model with two local files, for at most 40 compute units",
    },
    {
      command: 'scenario generate "My watercolors" -p "a red house" --strength 0.8 --lora model_123=0.4',
      description: "Run a LoRA that you trained, by its name, together with another LoRA",
    },
    {
      command: `scenario generate model_storyboard-set -i shots:='[{"prompt":"a street at dawn"}]' --json`,
      description: "Pass an input as JSON, and print JSON",
    },
    {
      command: "scenario generate upscale -f image=asset_123 --dry-run",
      description: "Print the price of an older endpoint, without submitting",
    },
  ]),
)
