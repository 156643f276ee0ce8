import { entryCard } from "./entryCard.ts"
import type { Gallery } from "./Gallery.ts"
import { html, Markup } from "./html.ts"
import { moment } from "./quantities.ts"
import { stylesheet } from "./stylesheet.ts"
import { timeline } from "./timeline.ts"
import { requestsByKind, totals } from "./totals.ts"

/**
 * One page that needs nothing but the files it links to, which lie below its own folder: no network, no script.
 * Its policy forbids both, so that no title, prompt or file name can bring them in.
 */
export function renderGallery(gallery: Gallery): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <title>${gallery.title}</title>
        <style>
          ${new Markup(stylesheet)}
        </style>
      </head>
      <body>
        <a class="skip" href="#sheet">Skip to the contact sheet</a>
        <header class="masthead">
          <div class="title">
            <h1 dir="auto">${gallery.title}</h1>
            <p><time datetime="${gallery.generatedAt}">${moment(gallery.generatedAt)}</time></p>
          </div>
          ${totals(gallery)}
        </header>
        <main>
          <section aria-labelledby="sheet">
            <h2 id="sheet" tabindex="-1">Contact sheet</h2>
            ${
              gallery.entries.length === 0
                ? html`<p class="lead">Nothing has been generated yet.</p>`
                : html`<ol class="cards">
                    ${gallery.entries.map((entry, index) => entryCard(entry, index + 1))}
                  </ol>`
            }
          </section>
          ${timeline(gallery.entries)} ${requestsByKind(gallery)}
        </main>
        <footer>Made by Scenario Automation from what Scenario's API said. CU: compute units.</footer>
      </body>
    </html>`
  return `${page.source}\n`
}
