/** Where the editor shows what most runs leave alone: some models take dozens of inputs, and need a prompt. */
export const optionalGroup = { key: "optional", label: "Optional Settings" }
