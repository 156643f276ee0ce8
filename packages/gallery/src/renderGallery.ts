import { renderCard } from "./renderCard.ts"
import type { Gallery } from "./Gallery.ts"
import { html, Markup } from "./html.ts"
import { formatMoment } from "./quantities.ts"
import { stylesheet } from "./stylesheet.ts"
import { renderTimeline } from "./renderTimeline.ts"
import { renderRequests, renderTotals } from "./renderTotals.ts"

/**
 * Renders a page that needs only the files in its own folder. It uses no network and no script, and its content security policy forbids
 * both, so that no title, prompt, or file name can add them.
 */
export const renderGallery = (gallery: Gallery): string => {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
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
            <p><time datetime="${gallery.generatedAt}">${formatMoment(gallery.generatedAt)}</time></p>
          </div>
          ${renderTotals(gallery)}
        </header>
        <main>
          <section aria-labelledby="sheet">
            <h2 id="sheet" tabindex="-1">Contact sheet</h2>
            ${
              gallery.entries.length === 0
                ? html`<p class="lead">No generations yet.</p>`
                : html`<ol class="cards" data-count="${Math.min(gallery.entries.length, 3)}">
                    ${gallery.entries.map((entry, index) => renderCard(entry, index + 1))}
                  </ol>`
            }
          </section>
          ${renderTimeline(gallery.entries)} ${renderRequests(gallery)}
        </main>
        <footer>Made by Scenario Automation. CU: compute units.</footer>
      </body>
    </html>`
  return `${page.source}\n`
}
