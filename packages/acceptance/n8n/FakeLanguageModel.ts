import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { text } from "node:stream/consumers"

/** A request to the model: the conversation so far. */
interface Asked {
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>
  readonly tools?: ReadonlyArray<{ readonly function: { readonly name: string } }>
}

/** Decides by the tool's answers so far whether the model stops calling it. */
export type IsDone = (answers: ReadonlyArray<string>) => boolean | Promise<boolean>

/**
 * A language model that speaks OpenAI's protocol: it calls the one tool that it has until `isDone` (by default once), and then
 * repeats what came back.
 */
export class FakeLanguageModel implements AsyncDisposable {
  readonly #server: Server
  readonly url: string
  /** The tool's answers so far. */
  toolAnswers: ReadonlyArray<string> = []

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(
    toolArguments: object,
    isDone: IsDone = (answers) => answers.length > 0,
  ): Promise<FakeLanguageModel> {
    let model: FakeLanguageModel | undefined
    const server = createServer((request, response) => {
      const respond = async (): Promise<void> => {
        const body = await text(request)
        const asked: Asked = JSON.parse(body === "" ? '{"messages":[]}' : body)
        const answers = asked.messages
          .filter(({ role }) => role === "tool")
          .map(({ content }) => JSON.stringify(content))
        if (model !== undefined) model.toolAnswers = answers
        const tool = asked.tools?.[0]?.function.name
        const message =
          tool !== undefined && !(await isDone(answers))
            ? {
                role: "assistant",
                content: null,
                tool_calls: [
                  {
                    id: `call_${answers.length + 1}`,
                    type: "function",
                    function: { name: tool, arguments: JSON.stringify(toolArguments) },
                  },
                ],
              }
            : { role: "assistant", content: `Done: ${answers.join(" ")}` }
        const choice = { index: 0, message, finish_reason: "tool_calls" in message ? "tool_calls" : "stop" }
        response.setHeader("content-type", "application/json")
        response.end(
          JSON.stringify({
            id: "chat_1",
            object: "chat.completion",
            created: 0,
            model: "fake",
            choices: [choice],
            usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
          }),
        )
      }
      void respond()
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the fake model has no port")
    model = new FakeLanguageModel(server, `http://127.0.0.1:${address.port}/v1`)
    return model
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, "close")
  }
}
