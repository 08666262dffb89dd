/** The look of the report, for light and dark, screen and paper. What a colour says is always said by shape or word too. */
const LIGHT = `
  color-scheme: light;
  --paper: #ffffff; --wash: #f4f6f8; --ink: #1b1f24; --minor: #545d68; --rule: #d0d7de; --accent: #0a58a8;
  --trusted: #0b6b50; --degraded: #8a4b00; --frozen: #1d5fa8; --revoked: #a61b1b; --pending: #6b3fa0; --unknown: #57606a;
  --failed: #a61b1b; --failed-wash: #fdecea; --fine: #0b6b50;
`;
const DARK = `
  color-scheme: dark;
  --paper: #14171b; --wash: #1d2228; --ink: #e6e9ed; --minor: #a9b2bc; --rule: #3a424c; --accent: #7db8f5;
  --trusted: #5fd0a8; --degraded: #f0b45a; --frozen: #7db8f5; --revoked: #ff9a8f; --pending: #c9a7f0; --unknown: #a9b2bc;
  --failed: #ff9a8f; --failed-wash: #3c1f1f; --fine: #5fd0a8;
`;

export const STYLE = `
:root {${LIGHT}}
@media screen and (prefers-color-scheme: dark) { :root {${DARK}} }
* { box-sizing: border-box; }
html { scroll-padding-top: 6rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 82rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .25rem 0; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 1.5rem 0 .5rem; }
h2 small, h4 small { display: block; font-weight: 400; font-size: .85rem; color: var(--minor); }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
h4 { font-size: 1.05rem; line-height: 1.25; margin: 0; }
h5 { font-size: .9rem; margin: .75rem 0 .25rem; }
p { margin: .35rem 0; }
ul { margin: .35rem 0; padding-left: 1.2rem; }
small { font-size: .8rem; color: var(--minor); }
a { color: var(--accent); }
.about, footer { color: var(--minor); max-width: 60rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--rule); padding-top: .75rem; }
blockquote { margin: .5rem 0; padding: .35rem .9rem; border-left: 4px solid var(--rule); max-width: 60rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h2:focus { outline: none; }
.definitions { position: absolute; }
.heard { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.fine { color: var(--fine); }
.failed strong, p.failed { color: var(--failed); }
p.failed, p.fine { font-weight: 600; }
.scroll { overflow-x: auto; margin: .5rem 0; }

/* Tables */
table { border-collapse: collapse; font-size: .87rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .55rem; border: 1px solid var(--rule); }
thead th { background: var(--wash); }
tbody th { font-weight: 400; }
td.failed, tr.failed td, tr.failed th { background: var(--failed-wash); }
td.failed { outline: 3px solid var(--failed); outline-offset: -3px; }
.group th { font-weight: 600; background: var(--wash); }
.matrix td:empty { background: repeating-linear-gradient(135deg, transparent 0 5px, var(--wash) 5px 7px); }
.matrix tbody th { min-width: 9rem; max-width: 22rem; position: sticky; left: 0; background: var(--paper); }
.matrix .group th { background: var(--wash); }
.matrix tbody th small, .matrix .was { display: block; }
.matrix td span { font-size: .78rem; color: var(--minor); overflow-wrap: anywhere; }
.matrix td { min-width: 4.5rem; max-width: 11rem; }
.matrix .yes { color: var(--trusted); } .matrix .no { color: var(--revoked); }
.answers td:last-child, .failures td:last-child { min-width: 14rem; }
.overview thead span, .overview thead small { display: block; font-weight: 400; }
.overview thead th { min-width: 8.5rem; max-width: 14rem; }
.overview tbody th { min-width: 6rem; max-width: 12rem; position: sticky; left: 0; background: var(--paper); }
.overview tbody small { display: block; }
.overview td.current { outline: 3px solid var(--accent); outline-offset: -3px; }
.overview td.current.failed { outline-style: double; outline-color: var(--failed); outline-width: 5px; }
.flag { display: inline-block; border: 2px solid var(--degraded); color: var(--degraded); padding: 0 .35rem; font-size: .78rem; }
.sends { color: var(--trusted); } .silent { color: var(--revoked); font-weight: 600; }
.sends::before { content: "▶ "; } .silent::before { content: "■ "; }

/* Controls */
.days { display: flex; align-items: center; gap: .75rem; position: sticky; top: 0; z-index: 2; background: var(--paper);
  border-bottom: 1px solid var(--rule); padding: .5rem 0; margin: 1rem 0; }
.days label { flex: 1; min-width: 0; font-weight: 600; }
.days label span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
input[type=range] { width: 100%; height: 1.75rem; margin: 0; accent-color: var(--accent); }
button { font: inherit; color: var(--ink); background: var(--wash); border: 1px solid var(--minor); border-radius: 6px;
  padding: .45rem .9rem; min-height: 2.75rem; cursor: pointer; }
button:disabled { color: var(--minor); border-style: dashed; cursor: default; }
.choice { border: 0; padding: 0; margin: .75rem 0; display: flex; flex-wrap: wrap; gap: .4rem; }
.choice legend { font-weight: 600; float: left; padding: .3rem .5rem .3rem 0; }
.choice label { position: relative; border: 1px solid var(--minor); border-radius: 6px; display: flex; cursor: pointer; }
.choice input { margin: 0 0 0 .5rem; accent-color: var(--accent); }
.choice span { padding: .3rem .6rem .3rem .35rem; }
.choice label:has(:checked) { background: var(--wash); border: 2px solid var(--accent); font-weight: 600; }
.choice label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
html:not(.script) :is(.choice, .days, #download) { display: none; }
@media screen { .off { display: none !important; } }

/* Moves */
.moves { list-style: none; padding: 0; display: grid; gap: .6rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.moves > li { border: 1px solid var(--rule); border-radius: 6px; padding: .5rem .75rem; }
.route { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; margin: 0; }
.chip { border: 1.5px solid var(--ink); border-radius: 1rem; padding: .05rem .65rem; }
.chip.source { border-radius: 4px; background: var(--wash); }
.chip.missed { border-style: dashed; border-color: var(--revoked); color: var(--revoked); }
.arrow { display: inline-flex; flex-direction: column; align-items: center; line-height: 1.1; padding: 0 .9rem 0 .2rem;
  border-bottom: 2px solid var(--ink); position: relative; }
.arrow::after { content: ""; position: absolute; right: -2px; bottom: -6px; border-left: 9px solid var(--ink);
  border-top: 5px solid transparent; border-bottom: 5px solid transparent; }
.hash { overflow-wrap: anywhere; font-size: .8rem; color: var(--minor); }
summary { cursor: pointer; padding: .2rem 0; color: var(--accent); }

/* Parties */
.parties { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22.5rem), 1fr)); gap: 1rem; }
.party { border: 1px solid var(--rule); border-radius: 8px; padding: .75rem; min-width: 0;
  display: grid; grid-row: span 4; grid-template-rows: subgrid; row-gap: 0; }
.flags { display: flex; flex-wrap: wrap; gap: .5rem; min-height: 1.6rem; margin: .2rem 0; }
.single .parties { grid-template-columns: minmax(0, 1fr); }
.words { font-size: .87rem; }
.words li, .words dd, .words p { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(4.5rem, auto) minmax(0, 1fr); gap: .1rem .6rem; margin: .5rem 0; }
dt { color: var(--minor); } dd { margin: 0; }
.words details dl { grid-template-columns: minmax(0, 8rem) minmax(0, 1fr); }
@media (min-width: 60rem) {
  .single .party { grid-row: auto; grid-template-rows: none; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); column-gap: 2rem; }
  .single .party > :is(h4, .flags) { grid-column: 1 / -1; }
}
.tally { margin: .4rem 0 .6rem; }
.votes { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; }
.votes li { border: 2px solid var(--ink); padding: .05rem .45rem; }
.votes .counted { border-color: var(--trusted); color: var(--trusted); font-weight: 600; }
.votes .missing { border-style: dotted; color: var(--minor); }
.votes .void { border-style: dashed; border-color: var(--revoked); color: var(--revoked); }
.votes .mark { border: 0; border-left: 4px solid var(--ink); padding: .05rem .5rem .05rem .3rem; font-size: .78rem; }
.count { color: var(--minor); margin: 0; }
.decision { font-weight: 600; } .decision.reject { color: var(--revoked); } .decision.pending { color: var(--pending); }

/* Drawing */
.topology { display: block; width: 100%; height: auto; max-width: 46rem; margin: .25rem 0; }
.topology text { fill: var(--ink); font: 11.5px system-ui, sans-serif; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round;
  stroke-dasharray: none; paint-order: stroke; }
.topology .end { text-anchor: end; }
.topology .ballot text { text-anchor: middle; }
.topology :is(.elector, .root, .self) text { font-weight: 700; }
.topology :is(.state, .end) { fill: currentColor; font-size: 9.5px; font-weight: 400 !important; }
.topology .self text:not(.end) { font-size: 11px; }
.topology .remark { fill: var(--minor); font-size: 9.5px; }
.topology rect { fill: var(--paper); stroke: currentColor; }
.topology .root rect { fill: var(--wash); }
.topology .root text:not(.remark) { stroke: none; }
.outline { fill: var(--paper); stroke: currentColor; stroke-dasharray: none; stroke-width: 1.5; }
.inside { fill: none; stroke: currentColor; stroke-dasharray: none; stroke-width: 1.6; stroke-linecap: round; }
.trusted { color: var(--trusted); stroke-width: 1.4; }
.degraded { color: var(--degraded); stroke-width: 2.6; }
.frozen { color: var(--frozen); stroke-width: 1.8; stroke-dasharray: 8 3; }
.revoked { color: var(--revoked); stroke-width: 1.8; stroke-dasharray: 3 2; }
.pending { color: var(--pending); stroke-width: 1.8; stroke-dasharray: 7 2 1.5 2; }
.unknown { color: var(--unknown); stroke-width: 1.6; stroke-dasharray: 1.5 2; }
.vote, .effect, .chain { fill: none; stroke: var(--ink); stroke-width: 1.2; }
.chain { stroke: var(--minor); stroke-width: 1.5; }
.vote.void, .chain.broken { stroke-dasharray: 1.5 3; }
.effect { stroke-width: 2.4; stroke: var(--accent); }
.effect.short { stroke-dasharray: 5 3; }
marker path { fill: none; stroke: var(--accent); stroke-width: 2; }
#end-add path { fill: var(--accent); }
.ballot { color: var(--ink); stroke-width: 1.2; }
.ballot.short { stroke-dasharray: 4 3; }
.ballot text { stroke: none; font-size: 9.5px; }
.ballot .name { font-size: 10px; font-weight: 600; }
.legend ul { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
  gap: .3rem 1rem; font-size: .87rem; }
.legend li { display: grid; grid-template-columns: 2.5rem auto 1fr; gap: .5rem; align-items: start; }
.legend svg { width: 1.25rem; height: 1.25rem; } .legend svg.line { width: 2.5rem; height: 1rem; }
.legend b { color: inherit; } .legend span { color: var(--ink); }

@media (max-width: 40rem) {
  body { font-size: 14px; }
  main { padding: .75rem .75rem 2rem; }
  .matrix tbody th, .overview tbody th { min-width: 6.5rem; max-width: 8rem; overflow-wrap: anywhere; }
  button { padding: .45rem .75rem; }
  th, td { padding: .25rem .35rem; }
  .matrix td { min-width: 6rem; }
  .changes { font-size: .8rem; }
  .changes :is(th, td) { overflow-wrap: anywhere; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (prefers-contrast: more) { :root { --minor: var(--ink); --rule: var(--ink); } }

@media print {
  @page { margin: 12mm; }
  html { font-size: 9.5pt; }
  body { font-size: 1rem; }
  main { max-width: none; padding: 0; }
  .choice, .days, #download, .heard { display: none !important; }
  .day { break-before: page; }
  h2, h3, h4, caption, summary { break-after: avoid; }
  .party, .moves > li, tr, .tally { break-inside: avoid; }
  .parties, .single .parties { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
  .party { display: block !important; }
  .scroll { overflow: visible; }
  .matrix tbody th, .overview tbody th { position: static; min-width: 0; }
  :is(.overview, .matrix, .answers, .failures) :is(th, td):nth-child(n) { min-width: 0; }
  table { font-size: .85rem; max-width: 100%; }
  th, td { padding: .15rem .3rem; overflow-wrap: anywhere; }
  .legend ul { grid-template-columns: 1fr 1fr; }
  details:not([open]):not(.legend) { display: none; }
  .legend::details-content { content-visibility: visible; block-size: auto; }
  .overview td.current { outline: none; }
}
`;
