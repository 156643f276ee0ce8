/** HTML that is safe to put into a page. Only {@link html} makes it, and it escapes whatever is not. */
export class Markup {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type Content = Markup | string | number | false | undefined | ReadonlyArray<Content>

/** A piece of a page. Every value in it is escaped, in text as in a quoted attribute, unless it is {@link Markup}. */
export function html(parts: TemplateStringsArray, ...values: ReadonlyArray<Content>): Markup {
  return new Markup(parts.reduce((page, part, index) => page + render(values[index - 1]) + part))
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

function render(content: Content): string {
  if (content === undefined || content === false) return ""
  if (content instanceof Markup) return content.source
  if (typeof content === "object") return content.map(render).join("")
  return withoutControls(String(content)).replace(/[&<>"']/g, (character) => entities[character] ?? "")
}

/** HTML has no way to write a control character or half of a surrogate pair, not even as an entity. */
const withoutControls = (text: string) =>
  // oxlint-disable-next-line no-control-regex -- these are the very characters that must go
  text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g, "\uFFFD")
