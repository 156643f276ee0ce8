import type { PlainInputField } from "zapier-platform-core"
import { collectionChoices } from "../choices/collectionChoices.ts"

export const collectionField = (helpText: string) =>
  ({
    key: "collection",
    label: "Collection",
    type: "string",
    choices: { perform: collectionChoices },
    helpText,
  }) as const satisfies PlainInputField
