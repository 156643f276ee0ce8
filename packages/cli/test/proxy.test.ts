import { writeFileSync } from "node:fs"
import { createServer, request } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { connect, type Server } from "node:net"
import { assert, describe, it } from "vitest"
import { certificate, privateKey } from "./support/certificate.ts"
import { openTestCli, txt2img } from "./support/TestCli.ts"

interface Proxy extends AsyncDisposable {
  readonly url: string
  /** The requests that it received: `CONNECT host:port`, `GET http://…`. */
  readonly seen: Array<string>
}

const readPort = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** A proxy for plain requests and for tunnels. */
const startProxy = async (): Promise<Proxy> => {
  const seen: Array<string> = []
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    const { method, headers } = incoming
    const onward = request(incoming.url ?? "", { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  }).on("connect", ({ url = "" }, client) => {
    seen.push(`CONNECT ${url}`)
    const [host = "", port] = url.split(":")
    const server = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n")
      server.pipe(client).pipe(server)
    })
    for (const socket of [client, server]) socket.on("error", () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const port = readPort(server)
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server with a self-signed certificate. It answers every request with an empty list of models. */
const startTlsServer = async () => {
  const server = createTlsServer({ key: privateKey, cert: certificate }, (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"models":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const port = readPort(server)
  return {
    baseUrl: `https://localhost:${port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe.concurrent("a proxy variable", () => {
  it("HTTP_PROXY applies to the API and the CDN, except hosts in NO_PROXY", async () => {
    await using cli = await openTestCli()
    await using proxy = await startProxy()
    const through = await cli.runWith({ HTTP_PROXY: proxy.url }, ...txt2img)
    assert.strictEqual(through.exitCode, 0, through.stderr)
    const { seen } = proxy
    for (const origin of [new URL(cli.simulator.baseUrl).host, new URL(cli.simulator.cdnUrl).host]) {
      assert.isTrue(
        seen.some((one) => one.includes(origin)),
        `${origin} in ${seen.join(", ")}`,
      )
    }
    seen.length = 0
    const around = await cli.runWith({ http_proxy: proxy.url, NO_PROXY: "127.0.0.1" }, "models", "list")
    assert.strictEqual(around.exitCode, 0, around.stderr)
    assert.isEmpty(seen)
  })

  it("HTTPS_PROXY opens a tunnel, in which an unknown certificate fails at once", async () => {
    await using cli = await openTestCli()
    await using proxy = await startProxy()
    await using server = await startTlsServer()
    const { host } = new URL(server.baseUrl)
    const environment = { SCENARIO_BASE_URL: server.baseUrl, HTTPS_PROXY: proxy.url }
    const { exitCode, stderr } = await cli.runWith(environment, "models", "list")
    assert.strictEqual(exitCode, 5, stderr)
    assert.include(stderr, "NODE_EXTRA_CA_CERTS")
    assert.deepStrictEqual(proxy.seen, [`CONNECT ${host}`])
  })

  it("that isn't a URL is refused by name, without its value", async () => {
    await using cli = await openTestCli()
    const { exitCode, stderr } = await cli.runWith({ HTTPS_PROXY: "user:password" }, "models", "list")
    assert.strictEqual(exitCode, 2)
    assert.include(stderr, "HTTPS_PROXY isn't the URL of a proxy")
    assert.notInclude(stderr, "password")
  })
})

describe.concurrent("a base URL", () => {
  it("with an unknown certificate fails at once, and works with NODE_EXTRA_CA_CERTS", async () => {
    await using cli = await openTestCli()
    await using server = await startTlsServer()
    const refused = await cli.runWith({ SCENARIO_BASE_URL: server.baseUrl }, "models", "list")
    assert.strictEqual(refused.exitCode, 5)
    assert.include(refused.stderr, "NODE_EXTRA_CA_CERTS")
    assert.notInclude(refused.stderr, "proxy of")
    const file = `${cli.folder}/authority.pem`
    writeFileSync(file, certificate)
    const environment = { SCENARIO_BASE_URL: server.baseUrl, NODE_EXTRA_CA_CERTS: file }
    const trusted = await cli.runWith(environment, "models", "list", "--public")
    assert.strictEqual(trusted.exitCode, 0, trusted.stderr)
  })

  it("that isn't a URL of the API is refused", async () => {
    await using cli = await openTestCli()
    for (const baseUrl of ["api.cloud.scenario.com/v1", "ftp://x", "http://"]) {
      const { exitCode, stderr } = await cli.runWith({ SCENARIO_BASE_URL: baseUrl }, "models", "list")
      assert.strictEqual(exitCode, 2, stderr)
      assert.include(stderr, "SCENARIO_BASE_URL")
    }
  })
})
