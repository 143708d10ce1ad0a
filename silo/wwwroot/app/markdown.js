// The Markdown of model cards as elements: headings, paragraphs, lists, tables, code, emphasis and links. Everything else is text.
import { h } from './dom.js';

const blocks = [
  { begins: /^```/, build: fence },
  { begins: /^#{1,6} /, build: heading },
  { begins: /^\|.*\|\s*$/, build: grid },
  { begins: /^\s*([-*]|\d+\.) /, build: list },
];

/** Elements of a text. */
export function markdown(text) {
  const lines = text.replaceAll('\r', '').split('\n');
  const found = [];
  while (lines.length > 0) {
    if (lines[0].trim() === '') lines.shift();
    else found.push((blocks.find(({ begins }) => begins.test(lines[0]))?.build ?? paragraph)(lines));
  }
  return found;
}

const isPlain = line => line.trim() !== '' && !blocks.some(({ begins }) => begins.test(line));

const paragraph = lines => h('p', {}, inline(takeWhile(lines, isPlain, 1).join(' ')));

function heading(lines) {
  const [, level, text] = /^(#+) +(.*?)\s*#*$/.exec(lines.shift());
  return h(`h${Math.min(6, level.length + 1)}`, {}, inline(text)); // the page has its own h1
}

function fence(lines) {
  lines.shift();
  const code = takeWhile(lines, line => !line.startsWith('```'));
  lines.shift();
  return h('pre', { tabindex: 0 }, h('code', {}, code.join('\n')));
}

function list(lines) {
  const isNumbered = /^\s*\d/.test(lines[0]);
  return h(isNumbered ? 'ol' : 'ul', {}, takeWhile(lines, line => blocks[3].begins.test(line)).map(line => h('li', {}, inline(line.replace(blocks[3].begins, '')))));
}

function grid(lines) {
  const rows = takeWhile(lines, line => blocks[2].begins.test(line)).map(cells);
  const isRule = row => row.length > 0 && row.every(cell => /^:?-+:?$/.test(cell));
  const sides = rows.find(isRule)?.map(cell => cell.endsWith(':') && 'number') ?? [];
  const [head, ...body] = rows.filter(row => !isRule(row));
  const line = (row, tag) => h('tr', {}, row.map((cell, i) => h(tag, { class: sides[i], scope: tag === 'th' && 'col' }, inline(cell))));
  return h('table', {}, h('thead', {}, line(head, 'th')), h('tbody', {}, body.map(row => line(row, 'td'))));
}

/** The cells of a row; a bar behind a backslash is one of the text. */
const cells = line => line.trim().slice(1, -1).split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'));

const spans = /(`[^`]+`)|(\*\*.+?\*\*)|(\*[^*\s][^*]*\*)|(\[[^\]]+\]\([^)\s]+\))/;

/** Pieces of a line: text stays text. */
function inline(text) {
  return text.split(spans).filter(Boolean).map(piece => {
    if (/^`.+`$/.test(piece)) return h('code', {}, piece.slice(1, -1));
    if (/^\*\*.+\*\*$/.test(piece)) return h('strong', {}, inline(piece.slice(2, -2)));
    if (/^\*[^*].*\*$/.test(piece)) return h('em', {}, piece.slice(1, -1));
    const [, name, target] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece) ?? [];
    return target && /^https?:\/\//.test(target) ? h('a', { href: target, rel: 'noreferrer' }, name) : name ?? piece;
  });
}

function takeWhile(lines, isWanted, atLeast = 0) {
  const end = lines.findIndex((line, i) => i >= atLeast && !isWanted(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}
