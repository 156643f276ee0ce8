import type { StoredWait } from "../storage/StoredWait.ts"

export interface RelayStatus {
  readonly now: number
  readonly counts: Readonly<Record<string, number>>
  /** Waits that this process follows. */
  readonly followed: number
  /** Requests to Scenario in the last minute, one number for each account in use. */
  readonly requests: ReadonlyArray<number>
  readonly configuredAccounts: number
  readonly openBreakers: number
  readonly dead: ReadonlyArray<StoredWait>
  readonly retrying: ReadonlyArray<StoredWait>
  readonly failures: ReadonlyArray<StoredWait>
}

const states = ["submitting", "waiting", "delivering", "delivered", "dead", "canceled"]

/** The status page: no script, light and dark, usable by keyboard. */
export const renderStatus = (status: RelayStatus): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Scenario relay</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the waits</a>
<header><h1>Scenario relay</h1><p>${formatTime(status.now)} · <a href="/status">Reload</a></p></header>
<main id="main">
<section aria-label="Waits by state"><dl class="counts">
${states.map((state) => renderCount(state, status.counts[state] ?? 0)).join("\n")}
</dl></section>
<section aria-label="This process"><dl class="facts">
<div><dt>Waits followed here</dt><dd>${status.followed}</dd></div>
<div><dt>Requests to Scenario in the last minute</dt><dd>${describeRequests(status.requests)}</dd></div>
<div><dt>Receivers that are paused</dt><dd>${status.openBreakers}</dd></div>
</dl></section>
${renderTable(deadLetters, status.dead, status.now)}
${renderTable(retriedCallbacks, status.retrying, status.now)}
${renderTable(failures, status.failures, status.now)}
</main>
</body>
</html>
`

const renderCount = (state: string, count: number): string =>
  `<div class="${count === 0 ? "none" : state}"><dt>${state}</dt><dd>${count}</dd></div>`

interface Column {
  readonly title: string
  /** HTML. */
  readonly render: (wait: StoredWait, now: number) => string
}

interface Table {
  readonly title: string
  readonly empty: string
  readonly reason: Column
  readonly last: ReadonlyArray<Column>
}

const lastAttempt: Column = { title: "Last attempt", render: ({ lastError }) => escape(lastError ?? "") }
const ended: Column = {
  title: "Ended",
  render: ({ endedAt }, now) => (endedAt === undefined ? "" : formatAge(now - endedAt)),
}
const attempts: Column = { title: "Attempts", render: (wait) => String(wait.attempts) }

const deadLetters: Table = {
  title: "Dead letters",
  empty: "No callback was given up.",
  reason: lastAttempt,
  last: [
    attempts,
    ended,
    {
      title: "Action",
      render: ({ waitId }) =>
        `<form method="post" action="/status/redeliver/${encodeURIComponent(waitId)}"><button aria-label="Redeliver ${escape(waitId)}">Redeliver</button></form>`,
    },
  ],
}

const retriedCallbacks: Table = {
  title: "Callbacks being retried",
  empty: "No callback is being retried.",
  reason: lastAttempt,
  last: [
    attempts,
    ended,
    {
      title: "Next attempt",
      render: ({ nextAttemptAt }, now) =>
        nextAttemptAt === undefined ? "" : formatDelay(nextAttemptAt - now),
    },
  ],
}

const failures: Table = {
  title: "Recent failures",
  empty: "No job has failed lately.",
  reason: { title: "What happened", render: (wait) => escape(describeFailure(wait)) },
  last: [ended],
}

const describeRequests = (requests: ReadonlyArray<number>): string =>
  requests.length === 0
    ? "none"
    : requests.length === 1
      ? String(requests[0])
      : `${requests.reduce((sum, count) => sum + count, 0)} (at most ${Math.max(...requests)} for one account)`

const renderTable = (
  { title, empty, reason, last }: Table,
  waits: ReadonlyArray<StoredWait>,
  now: number,
): string => `<section>
<h2>${title}</h2>
${
  waits.length === 0
    ? `<p class="empty">${empty}</p>`
    : `<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr><th scope="col">Wait</th><th scope="col">Client / account</th><th scope="col">Outcome</th><th scope="col" class="reason">${reason.title}</th>${last.map((column) => `<th scope="col">${column.title}</th>`).join("")}</tr></thead>
<tbody>
${waits
  .map(
    (wait) => `<tr>
<th scope="row"><code title="${escape(wait.waitId)}">${escape(wait.waitId.slice(0, 18))}…</code></th>
<td data-title="Client / account">${escape(wait.clientId)} / ${escape(wait.accountId)}</td>
<td data-title="Outcome">${escape(wait.outcome ?? "")}</td>
<td class="reason" data-title="${reason.title}">${reason.render(wait, now)}</td>
${last.map((column) => `<td data-title="${column.title}">${column.render(wait, now)}</td>`).join("")}
</tr>`,
  )
  .join("\n")}
</tbody>
</table></div>`
}
</section>`

const describeFailure = ({ problem, jobs }: StoredWait): string =>
  problem?.message ?? jobs.find(({ error }) => error !== undefined)?.error?.message ?? ""

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const formatTime = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`

const formatAge = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return "just now"
  if (minutes < 120) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`
}

const formatDelay = (ms: number): string => {
  const seconds = Math.ceil(ms / 1_000)
  if (seconds <= 0) return "now"
  if (seconds < 120) return `in ${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`
}

const style = `
:root{--bg:#fff;--text:#1c1c22;--soft:#5c5c68;--line:#dcdce4;--card:#f5f5f8;--accent:#4b3ce0;--bad:#b3261e;--good:#1a7f37}
@media (prefers-color-scheme:dark){:root{--bg:#131318;--text:#ececf2;--soft:#a6a6b4;--line:#33333f;--card:#1d1d25;--accent:#a49bff;--bad:#ff8a80;--good:#7ee2a0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.5rem}h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}
header p,.empty,dt{color:var(--soft)}dt::first-letter{text-transform:uppercase}a{color:var(--accent)}dl{margin:1rem 0;display:grid;gap:.75rem}.counts{grid-template-columns:repeat(auto-fit,minmax(8rem,1fr))}
.facts{grid-template-columns:repeat(auto-fit,minmax(16rem,1fr))}dl div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem}
dd{margin:0;font-size:1.1rem;font-variant-numeric:tabular-nums}.counts dd{font-size:1.6rem}.dead dd{color:var(--bad)}.delivered dd{color:var(--good)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}table{border-collapse:collapse;width:100%}th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;white-space:nowrap;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}th{font-weight:600}tbody th{font-weight:400}code{font-size:.9em}.reason{width:100%;min-width:18rem;white-space:normal}
button{font:inherit;margin:-.3rem 0;padding:.25rem .75rem;border:1px solid var(--accent);border-radius:.4rem;background:transparent;color:var(--accent);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}@media (max-width:48rem){table,tbody,tr,td,tbody th{display:block}thead{display:none}tr{padding:.6rem .75rem;border-bottom:1px solid var(--line)}tbody tr:last-child{border-bottom:0}td,tbody th{padding:.1rem 0;border:0}.reason{min-width:0}td::before{content:attr(data-title) ": ";color:var(--soft)}form{display:inline}}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem}`
