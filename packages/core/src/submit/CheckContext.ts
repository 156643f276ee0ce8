import type { AssetKind } from "../api/assetKinds.ts"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { InputIssue } from "../InputIssue.ts"
import type { LocalFile } from "../account/LocalFile.ts"

/** A file in the inputs. It is uploaded or imported first, and replaced by its asset ID. */
export interface InputFile {
  readonly path: ReadonlyArray<string | number>
  /** A file to upload, or an http(s) URL to import. */
  readonly value: LocalFile | string
  /** The kind of file that the input takes, if it says. */
  readonly kind?: AssetKind | undefined
}

/** The path of a value in the inputs: as text for issues, and as keys. */
export interface InputPath {
  readonly text: string
  readonly keys: ReadonlyArray<string | number>
}

/** What a check collects. It continues after an issue, to report all issues at once. */
export interface CheckOutput {
  readonly issues: Array<InputIssue>
  readonly files: Array<InputFile>
}

/** Checks the object of an `inputs` input, or of an element of an `inputs_array`. */
export type CheckObject = (
  descriptors: ReadonlyArray<InputDescriptor>,
  value: object,
  path: InputPath,
  output: CheckOutput,
) => unknown

/** What the check of one value needs besides the value. */
export interface CheckContext {
  readonly path: InputPath
  readonly output: CheckOutput
  readonly checkObject: CheckObject
  /** Reports that the value isn't what the input takes. `got` describes the value; by default it is derived from it. */
  readonly refuse: (got?: string) => undefined
}
