import { setTimeout as sleep } from "node:timers/promises"

type Fields = Readonly<Record<string, string>>

/** A person who fills in the pages of an n8n form: sends what n8n's own script on these pages sends. */
export class FormVisitor {
  readonly #page: URL

  private constructor(page: URL) {
    this.#page = page
  }

  /** Sends the first page, which starts the workflow. Fields are named by their position: `field-0`. */
  static async submitFirst(url: string, fields: Fields): Promise<FormVisitor> {
    for (let tries = 0; ; tries++) {
      const response = await post(url, fields)
      const text = await response.text()
      if (response.ok) {
        const answer: { readonly formWaitingUrl: string } = JSON.parse(text)
        const page = new URL(answer.formWaitingUrl)
        page.host = new URL(url).host
        return new FormVisitor(page)
      }
      // n8n registers the form shortly after it has answered the activation.
      if (response.status !== 404 || tries === 60) throw new Error(`POST ${url}: ${response.status} ${text}`)
      await sleep(500)
    }
  }

  /** The HTML of the next page, when the workflow has reached it. */
  async nextPage(): Promise<string> {
    const status = new URL(this.#page)
    status.pathname += "/n8n-execution-status"
    for (;;) {
      const text = (await (await fetch(status)).text()).trim()
      if (text === "form-waiting") break
      if (text !== "running" && text !== "waiting") throw new Error(`The form ended: ${text}`)
      await sleep(200)
    }
    return (await fetch(this.#page)).text()
  }

  /** Sends a page. The last one, which has no fields, ends the workflow. */
  async submit(fields: Fields = {}): Promise<void> {
    const response = await post(this.#page.href, fields)
    if (!response.ok) throw new Error(`The form answered ${response.status}: ${await response.text()}`)
  }
}

const post = (url: string, fields: Fields): Promise<Response> => {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return fetch(url, { method: "POST", body })
}
