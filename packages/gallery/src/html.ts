/** HTML that is safe to put into a page. Only {@link html} creates it. */
export class Markup {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type Content = Markup | string | number | false | undefined | ReadonlyArray<Content>

/** Creates HTML from a template. Values are escaped, in text and quoted attributes, unless they are {@link Markup}. */
export const html = (parts: TemplateStringsArray, ...values: ReadonlyArray<Content>): Markup =>
  new Markup(parts.reduce((page, part, index) => page + render(values[index - 1]) + part))

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const render = (content: Content): string => {
  if (content === undefined || content === false) return ""
  if (content instanceof Markup) return content.source
  if (typeof content === "object") return content.map(render).join("")
  return replaceControls(String(content)).replace(/[&<>"']/g, (character) => entities[character] ?? "")
}

/** HTML can't contain control characters or half of a surrogate pair, not even as entities. */
const replaceControls = (text: string) =>
  // oxlint-disable-next-line no-control-regex -- these characters are to be replaced
  text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g, "\uFFFD")
