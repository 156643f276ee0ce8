/** The timeline and the bars of requests. Waiting is hatched, so that color is not the only sign of it. */
export const chartStyles = `
[data-tone="waiting"] { --tone: var(--waiting); }
[data-tone="warming"] { --tone: var(--warming); }
[data-tone="working"] { --tone: var(--working); }
[data-tone="finalizing"] { --tone: var(--finalizing); }
[data-tone="success"] { --tone: var(--success); }
[data-tone="failure"] { --tone: var(--failure); }
[data-tone="canceled"] { --tone: var(--canceled); }
[data-tone="other"] { --tone: var(--other); }

.heading { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline; justify-content: space-between; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; color: var(--soft); font-size: .8125rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.key { width: .8rem; height: .8rem; border-radius: 3px; background: var(--tone); }
.chart { --name: 13rem; --took: 5.5rem; padding: 1rem 1.25rem 1.1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.axis { position: relative; height: 1.5rem; margin: 0 calc(var(--took) + 1rem) 0 calc(var(--name) + 1rem); color: var(--soft); font-size: .75rem; }
.axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.axis span:first-child { transform: none; }
.row { display: grid; grid-template-columns: var(--name) 1fr var(--took); gap: 0 1rem; align-items: center; font-size: .875rem; }
.row-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-block: .3rem; color: inherit; text-decoration: none; }
.row-name:hover { text-decoration: underline; }
.row-took { color: var(--soft); text-align: right; white-space: nowrap; }
.track { position: relative; height: 2.5rem; }
.track i { position: absolute; }
.grid { top: 0; bottom: 0; width: 1px; background: var(--line); }
.stretch { top: .65rem; height: .8rem; min-width: 2px; background: var(--tone); box-shadow: inset -1px 0 0 var(--surface); }
.stretch[data-tone="waiting"], .key[data-tone="waiting"] { background: repeating-linear-gradient(135deg, var(--tone) 0 2px, transparent 2px 4px); box-shadow: inset 0 0 0 1px var(--tone); }
.end { top: .5rem; width: 4px; height: 1.1rem; margin-left: -1px; border-radius: 2px; background: var(--tone); }
.poll { bottom: .3rem; width: 5px; height: 5px; margin-left: -2.5px; border-radius: 50%; background: var(--soft); }
.poll-key { width: .4rem; height: .4rem; border-radius: 50%; background: var(--soft); }

.kinds { display: grid; gap: .35rem; max-width: 40rem; margin-top: 1rem; font-size: .875rem; }
.kinds li { display: grid; grid-template-columns: 11rem 1fr 3.5rem; gap: 1rem; align-items: center; }
.kinds span { overflow-wrap: anywhere; }
.kinds i { height: .6rem; border-radius: 3px; background: linear-gradient(var(--working) 0 0) 0 0 / calc(var(--share) * 100%) 100% no-repeat; }
.kinds b { font-weight: 600; }

@media (max-width: 46rem) {
  .axis { margin-inline: 0; }
  .row { grid-template-columns: 1fr auto; padding-top: .35rem; }
  .track { grid-column: 1 / -1; grid-row: 2; height: 2rem; }
  .stretch { top: .35rem; }
  .end { top: .2rem; }
  .kinds li { grid-template-columns: 7rem 1fr 2.5rem; }
}
`
