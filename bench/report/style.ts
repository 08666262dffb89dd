/** The look of the page, for light and dark. The kernels' colours keep apart for people who see few of them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --minor: #57606a; --rule: #d8dee4; --missed: #9a3412;
  --fma: #0063a8; --simd: #c2570c; --scalar: #0b8060; --native: #7c5295; --other: #4b5563; --peer: #a3abb5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e6e9ed; --minor: #a4adb8; --rule: #343b44; --missed: #fdba74;
    --fma: #5cb3f0; --simd: #f0a04b; --scalar: #43c59e; --native: #c3a0dc; --other: #9aa5b1; --peer: #626c78;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
.about { color: var(--minor); margin: .25rem 0 .75rem; }
.notes { color: var(--minor); padding-left: 1.2rem; margin: .5rem 0; }
.scroll { overflow-x: auto; }
figure { margin: 1.75rem 0 2.5rem; }
figcaption, caption { font-weight: 600; text-align: left; }
caption { text-transform: capitalize; padding: 1rem 0 .25rem; font-size: 1.05rem; }
svg { display: block; width: 100%; min-width: 42rem; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; stroke: var(--paper); stroke-width: 4px; paint-order: stroke; }
svg .group { font-weight: 600; font-size: 13px; }
svg .minor { fill: var(--minor); }
svg .value { font-variant-numeric: tabular-nums; }
.bar.fma { fill: var(--fma); } .bar.simd { fill: var(--simd); } .bar.scalar { fill: var(--scalar); }
.bar.native { fill: var(--native); } .bar.other { fill: var(--other); } .bar.peer { fill: var(--peer); }
.grid { stroke: var(--rule); }
.reference line { stroke: var(--minor); }
.reference text { fill: var(--minor); }
.reach line, .stretch line { stroke: var(--ink); stroke-width: 1.5; }
.reach path { fill: var(--ink); stroke: var(--ink); }
.stretch line { stroke-dasharray: 3 3; }
.stretch path { fill: var(--paper); stroke: var(--ink); }
.line polyline { fill: none; stroke-width: 2; }
.series1 { stroke: var(--fma); fill: var(--fma); } .series2 { stroke: var(--simd); fill: var(--simd); }
.line text { stroke: var(--paper); }
table { border-collapse: collapse; width: 100%; min-width: 44rem; font-size: .87rem; margin-bottom: 1rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--rule); }
thead th { color: var(--minor); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.operation th { font-weight: 600; padding-top: .9rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.peers td { color: var(--minor); }
.verdict { white-space: nowrap; }
.missed { color: var(--missed); }
`;
