import type { PlainInputField } from "zapier-platform-core"
import { listCollections } from "../choices/collectionChoices.ts"

export const collectionField = (helpText: string) =>
  ({
    key: "collection",
    label: "Collection",
    type: "string",
    choices: { perform: listCollections },
    helpText,
  }) as const satisfies PlainInputField
