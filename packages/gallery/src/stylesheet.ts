import { chartStyles } from "./chartStyles.ts"
import { turntableStyles } from "./renderTurntable.ts"

/** The page's look. Text reaches 4.5:1 and marks 3:1 against what lies under them, in light and in dark. */
const pageStyles = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f6f3, #121315);
  --surface: light-dark(#ffffff, #1a1c1f);
  --well: light-dark(#f1f0ec, #202327);
  --ink: light-dark(#1c1b19, #ecebe8);
  --soft: light-dark(#5f5b54, #a7a59f);
  --line: light-dark(#e3e0d9, #2d3035);
  --link: light-dark(#24509e, #9dbdf8);
  --focus: light-dark(#1f5fd0, #8ab4ff);
  --check: light-dark(#ebe9e4, #26292d);
  --waiting: light-dark(#767269, #8f8d86);
  --warming: light-dark(#a66200, #d9993d);
  --working: light-dark(#2f6bd0, #6d9ff2);
  --finalizing: light-dark(#7a52c4, #a98be6);
  --success: light-dark(#2a7d4f, #5bb884);
  --failure: light-dark(#b8322a, #ef7b70);
  --canceled: light-dark(#6b6760, #98958e);
  --other: light-dark(#8a5a83, #c795bf);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  max-width: 84rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 3rem) 2rem;
  background: var(--paper); color: var(--ink);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, p, dl, dd, ul, ol, figure, blockquote { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.2vw, 2.75rem); line-height: 1.12; letter-spacing: -.022em; font-weight: 650; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; line-height: 1.3; letter-spacing: -.01em; font-weight: 620; }
h3 { font-size: 1rem; line-height: 1.35; font-weight: 620; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.card:focus, h2:focus { outline: none; }
.card:target { border-color: var(--focus); box-shadow: 0 0 0 2px var(--focus); }
code { font-family: var(--mono); font-size: .9em; }
time, dd, .facts, .row-took, .axis, b { font-variant-numeric: tabular-nums; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 1; padding: .6rem 1rem; background: var(--surface); border-radius: 6px; }
.skip:focus { top: 1rem; }

.masthead { display: grid; gap: 1.75rem; margin-bottom: 3rem; }
.title p, .lead, footer { color: var(--soft); }
.title p { margin-top: .4rem; }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); border-block: 1px solid var(--line); }
.totals > div { padding: 1rem 1.25rem 1.1rem 0; }
.totals dt { color: var(--soft); font-size: .8125rem; }
.totals dd { font-size: 1.625rem; line-height: 1.25; font-weight: 600; letter-spacing: -.015em; }
.totals small { display: block; color: var(--soft); font-size: .8125rem; line-height: 1.4; font-weight: 400; letter-spacing: 0; }
section { margin-top: 3rem; }
section > h2, .heading { margin-bottom: 1rem; }

.cards { columns: 23rem; column-gap: 1.25rem; }
.cards[data-count="1"] { max-width: 40rem; }
.cards[data-count="2"] { max-width: 62rem; columns: 23rem 2; }
.cards > li { break-inside: avoid; padding-bottom: 1.25rem; }
.card { min-width: 0; padding: .75rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.card > header { display: flex; gap: .75rem; align-items: baseline; justify-content: space-between; margin: .9rem .25rem 0; }
.prompt { margin: .35rem .25rem 0; color: var(--soft); font-size: .9375rem; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.badge { flex: none; padding: .05rem .55rem; border: 1px solid currentColor; border-radius: 99px; color: var(--tone); font-size: .8125rem; font-weight: 600; }
.failure { margin: .75rem .25rem 0; padding-left: .75rem; border-left: 3px solid var(--failure); font-size: .9375rem; overflow-wrap: anywhere; }
.failure .hint { color: var(--soft); }
.details { margin: .8rem .25rem .15rem; padding-top: .7rem; border-top: 1px solid var(--line); font-size: .8125rem; line-height: 1.6; }
.details > div { display: grid; grid-template-columns: 4.25rem 1fr; gap: .5rem; }
.details dt { color: var(--soft); }
.details dd { min-width: 0; overflow-wrap: anywhere; }

.assets { display: grid; gap: .75rem; }
.assets[data-layout="pairs"], .assets[data-layout="first"] { grid-template-columns: 1fr 1fr; }
.assets[data-layout="first"] > :first-child { grid-column: 1 / -1; }
.words + .assets { margin-top: .75rem; }
.asset { min-width: 0; }
.asset figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; margin: .35rem .25rem 0; font-size: .8125rem; }
.file { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.file a { color: inherit; text-decoration-color: var(--line); }
.file a:hover { text-decoration-color: currentColor; }
.facts { color: var(--soft); }
.stage { display: flex; align-items: center; justify-content: center; aspect-ratio: 4/3; overflow: hidden; background: var(--well); border-radius: 7px; color: var(--soft); }
.checkered { background: repeating-conic-gradient(var(--check) 0 25%, var(--surface) 0 50%) 0 0 / 20px 20px; box-shadow: inset 0 0 0 1px var(--line); }
.stage img, .stage video { width: 100%; height: 100%; object-fit: contain; }
.stage img { overflow-wrap: anywhere; font-size: .875rem; text-align: center; }
.film { aspect-ratio: 16/9; background: #000; }
.sound { flex-direction: column; gap: .75rem; aspect-ratio: auto; padding: 1.1rem .9rem .9rem; }
.sound audio { display: block; width: 100%; min-width: 0; height: 2.75rem; }
.wave { width: 100%; height: 5.5rem; fill: var(--working); }
.words { display: block; aspect-ratio: auto; max-height: 24rem; padding: 1rem 1.15rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--ink); font-size: .9375rem; }
.words[data-short] { padding: 1.5rem 1.35rem; font-size: 1.25rem; line-height: 1.4; text-wrap: balance; }
.download { flex-direction: column; gap: .4rem; padding: 1rem; text-align: center; font-size: .9375rem; }
a.download { color: var(--ink); text-decoration: none; }
a.download > :last-child { color: var(--link); text-decoration: underline; text-underline-offset: .18em; }
.sheet { display: grid; place-items: end center; width: 4.25rem; height: 5.25rem; margin-bottom: .5rem; padding-bottom: .55rem; background: var(--surface); border: 1px solid var(--line); border-top-right-radius: 1.4rem; border-radius: 6px 1.4rem 6px 6px; color: var(--soft); font: 600 .875rem/1 var(--mono); }
.empty { aspect-ratio: auto; min-height: 7rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; }
`

const otherMedia = `
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (prefers-contrast: more) { :root { --soft: var(--ink); --line: var(--ink); } }
@media (forced-colors: active) { .stretch, .end, .poll, .key, .kinds i { forced-color-adjust: none; } }
@media print {
  :root { color-scheme: light; --paper: #fff; }
  html { font-size: 9pt; }
  body { max-width: none; padding: 0; }
  .skip { display: none; }
  .masthead { gap: 1rem; margin-bottom: 0; }
  .totals { grid-template-columns: repeat(5, 1fr); }
  section { margin-top: 1.5rem; }
  .cards, .cards[data-count] { max-width: none; columns: 3; column-gap: .75rem; }
  .cards > li { padding-bottom: .75rem; }
  .angles, .turn-hint { display: none; }
  .card, .chart, .totals { break-inside: avoid; }
  .heading, h2 { break-after: avoid; }
  .prompt { -webkit-line-clamp: none; }
  .words { max-height: none; overflow: visible; }
  .stage, .stretch, .end, .poll, .key, .kinds i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`

export const stylesheet = pageStyles + turntableStyles + chartStyles + otherMedia
