/** Errors with one tag, for `switch`. Replaces core's type of this name, which needs Effect. */
export interface TaggedErrorClass<Tag extends string> {
  new <Fields extends object>(fields: Fields): Error & { readonly _tag: Tag } & Readonly<Fields>
}
