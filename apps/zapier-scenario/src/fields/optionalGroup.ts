/** Some models take dozens of inputs, and require only a prompt. */
export const optionalGroup = { key: "optional", label: "Optional Settings" }
