type Attributes = Readonly<Record<string, string | number>>

/** An SVG element as text. It contains either elements or words. */
export const element = (
  name: string,
  attributes: Attributes,
  within: ReadonlyArray<string> | { readonly words: string } = [],
): string => {
  const listed = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(value)}"`)
    .join("")
  const inner = "words" in within ? escape(within.words) : within.join("")
  return inner === "" ? `<${name}${listed}/>` : `<${name}${listed}>${inner}</${name}>`
}

const round = (value: number): string => String(Number(value.toFixed(1)))

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
