import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import {
  type Class,
  type Declaration,
  type Expression,
  parseSync,
  type TSSignature,
  type TSType,
} from "oxc-parser"

export interface Doc {
  readonly text: string
  /** The code of `@example`. */
  readonly example: string | undefined
}

export interface Member {
  readonly name: string
  readonly isMethod: boolean
  readonly isOptional: boolean
  /** As in the source: `(job: JobOrId): Promise<Job>`, or a type. */
  readonly type: string
  readonly doc: Doc | undefined
  /** The members of a group, such as `jobs`. */
  readonly members: ReadonlyArray<Member>
}

export interface Exported {
  readonly name: string
  readonly kind: "function" | "interface" | "type" | "class" | "value"
  readonly file: string
  readonly doc: Doc | undefined
  /** The parameters and the result of a function, or the text of a type. */
  readonly type: string
  /** The interfaces that it extends. */
  readonly parents: ReadonlyArray<string>
  readonly members: ReadonlyArray<Member>
}

/** All that a file exports, with the declarations of the files that it exports from. */
export const readExports = (file: string): ReadonlyArray<Exported> => {
  const source = new Source(file)
  return source.program.body.flatMap((statement): ReadonlyArray<Exported> => {
    if (statement.type === "ExportAllDeclaration") {
      return readExports(join(dirname(file), statement.source.value))
    }
    if (statement.type !== "ExportNamedDeclaration") return []
    if (statement.declaration !== null) {
      return source.readDeclaration(statement.declaration, statement.start)
    }
    return statement.specifiers.flatMap(({ local }) => {
      const name = "name" in local ? local.name : local.value
      const from = statement.source?.value ?? source.findImport(name)
      return from === undefined
        ? []
        : readExports(join(dirname(file), from)).filter((one) => one.name === name)
    })
  })
}

/** A source file that is read. */
class Source {
  readonly program
  readonly #file: string
  readonly #code: string
  readonly #comments

  constructor(file: string) {
    this.#file = file
    this.#code = readFileSync(file, "utf8")
    const { program, comments, errors } = parseSync(file, this.#code)
    if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`)
    this.program = program
    this.#comments = comments
  }

  /** The file that a name is imported from. */
  findImport(name: string): string | undefined {
    for (const statement of this.program.body) {
      if (statement.type !== "ImportDeclaration") continue
      if (statement.specifiers.some(({ local }) => local.name === name)) return statement.source.value
    }
    return undefined
  }

  readDeclaration(declaration: Declaration, start: number): ReadonlyArray<Exported> {
    const base = { file: this.#file, doc: this.#readDoc(start), parents: [], members: [] }
    switch (declaration.type) {
      case "TSInterfaceDeclaration":
        return [
          {
            ...base,
            name: declaration.id.name,
            kind: "interface",
            type: "",
            parents: declaration.extends.map((parent) => this.#getText(parent)),
            members: this.#readMembers(declaration.body.body),
          },
        ]
      case "TSTypeAliasDeclaration":
        return [
          {
            ...base,
            name: declaration.id.name,
            kind: "type",
            type: this.#getText(declaration.typeAnnotation),
          },
        ]
      case "ClassDeclaration":
        return [
          {
            ...base,
            name: declaration.id?.name ?? "",
            kind: "class",
            type: "",
            members: this.#readClassMembers(declaration),
          },
        ]
      case "VariableDeclaration":
        return declaration.declarations.flatMap(({ id, init }): ReadonlyArray<Exported> => {
          if (id.type !== "Identifier" || init === null) return []
          const annotation = id.typeAnnotation?.typeAnnotation
          const members = annotation?.type === "TSTypeLiteral" ? this.#readMembers(annotation.members) : []
          const signature = this.#readSignature(init)
          return [
            {
              ...base,
              name: id.name,
              kind: signature === undefined ? "value" : "function",
              type: signature ?? (annotation === undefined ? "" : this.#getText(annotation)),
              members,
            },
          ]
        })
      default:
        return []
    }
  }

  /** The parameters and the result of a function, or of one that `Effect.fn` wraps. */
  #readSignature(value: Expression): string | undefined {
    if (value.type === "CallExpression") {
      const [wrapped] = value.arguments
      const isWrapped = wrapped?.type === "FunctionExpression" || wrapped?.type === "ArrowFunctionExpression"
      return isWrapped ? this.#readSignature(wrapped) : undefined
    }
    if (value.type !== "ArrowFunctionExpression" && value.type !== "FunctionExpression") return undefined
    const parameters = value.params.map((parameter) =>
      parameter.type === "AssignmentPattern"
        ? this.#getText(parameter.left).replace(":", "?:")
        : this.#getText(parameter),
    )
    const result =
      value.returnType === null || value.returnType === undefined ? "" : this.#getText(value.returnType)
    return `(${parameters.join(", ")})${result}`
  }

  #readClassMembers(declaration: Class): ReadonlyArray<Member> {
    return [...this.#readInherited(declaration), ...this.#readOwn(declaration)].filter(
      ({ doc }) => doc?.text.includes("@internal") !== true,
    )
  }

  /** What a service offers, or the fields of an error: the last type argument of what the class extends. */
  #readInherited(declaration: Class): ReadonlyArray<Member> {
    const fields = [
      ...(declaration.superTypeArguments?.params ?? []),
      ...(declaration.superClass === null ? [] : findTypeArguments(declaration.superClass)),
    ].findLast((argument) => argument.type === "TSTypeLiteral")
    return fields?.type === "TSTypeLiteral" ? this.#readMembers(fields.members) : []
  }

  /** Layers, and the methods of a class that isn't a service. */
  #readOwn(declaration: Class): ReadonlyArray<Member> {
    return declaration.body.body.flatMap((element): ReadonlyArray<Member> => {
      const isStatic = element.type === "PropertyDefinition" && element.static
      const isMethod = element.type === "MethodDefinition" && element.kind === "method" && !element.override
      if ((!isStatic && !isMethod) || element.key.type !== "Identifier" || element.value === null) return []
      const signature = this.#readSignature(element.value)
      const annotation = isStatic ? element.typeAnnotation : undefined
      return [
        {
          name: element.key.name,
          isMethod: signature !== undefined,
          isOptional: false,
          type: signature ?? (annotation ? this.#getText(annotation.typeAnnotation) : ""),
          doc: this.#readDoc(element.start),
          members: [],
        },
      ]
    })
  }

  #readMembers(signatures: ReadonlyArray<TSSignature>): ReadonlyArray<Member> {
    return signatures.flatMap((signature): ReadonlyArray<Member> => {
      const isMethod = signature.type === "TSMethodSignature"
      if (!isMethod && signature.type !== "TSPropertySignature") return []
      const annotation = isMethod ? undefined : signature.typeAnnotation?.typeAnnotation
      const rest = this.#code.slice(signature.key.end, signature.end)
      return [
        {
          name: this.#getText(signature.key),
          isMethod,
          isOptional: signature.optional,
          type: isMethod ? flatten(rest) : annotation === undefined ? "" : this.#getText(annotation),
          doc: this.#readDoc(signature.start),
          members: annotation?.type === "TSTypeLiteral" ? this.#readMembers(annotation.members) : [],
        },
      ]
    })
  }

  #readDoc(start: number): Doc | undefined {
    const comment = this.#comments.findLast(
      ({ type, value, end }) =>
        type === "Block" &&
        value.startsWith("*") &&
        end <= start &&
        this.#code.slice(end, start).trim() === "",
    )
    if (comment === undefined) return undefined
    const lines = comment.value.split("\n").map((line) => line.replace(/^\s*\*+ ?/, "").trimEnd())
    const [text = "", example] = lines.join("\n").split("@example\n")
    return {
      text: text.trim().replaceAll(/([^\n])\n(?=[^\n])/g, "$1 "),
      example: example?.replaceAll(/^```\w*$/gm, "").trim(),
    }
  }

  #getText({ start, end }: { readonly start: number; readonly end: number }): string {
    return flatten(this.#code.slice(start, end))
  }
}

const findTypeArguments = (value: Expression): ReadonlyArray<TSType> =>
  value.type === "CallExpression"
    ? [...findTypeArguments(value.callee), ...(value.typeArguments?.params ?? [])]
    : []

/** In one line, without the comments inside. */
const flatten = (code: string): string =>
  code
    .replaceAll(/\/\*[^]*?\*\//g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/([([]) /g, "$1")
    .replaceAll(/,? ([)\]])/g, "$1")
    .replace(/^\| /, "")
    .trim()
