/** How our pages look: light and dark, on a phone, on paper. Written into the page, which may load nothing. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1a1f26; --faint: #5a6572; --line: #d9dee4;
  --accent: #1f5fbf; --bad: #b3261e; --good: #1b7a3d; --attention: #8a5a00; --code: #f0f2f5;
  --bad-card: #fdf0ef; --attention-card: #fdf6e7;
  --tone-1: #1f5fbf; --tone-2: #c2571a; --tone-3: #2a8056; --tone-4: #8a4bb0; --tone-5: #a88a00; --tone-rest: #aab3bd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1b2129; --text: #e6eaef; --faint: #9aa6b3; --line: #323b46;
    --accent: #7fb0f5; --bad: #f2857c; --good: #6fcf8f; --attention: #e5b454; --code: #242c36;
    --bad-card: #33201f; --attention-card: #2f281a;
    --tone-1: #6ea4f0; --tone-2: #ea8a4e; --tone-3: #5cbb88; --tone-4: #be8be0; --tone-5: #d6bb40; --tone-rest: #5a6572;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.25rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
header { margin-bottom: 1rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .3rem 0; }
a { color: var(--accent); }
.faint { color: var(--faint); font-size: .9rem; }
.bad { color: var(--bad); }
.good { color: var(--good); }
ol, ul { list-style: none; margin: 0; padding: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: 0 0 .7rem; }
.card.bad-card { background: var(--bad-card); border-color: var(--bad); }
.card.note { background: var(--attention-card); border-color: var(--attention); }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: .7rem; }
.answers > * { margin: 0; }
.answers dt, .answers .question { color: var(--faint); font-size: .85rem; margin: 0; }
.answers .answer { font-size: 1.35rem; font-weight: 650; line-height: 1.3; margin: 0; }
.steps { counter-reset: step; }
.steps > li { counter-increment: step; padding-left: 3rem; position: relative; }
.steps > li::before { content: counter(step); position: absolute; left: .9rem; top: .85rem; width: 1.5rem; height: 1.5rem;
  border-radius: 50%; background: var(--accent); color: var(--card); text-align: center; font-weight: 650; line-height: 1.5rem; font-size: .85rem; }
.row { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-items: baseline; justify-content: space-between; }
.figures { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin: .4rem 0; font-variant-numeric: tabular-nums; }
.figures div { min-width: 3.6rem; }
.figures dt { color: var(--faint); font-size: .8rem; }
.figures dd { margin: 0; font-weight: 600; }
pre, code { font: .875rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--code); border-radius: .35rem; margin: .4rem 0; padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
pre.cure { border-left: 3px solid var(--accent); user-select: all; -webkit-user-select: all; }
pre.short { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; padding-bottom: 0; border-bottom: .5rem solid var(--code); }
details[open] > summary pre.short { display: block; }
summary { cursor: pointer; color: var(--faint); font-size: .9rem; }
summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.dot { display: inline-block; width: .75rem; height: .75rem; border-radius: .2rem; margin-right: .45rem; vertical-align: baseline; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.2rem; font-size: .9rem; margin: .5rem 0 0; }
svg { display: block; }
svg.bar { height: 1.6rem; border-radius: .3rem; background: var(--code); overflow: hidden; }
svg.bar rect { stroke: var(--card); stroke-width: 1px; }
.thin svg.bar { height: .5rem; }
.thin svg.bar rect { stroke: none; }
.dot.tone-1 { background: var(--tone-1); } .dot.tone-2 { background: var(--tone-2); } .dot.tone-3 { background: var(--tone-3); }
.dot.tone-4 { background: var(--tone-4); } .dot.tone-5 { background: var(--tone-5); } .dot.tone-rest { background: var(--tone-rest); }
rect.tone-1 { fill: var(--tone-1); } rect.tone-2 { fill: var(--tone-2); } rect.tone-3 { fill: var(--tone-3); }
rect.tone-4 { fill: var(--tone-4); } rect.tone-5 { fill: var(--tone-5); } rect.tone-rest { fill: var(--tone-rest); }
rect.tone-bad { fill: var(--bad); } rect.tone-good { fill: var(--good); }
.chart text { fill: var(--faint); font-size: .75rem; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.chart .grid { stroke: var(--line); vector-effect: non-scaling-stroke; }
.chart .area { fill: var(--tone-1); opacity: .25; }
.chart .line { fill: none; stroke: var(--tone-1); stroke-width: 2; vector-effect: non-scaling-stroke; }
.chart .mark { stroke: var(--attention); stroke-width: 1.5; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
.chart .hover { fill: transparent; }
.chart .hover:hover { fill: var(--tone-1); opacity: .15; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .25rem .9rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--faint); font-weight: 500; }
.numbers td + td, .numbers th + th { text-align: right; }
@media (max-width: 40rem) { body { padding: .8rem; } .card { padding: .7rem .8rem; } .steps > li { padding-left: 2.8rem; } .steps > li::before { left: .7rem; } }
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --faint: #444; --line: #bbb; --code: #f3f3f3; --accent: #1f5fbf; --bad: #b3261e; --good: #1b7a3d; --bad-card: #fff; --attention-card: #fff; }
  body { max-width: none; padding: 0; font-size: .8rem; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .card, .answers, svg { break-inside: avoid; }
  h2 { break-after: avoid; }
  pre.short { display: block; }
}
`;
