import { raw } from './markup.js';

export const STYLE = raw(`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b1f24; --muted: #57606a; --rule: #d8dee4; --grid: #e7ebef;
  --ok: #1a6d3f; --note: #7a5200; --bad: #b3261e; --accent: #0072b2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --card: #171c23; --text: #e6e9ed; --muted: #9aa4af; --rule: #303842; --grid: #252c35;
    --ok: #57c98a; --note: #e3b341; --bad: #ff8a80; --accent: #4aa8e0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { max-width: 1520px; margin: 0 auto; padding: 28px 20px 56px; }
h1 { margin: 0 0 4px; font-size: 26px; letter-spacing: -0.01em; }
h2 { margin: 0 0 12px; font-size: 18px; }
.lead { margin: 0 0 18px; color: var(--muted); }
.disclaimer { margin: 0 0 20px; padding: 10px 14px; border-left: 4px solid var(--accent); background: var(--card); }
.notice { margin: 0 0 12px; padding: 10px 14px; border-left: 4px solid var(--bad); background: var(--card); font-weight: 600; overflow-wrap: anywhere; }
section { margin: 0 0 20px; padding: 18px 20px; background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
figure { margin: 0; max-width: 760px; }
figcaption { font-weight: 600; margin-bottom: 4px; }
figure > svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--muted); font-size: 13px; }
.axis-label text { fill: var(--text); font-size: 14px; }
.grid path { stroke: var(--grid); fill: none; }
.grid .axis { stroke: var(--muted); }
.line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
.marker { fill: var(--c); stroke: var(--card); stroke-width: 1.2; }
.marker.hollow { fill: var(--card); stroke: var(--c); stroke-width: 2; }
.point text { fill: var(--text); font-size: 12px; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.holds { --c: var(--ok); } .fails { --c: var(--bad); } .open { --c: var(--muted); }
.bracket { fill: var(--accent); opacity: 0.14; }
.goal { stroke: var(--text); stroke-dasharray: 5 4; fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 0; padding: 0; list-style: none; }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend svg { width: 18px; height: 18px; }
.caption, .empty, .hint { color: var(--muted); margin: 8px 0 0; font-size: 13px; }
.scroll { overflow-x: auto; margin-top: 4px; }
.scroll + .scroll { margin-top: 20px; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0 0 6px; }
th, td { padding: 5px 6px; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; white-space: normal; min-width: 40px; }
thead th.number { text-align: right; }
tbody th { font-weight: 500; white-space: normal; overflow-wrap: anywhere; min-width: min(38ch, 40vw); }
tbody th, table:has(tbody th) thead th:first-child { position: sticky; left: 0; background: var(--card); }
.number { text-align: right; }
.prose { white-space: normal; min-width: 280px; }
.badge { display: inline-block; padding: 0 7px; border: 1px solid currentColor; border-radius: 10px; font-size: 12px; }
.ok { color: var(--ok); } .note { color: var(--note); } .invalid, .failed { color: var(--bad); }
@media (max-width: 560px) {
  svg text, .axis-label text { font-size: 20px; }
  .point text { font-size: 18px; }
  .marker { transform: scale(1.6); }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`);
