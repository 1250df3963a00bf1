import type { Guidance } from '@/api/types';

export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'quote'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] };

export type Inline = { kind: 'text' | 'strong' | 'emphasis' | 'code'; text: string } | { kind: 'link'; text: string; href: string };

const bullet = /^\s*[-*+]\s+/;
const number = /^\s*\d+[.)]\s+/;

/**
 * The small part of Markdown that scripts and articles use (headings, lists, quotes, fenced code, paragraphs), as
 * values. Everything else, markup included, stays the text it is: nothing here ever becomes HTML.
 */
export function blocksOf(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') {
      at += 1;
    } else if (line.startsWith('```')) {
      const end = lines.findIndex((each, index) => index > at && each.startsWith('```'));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, stop).join('\n') });
      at = stop + 1;
    } else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: (heading[2] ?? '').trim() });
      at += 1;
    } else if (line.startsWith('>')) {
      const from = at;
      while (at < lines.length && lines[at]?.startsWith('>')) at += 1;
      blocks.push({ kind: 'quote', text: lines.slice(from, at).map((each) => each.replace(/^>\s?/, '')).join(' ') });
    } else if (bullet.test(line) || number.test(line)) {
      at = readList(lines, at, blocks);
    } else {
      const from = at;
      while (at < lines.length && isParagraph(lines[at] ?? '')) at += 1;
      at = Math.max(at, from + 1);
      blocks.push({ kind: 'paragraph', text: lines.slice(from, at).map((each) => each.trim()).join(' ') });
    }
  }
  return blocks;
}

function isParagraph(line: string): boolean {
  return line.trim() !== '' && !/^(#{1,6}\s|>|```)/.test(line) && !bullet.test(line) && !number.test(line);
}

function readList(lines: readonly string[], from: number, blocks: Block[]): number {
  const ordered = number.test(lines[from] ?? '');
  const mark = ordered ? number : bullet;
  const items: string[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (mark.test(line)) items.push(line.replace(mark, '').trim());
    else if (/^\s{2,}\S/.test(line) && items.length > 0) items[items.length - 1] += ` ${line.trim()}`;
    else break;
  }
  blocks.push({ kind: 'list', ordered, items });
  return at;
}

const inlines = /(\*\*[^*]+\*\*|__[^_]+__|\*[^*\s][^*]*\*|_[^_\s][^_]*_|`[^`]+`|\[[^\]]*\]\([^()\s]+\))/;

/** The parts of a line: strong, emphasis, code, links to web pages and mail addresses; the rest as it is. */
export function inlinesOf(text: string): Inline[] {
  return text.split(inlines).filter((each) => each !== '').map((piece): Inline => {
    if (/^(\*\*|__).+\1$/.test(piece)) return { kind: 'strong', text: piece.slice(2, -2) };
    if (/^`.+`$/.test(piece)) return { kind: 'code', text: piece.slice(1, -1) };
    if (/^([*_]).+\1$/.test(piece)) return { kind: 'emphasis', text: piece.slice(1, -1) };
    const link = /^\[([^\]]*)\]\(((?:https?:\/\/|mailto:)[^()\s]+)\)$/i.exec(piece);
    if (link) return { kind: 'link', text: link[1] || link[2] || '', href: link[2] ?? '' };
    return { kind: 'text', text: piece };
  });
}

/** As it would be written in a message. */
export function plainText(blocks: readonly Block[]): string {
  const line = (text: string) => inlinesOf(text).map((each) => (each.kind === 'link' && each.text !== each.href ? `${each.text} (${each.href})` : each.text)).join('');
  return blocks.map((block) => {
    if (block.kind === 'list') return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${line(item)}`).join('\n');
    return block.kind === 'code' ? block.text : line(block.text);
  }).join('\n\n');
}

/** The text, without a first heading that only repeats the title. */
export function withoutTitle({ title, text }: Pick<Guidance, 'title' | 'text'>): string {
  const [first = '', ...rest] = text.trimStart().split('\n');
  return first.replace(/^#+\s*/, '').trim() === title?.trim() && first.startsWith('#') ? rest.join('\n').trim() : text.trim();
}
