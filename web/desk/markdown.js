import { element } from './dom.js';

/**
 * The small part of Markdown that scripts and articles use (headings, lists, quotes, paragraphs; strong, emphasis,
 * code), as elements. Everything else, markup included, stays the text it is.
 */
export function markdown(text) {
  return text.replaceAll('\r\n', '\n').split(/\n{2,}/).flatMap((block) => blockOf(block.trim()));
}

function blockOf(block) {
  if (block === '') return [];
  const lines = block.split('\n');
  const heading = /^(#{1,4})\s+(.*)$/.exec(lines[0]);
  if (heading) {
    const made = element(`h${Math.min(6, heading[1].length + 2)}`, {}, ...inline(heading[2]));
    return [made, ...blockOf(lines.slice(1).join('\n').trim())];
  }
  if (lines.every((line) => /^\s*[-*]\s|^\s{2,}\S/.test(line))) return [list('ul', lines, /^\s*[-*]\s+/)];
  if (lines.every((line) => /^\s*\d+[.)]\s|^\s{2,}\S/.test(line))) return [list('ol', lines, /^\s*\d+[.)]\s+/)];
  if (lines.every((line) => line.startsWith('>'))) {
    return [element('blockquote', {}, ...inline(lines.map((line) => line.replace(/^>\s?/, '')).join(' ')))];
  }
  const start = lines.findIndex((line, at) => at > 0 && /^\s*([-*]|\d+[.)])\s/.test(line));
  if (start > 0) return [...blockOf(lines.slice(0, start).join('\n')), ...blockOf(lines.slice(start).join('\n'))];
  return [element('p', {}, ...inline(lines.join(' ')))];
}

function list(kind, lines, bullet) {
  const items = [];
  for (const line of lines) {
    if (bullet.test(line) || items.length === 0) items.push(line.replace(bullet, ''));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return element(kind, {}, ...items.map((item) => element('li', {}, ...inline(item))));
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|_[^_]+_|`[^`]+`)/).filter((piece) => piece !== '').map((piece) => {
    if (/^\*\*.+\*\*$/.test(piece)) return element('strong', {}, piece.slice(2, -2));
    if (/^([*_]).+\1$/.test(piece)) return element('em', {}, piece.slice(1, -1));
    if (/^`.+`$/.test(piece)) return element('code', {}, piece.slice(1, -1));
    return piece;
  });
}
