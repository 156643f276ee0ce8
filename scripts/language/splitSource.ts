import { parseSync, Visitor } from "oxc-parser"

/** A piece of text and the offset at which it begins in its file. */
export interface Piece {
  readonly text: string
  readonly start: number
}

export interface SplitSource {
  /** Comments, and strings that people could read. */
  readonly prose: ReadonlyArray<Piece>
  /** Names that the file declares. */
  readonly names: ReadonlyArray<Piece>
}

/** A node of the syntax tree. Identifiers have a name; patterns and literals don't. */
interface Named {
  readonly type: string
  readonly start: number
  readonly name?: unknown
}

/** A string of one word is a key or a value, not a sentence. */
const isSentence = (text: string): boolean => /[A-Za-z]{2,}[.,:;]? [A-Za-z]/.test(text)

/** Splits a TypeScript file into what it says and what it names. Throws if the file can't be parsed. */
export const splitSource = (fileName: string, source: string): SplitSource => {
  const { program, comments, errors } = parseSync(fileName, source)
  if (errors[0] !== undefined) throw new Error(`${fileName}: ${errors[0].message}`)
  const prose: Array<Piece> = comments.map((comment) => ({ text: comment.value, start: comment.start }))
  const names: Array<Piece> = []
  const addText = (text: string, start: number) => {
    if (isSentence(text)) prose.push({ text, start })
  }
  const addName = (node: Named | null) => {
    if (typeof node?.name === "string") names.push({ text: node.name, start: node.start })
  }
  const addFunction = ({ id, params }: { id?: Named | null; params: ReadonlyArray<Named> }) => {
    addName(id ?? null)
    params.forEach(addName)
  }
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === "string") addText(node.value, node.start)
    },
    TemplateElement: (node) => addText(node.value.raw, node.start),
    FunctionDeclaration: addFunction,
    FunctionExpression: addFunction,
    ArrowFunctionExpression: addFunction,
    ClassDeclaration: (node) => addName(node.id),
    VariableDeclarator: (node) => addName(node.id),
    Property: (node) => addName(node.key),
    AssignmentPattern: (node) => addName(node.left),
    MethodDefinition: (node) => addName(node.key),
    PropertyDefinition: (node) => addName(node.key),
    TSInterfaceDeclaration: (node) => addName(node.id),
    TSTypeAliasDeclaration: (node) => addName(node.id),
    TSPropertySignature: (node) => addName(node.key),
    TSMethodSignature: (node) => addName(node.key),
  }).visit(program)
  return { prose, names }
}
