// Draws Slack messages (files of JSON with "blocks") as Slack does, near enough to judge by eye; prints one HTML page.
//   node slack_picture.mjs message.json… > page.html
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';

const require = createRequire(import.meta.url);
const style = readFileSync(require.resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');
const LOGO = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><rect width="99" height="99" fill="teal"/></svg>';

// The package does not know data_table yet: it is drawn as the plain table, its caption above, all rows at once.
const known = (block) =>
  block.type !== 'data_table'
    ? [block]
    : [
        { type: 'context', elements: [{ type: 'plain_text', text: `${block.caption} (table, ${block.page_size} rows a page)` }] },
        {
          type: 'table',
          column_settings: block.rows[0].map((_, place) => ({ align: place ? 'right' : 'left', is_wrapped: true })),
          rows: block.rows.map((row) => row.map((cell) => ({ type: 'raw_text', text: cell.text }))),
        },
      ];
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
