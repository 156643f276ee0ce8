/** Why a text can't name a file, as a sentence; `undefined` if it can. A file is one link, one asset ID, or a data URL. */
export const findFileProblem = (text: string): string | undefined => {
  if (/^data:/i.test(text)) return undefined
  if (/^https?:/i.test(text)) return findLinkProblem(text)
  return /^[^\s/\\{}|,]+$/.test(text)
    ? undefined
    : `Enter one link or one asset ID instead of ${describeLink(text)}.`
}

/** The same for a text that must be a link. */
export const findLinkProblem = (text: string): string | undefined => {
  if (!/^https?:\/\//i.test(text) || /\s/.test(text.trim()) || /,\s*https?:\/\//i.test(text)) {
    return `Enter one link that starts with https:// instead of ${describeLink(text)}.`
  }
  const url = URL.parse(text)
  if (url === null) return `The link ${describeLink(text)} can't be opened.`
  const direct = findDirectLink(url)
  return direct === undefined
    ? undefined
    : `This link opens a page about the file. Use the link to the file itself: ${direct}`
}

/** A link without its query, which can hold a signature. */
const describeLink = (text: string): string => {
  const link = text.replace(/[?#].*$/s, "")
  return JSON.stringify(link.length <= 120 ? link : `${link.slice(0, 117)}...`)
}

/** The link to the file that a page of Google Drive, Dropbox, or GitHub shows. */
const findDirectLink = (url: URL): string | undefined => {
  const { hostname, pathname, searchParams } = url
  if (hostname === "drive.google.com") {
    const id = /^\/file\/(?:u\/\d+\/)?d\/([\w-]+)/.exec(pathname)?.[1] ?? searchParams.get("id")
    const isPage = /^\/(file\/|open$)/.test(pathname)
    return isPage && id !== null ? `https://drive.google.com/uc?export=download&id=${id}` : undefined
  }
  if (/^(www\.)?dropbox\.com$/.test(hostname) && /^\/(s|scl|sh)\//.test(pathname)) {
    if (searchParams.get("dl") === "1" || searchParams.get("raw") === "1") return undefined
    const direct = new URL(url)
    direct.searchParams.set("dl", "1")
    return direct.href
  }
  const blob = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(pathname)
  return hostname === "github.com" && blob !== null
    ? `https://raw.githubusercontent.com/${blob[1]}/${blob[2]}`
    : undefined
}
