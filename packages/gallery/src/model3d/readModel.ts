import { decodeTexture } from "./decodeTexture.ts"
import { Glb } from "./Glb.ts"
import { type JsonRecord, toList, toNumber, toNumbers, toRecord, toTexts } from "./json.ts"
import { getNodeMatrix, getNormalMatrix, identity, type Matrix, multiply, transform } from "./Matrix.ts"
import type { Material, Mesh, Model3d, Pixels } from "./Model3d.ts"

/** More triangles would take many seconds to draw. */
const maxTriangles = 1_500_000

/** Extensions that can be ignored, or that need no code. Compressed geometry needs code. */
const readableExtensions =
  /^(KHR_mesh_quantization|KHR_materials_|KHR_texture_transform$|EXT_texture_webp$|KHR_lights_)/

/** Reads the triangles of a GLB file. Returns `undefined` if the file is damaged, compressed, empty, or too large. */
export const readModel = (file: Uint8Array): Model3d | undefined => {
  try {
    const glb = new Glb(file)
    if (!toTexts(glb.scene["extensionsRequired"]).every((name) => readableExtensions.test(name)))
      return undefined
    const meshes = readScene(glb)
    const triangles = meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0)
    return triangles > 0 && triangles <= maxTriangles ? meshes : undefined
  } catch {
    // A damaged file. The page offers it for download.
    return undefined
  }
}

const readScene = (glb: Glb): Model3d => {
  const getMaterial = createMaterialReader(glb)
  const meshes: Array<Mesh> = []
  const seen = new Set<unknown>()
  const visit = (index: unknown, parent: Matrix): void => {
    // In a damaged file, nodes can form a cycle.
    if (seen.has(index)) return
    seen.add(index)
    const node = glb.get("nodes", index)
    const matrix = multiply(parent, getNodeMatrix(node))
    // The joints of a skin place its mesh, not the node.
    const place = node["skin"] === undefined ? matrix : identity
    for (const each of toList(glb.get("meshes", node["mesh"])["primitives"])) {
      const primitive = toRecord(each)
      const mesh = readPrimitive(glb, primitive, place, getMaterial(primitive["material"]))
      if (mesh !== undefined) meshes.push(mesh)
    }
    for (const child of toList(node["children"])) visit(child, matrix)
  }
  for (const root of toList(glb.get("scenes", toNumber(glb.scene["scene"], 0))["nodes"]))
    visit(root, identity)
  return meshes
}

const readPrimitive = (
  glb: Glb,
  primitive: JsonRecord,
  matrix: Matrix,
  material: Material,
): Mesh | undefined => {
  const attributes = toRecord(primitive["attributes"])
  const positions = glb.getNumbers(attributes["POSITION"], 3)
  // Points and lines have no surface. Strips are rare.
  if (positions === undefined || toNumber(primitive["mode"], 4) !== 4) return undefined
  const vertices = positions.length / 3
  const given = glb.getNumbers(primitive["indices"], 1)
  const indices =
    given === undefined ? Uint32Array.from({ length: vertices }, (_, at) => at) : Uint32Array.from(given)
  if (indices.some((index) => index >= vertices)) throw new Error("an index beyond the vertices")
  const normals = glb.getNumbers(attributes["NORMAL"], 3)
  return {
    positions: transform(matrix, positions, 1),
    normals: normals && transform(getNormalMatrix(matrix), normals, 0),
    uvs: glb.getNumbers(attributes["TEXCOORD_0"], 2),
    colors: glb.getNumbers(attributes["COLOR_0"], 3),
    indices: indices.subarray(0, indices.length - (indices.length % 3)),
    material,
  }
}

/** Reads each texture only once, even if several materials share it. */
const createMaterialReader = (glb: Glb): ((index: unknown) => Material) => {
  const textures = new Map<unknown, Pixels | undefined>()
  const getTexture = (index: unknown): Pixels | undefined => {
    const { bufferView } = glb.get("images", glb.get("textures", index)["source"])
    if (bufferView === undefined) return undefined
    if (!textures.has(bufferView)) textures.set(bufferView, decodeTexture(glb.getBytes(bufferView)))
    return textures.get(bufferView)
  }
  return (index) => {
    const material = glb.get("materials", index)
    const surface = toRecord(material["pbrMetallicRoughness"])
    const [red = 1, green = 1, blue = 1] = toNumbers(surface["baseColorFactor"], [1, 1, 1, 1])
    return {
      color: [red, green, blue],
      texture: getTexture(toRecord(surface["baseColorTexture"])["index"]),
      alphaCutoff: material["alphaMode"] === "MASK" ? toNumber(material["alphaCutoff"], 0.5) : 0,
    }
  }
}
