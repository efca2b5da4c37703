// Draws Slack messages (files of JSON with "blocks") as Slack does, near enough to judge by eye; prints one HTML page.
//   node slack_picture.mjs message.json… > page.html
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const WIDTH = 620;
const HEIGHT = 170;

// Packages come from where this is run, so that one copy of this file serves every folder that has them.
const require = createRequire(join(process.cwd(), 'package.json'));
const { createElement } = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { Message } = require('slack-blocks-to-jsx');
const logo = readFileSync(new URL('../../bot/page/static/icon.svg', import.meta.url));
const LOGO = `data:image/svg+xml;base64,${logo.toString('base64')}`;
const style = readFileSync(require.resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');

// The package does not know data_table yet: it is drawn as the plain table, its caption above, all rows at once.
const table = (block) => [
  { type: 'context', elements: [{ type: 'plain_text', text: `${block.caption} (table, ${block.page_size} rows a page)` }] },
  {
    type: 'table',
    column_settings: block.rows[0].map((_, place) => ({
      align: block.rows.some((row) => row[place].type === 'raw_number') ? 'right' : 'left',
      is_wrapped: true,
    })),
    rows: block.rows.map((row) => row.map((cell) => ({ type: 'raw_text', text: cell.text }))),
  },
];

// Nor data_visualization: bars and lines of one series are drawn as they are, anything else by its title.
const chart = ({ title, chart: { type, series } }) => {
  if (!series || series.length !== 1) return [{ type: 'context', elements: [{ type: 'plain_text', text: `${title} (chart)` }] }];
  const points = series[0].data;
  const most = Math.max(...points.map((point) => point.value), 1);
  const step = WIDTH / points.length;
  const at = (value) => HEIGHT - 22 - (value / most) * (HEIGHT - 34);
  const labels = points.map((point, place) => `<text x="${(place + 0.5) * step}" y="${HEIGHT - 6}" text-anchor="middle">${point.label}</text>`);
  const bars = points.map(
    (point, place) => `<rect x="${place * step + 4}" y="${at(point.value)}" width="${step - 8}" height="${HEIGHT - 22 - at(point.value)}" rx="3"/>`,
  );
  const line = `<polyline fill="none" stroke="#1d6f6a" stroke-width="2" points="${points
    .map((point, place) => `${(place + 0.5) * step},${at(point.value)}`)
    .join(' ')}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11" fill="#1d6f6a">${
    type === 'bar' ? bars.join('') : line
  }<g fill="#616061">${points.length > 16 ? '' : labels.join('')}</g></svg>`;
  return [
    { type: 'context', elements: [{ type: 'plain_text', text: title }] },
    { type: 'image', image_url: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt_text: title },
  ];
};

const known = (block) => ({ data_table: table, data_visualization: chart })[block.type]?.(block) ?? [block];
const drawn = process.argv.slice(2).map((file) => {
  const { blocks } = JSON.parse(readFileSync(file, 'utf8'));
  const message = createElement(Message, {
    blocks: blocks.flatMap(known),
    name: 'agentcost',
    time: new Date(2026, 10, 21, 9, 30),
    logo: LOGO,
    data: {},
  });
  return `<section><h4>${basename(file)}</h4>${renderToStaticMarkup(message)}</section>`;
});
const width = process.env.WIDTH ?? 860;
console.log(`<!doctype html><meta charset="utf-8"><style>${style} body{font-family:sans-serif;display:flex;align-items:flex-start;gap:16px;margin:16px}
section{width:${width}px;flex:none;overflow:hidden;border-right:1px solid #ddd}
h4{color:#888;margin:8px 0 4px;font-weight:normal}</style>${drawn.join('\n')}`);
