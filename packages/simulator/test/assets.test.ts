import { describe, expect, test } from "vitest"
import { at, listAt, png1x1, redHouse, startStepped, textAt } from "./client.ts"

type World = Awaited<ReturnType<typeof startStepped>>

const getUrl = async (world: World, id: string) =>
  textAt((await world.get(`/assets/${id}`)).body, "asset", "url")

describe("assets", () => {
  test("are returned in bulk in another order, without unknown ones, at most 200", async () => {
    await using world = await startStepped()
    const assetIds = [1, 2, 3, 4].map(() => world.simulator.addAsset())
    const { body } = await world.post("/assets/get-bulk", { assetIds: [...assetIds, "asset_gone"] })
    const ids = listAt(body, "assets").map((asset) => textAt(asset, "id"))
    expect(ids.toSorted()).toEqual(assetIds.toSorted())
    expect(ids).not.toEqual(assetIds)
    const tooMany = Array.from({ length: 201 }, (_, index) => `asset_${index}`)
    expect((await world.post("/assets/get-bulk", { assetIds: tooMany })).status).toBe(400)
    expect((await world.post("/assets/get-bulk", { assetIds: tooMany.slice(1) })).status).toBe(200)
    expect((await world.post("/assets/get-bulk", { assetIds: "asset_1" })).status).toBe(400)
  })

  test("can be filtered and sorted in lists", async () => {
    await using world = await startStepped()
    const old = world.simulator.addAsset({ ageMs: 100_000, tags: ["a", "b"], modelId: "model_x" })
    const young = world.simulator.addAsset({ tags: ["a"], parentId: old, metadataType: "upscale" })
    const grandchild = world.simulator.addAsset({ parentId: young, ageMs: 1000, isPublic: true })
    const ids = async (query: string) =>
      listAt((await world.get(`/assets?${query}`)).body, "assets").map((asset) => textAt(asset, "id"))
    expect(await ids("")).toEqual([young, grandchild, old])
    expect(await ids("sortBy=createdAt&sortDirection=asc")).toEqual([old, grandchild, young])
    expect(await ids("tags=a,b")).toEqual([old])
    expect(await ids("type=upscale")).toEqual([young])
    expect(await ids("modelId=model_x")).toEqual([old])
    expect(await ids(`parentAssetId=${old}`)).toEqual([young])
    expect(await ids(`rootAssetId=${old}`)).toEqual([young, grandchild])
    expect(await ids("privacy=public")).toEqual([grandchild])
    const aMinuteAgo = new Date(world.simulator.now() - 60_000).toISOString()
    expect(await ids(`sortBy=createdAt&createdBefore=${aMinuteAgo}`)).toEqual([old])
    expect((await world.get(`/assets?createdBefore=${aMinuteAgo}`)).status).toBe(400)
    expect(listAt((await world.get("/assets/public")).body, "assets")).toHaveLength(1)
  })

  test("can be named, tagged, collected, found, and deleted", async () => {
    await using world = await startStepped()
    const id = textAt((await world.post("/assets", { name: "dot", image: png1x1 })).body, "asset", "id")
    await world.put(`/assets/${id}`, { name: "point", description: "a very small one" })
    expect((await world.put(`/assets/${id}/tags`, { add: ["tiny"] })).body).toEqual({
      added: ["tiny"],
      deleted: [],
    })
    expect((await world.put(`/assets/${id}/tags`, { add: ["tiny"] })).status).toBe(400)
    expect((await world.put(`/assets/${id}/tags`, { add: ["tiny"], strict: false })).body).toEqual({
      added: [],
      deleted: [],
    })
    const collection = textAt((await world.post("/collections", { name: "dots" })).body, "collection", "id")
    await world.put(`/collections/${collection}/assets`, { assetIds: [id] })
    expect(listAt((await world.get(`/assets?collectionId=${collection}`)).body, "assets")).toHaveLength(1)
    const found = await world.post("/search/assets", { query: "point", limit: 5 })
    expect(at(found.body, "hits", 0, "id")).toBe(id)
    expect((await world.post("/search/assets", {})).status).toBe(400)
    expect(at((await world.get("/tags")).body, "tags", 0)).toMatchObject({ tagName: "tiny", itemCount: 1 })
    expect((await world.remove("/assets", { assetIds: [id] })).status).toBe(200)
    expect((await world.get(`/assets/${id}`)).status).toBe(404)
  })

  test("of text contain their whole text, or only its beginning if it is long", async () => {
    await using world = await startStepped()
    for (const prompt of ["short", "long ".repeat(60)])
      await world.post("/generate/custom/model_scribe-llm", { prompt })
    await world.simulator.advance(60_000)
    const [long, short] = listAt((await world.get("/assets")).body, "assets").toSorted(
      (a, b) => Number(at(b, "properties", "size")) - Number(at(a, "properties", "size")),
    )
    expect(at(long, "properties", "hasFullPreview")).toBe(false)
    expect(at(short, "properties", "hasFullPreview")).toBe(true)
    expect(await (await fetch(textAt(short, "url"))).text()).toBe(at(short, "properties", "preview"))
  })

  test("of high dynamic range have a JPEG and an EXR file", async () => {
    await using world = await startStepped()
    await world.post("/generate/custom/model_horizon-hdri", { prompt: "a desert" })
    await world.simulator.advance(300_000)
    const asset = at((await world.get("/assets")).body, "assets", 0)
    const jpeg = Buffer.from(await (await fetch(textAt(asset, "url"))).arrayBuffer())
    const exr = Buffer.from(await (await fetch(textAt(asset, "originalFileUrl"))).arrayBuffer())
    expect(jpeg.subarray(0, 3).toString("hex")).toBe("ffd8ff")
    expect(exr.readUInt32LE(0)).toBe(20000630)
  })

  test("can be packed into a zip file", async () => {
    await using world = await startStepped()
    const ids = [world.simulator.addAsset(), world.simulator.addAsset()]
    const job = await world.post("/assets/download", {
      query: { assetIds: ids, modelIds: [], inferenceIds: [] },
      options: { fileNameTemplate: "", flat: true },
    })
    const path = `/assets/download/${textAt(job.body, "jobId")}`
    expect((await world.get(path)).body["downloadUrl"]).toBeUndefined()
    await world.simulator.advance(60_000)
    const zip = Buffer.from(
      await (await fetch(textAt((await world.get(path)).body, "downloadUrl"))).arrayBuffer(),
    )
    expect(zip.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04")
  })
})

describe("the CDN", () => {
  test("serves as many bytes as the asset says", async () => {
    await using world = await startStepped()
    await world.post("/generate/txt2img", { ...redHouse, width: 320, height: 256 })
    await world.simulator.advance(60_000)
    const asset = at((await world.get("/assets")).body, "assets", 0)
    const response = await fetch(textAt(asset, "url"))
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.length).toBe(at(asset, "properties", "size"))
    expect(response.headers.get("content-type")).toBe("image/png")
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([320, 256])
  })

  test("serves ranges with an ETag", async () => {
    await using world = await startStepped()
    const url = await getUrl(
      world,
      world.simulator.addAsset({ kind: "text", bytes: Buffer.from("0123456789") }),
    )
    const whole = await fetch(url, { method: "HEAD" })
    const etag = whole.headers.get("etag") ?? ""
    expect(whole.headers.get("content-length")).toBe("10")
    const request = async (range: string, headers = {}) => {
      const response = await fetch(url, { headers: { range, ...headers } })
      return [response.status, response.headers.get("content-range"), await response.text()]
    }
    expect(await request("bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"])
    expect(await request("bytes=7-")).toEqual([206, "bytes 7-9/10", "789"])
    expect(await request("bytes=-2")).toEqual([206, "bytes 8-9/10", "89"])
    expect(await request("bytes=10-")).toEqual([416, "bytes */10", ""])
    expect(await request("bytes=5-", { "if-range": etag })).toEqual([206, "bytes 5-9/10", "56789"])
    expect(await request("bytes=5-", { "if-range": '"other"' })).toEqual([200, null, "0123456789"])
  })

  test("refuses an expired or changed link, and accepts a fresh one", async () => {
    await using world = await startStepped({ linkTtlMs: 60_000 })
    const id = world.simulator.addAsset()
    const url = await getUrl(world, id)
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url.replace("Signature=", "Signature=x"))).status).toBe(403)
    expect((await fetch(url.replace(id, world.simulator.addAsset()))).status).toBe(403)
    await world.simulator.advance(60_000)
    const expired = await fetch(url)
    expect([expired.status, await expired.text()]).toEqual([403, expect.stringContaining("Access Denied")])
    expect((await fetch(await getUrl(world, id))).status).toBe(200)
  })

  test("scales and converts a picture by parameters of its link", async () => {
    await using world = await startStepped()
    const url = await getUrl(world, world.simulator.addAsset({ width: 200, height: 100 }))
    const png = Buffer.from(await (await fetch(`${url}&width=50`)).arrayBuffer())
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([50, 25])
    expect((await fetch(`${url}&format=jpeg`)).headers.get("content-type")).toBe("image/jpeg")
  })

  test("refuses credentials, and reports a violation", async () => {
    await using world = await startStepped()
    const url = await getUrl(world, world.simulator.addAsset())
    const response = await fetch(url, { headers: { authorization: "Basic c2VjcmV0" } })
    expect(response.status).toBe(400)
    expect(world.simulator.violations()).toEqual([
      {
        requestIndex: 1,
        path: expect.stringContaining("/assets-transform/"),
        problem: "an Authorization header was sent to the CDN",
      },
    ])
    expect(JSON.stringify(world.simulator.requests())).not.toContain("c2VjcmV0")
  })

  test("serves thumbnails without credentials", async () => {
    await using world = await startStepped()
    const asset = await world.get(`/assets/${world.simulator.addAsset()}`)
    const response = await fetch(textAt(asset.body, "asset", "thumbnail", "url"))
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"])
  })
})
