/** The picture of a run: bars of req/s, readable on a light and on a dark page. */
import { OPERATION_TITLES, SERVER_TITLES } from './report.ts';
import { type CellKey, type Results, typical } from './results.ts';
import { SERVERS } from './servers.ts';

const PANELS: readonly CellKey[] = [
  { operation: 'screen', delayMs: 0, connections: 50 },
  { operation: 'screen', delayMs: 5, connections: 50 },
  { operation: 'entities', delayMs: 0, connections: 50 },
];
const WIDTH = 720;
const LABELS = 210;
const LONGEST = 380;
const ROW = 24;
const BAR = 16;
const PANEL = 40 + ROW * SERVERS.length + 16;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .peer { fill: #8c959f }
  .service { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .peer { fill: #6e7681 }
    .service { fill: #58a6ff }
  }`;

function panel(results: Results, key: CellKey, top: number): string {
  const speeds = SERVERS.map((server) => typical(results, key, server, 'perSecond'));
  const most = Math.max(...speeds);
  const title = `${OPERATION_TITLES[key.operation].replaceAll('`', '')}, upstream ${key.delayMs === 0 ? 'at once' : `${key.delayMs} ms`}: requests a second`;
  const bars = SERVERS.map((server, at) => {
    const speed = speeds[at] ?? 0;
    const y = top + 40 + at * ROW;
    const width = Math.max(1, Math.round((speed / most) * LONGEST));
    return [
      `<text x="${LABELS - 10}" y="${y + BAR - 3}" text-anchor="end">${SERVER_TITLES[server]}</text>`,
      `<rect class="${server === 'service' ? 'service' : 'peer'}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
      `<text x="${LABELS + width + 8}" y="${y + BAR - 3}">${Math.round(speed).toLocaleString('en')}</text>`,
    ].join('');
  });
  return [`<text class="title" x="0" y="${top + 24}">${title}</text>`, ...bars].join('\n');
}

/** An SVG of the three loads that matter most, with 50 connections each. */
export function chart(results: Results): string {
  const height = PANEL * PANELS.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    '<title>Requests a second on one core, this service beside its peers</title>',
    `<style>${STYLE}\n</style>`,
    ...PANELS.map((key, at) => panel(results, key, at * PANEL)),
    '</svg>\n',
  ].join('\n');
}
