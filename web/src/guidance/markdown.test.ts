import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { blocksOf, inlinesOf, plainText, withoutTitle } from './markdown';
import MarkdownText from './MarkdownText.vue';
import { stepsOf } from './steps';

describe('blocks', () => {
  it('are headings, lists, quotes, code and paragraphs', () => {
    const text = '# A\nwords\ngo on\n\n- one\n  and more\n- two\n\n1. first\n2) second\n> said\n> so\n```\n<b>\n```';
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', level: 1, text: 'A' },
      { kind: 'paragraph', text: 'words go on' },
      { kind: 'list', ordered: false, items: ['one and more', 'two'] },
      { kind: 'list', ordered: true, items: ['first', 'second'] },
      { kind: 'quote', text: 'said so' },
      { kind: 'code', text: '<b>' },
    ]);
  });

  it.each(['', '\n\n', '```', '> ', '- ', '#', '#######x', '1.', '   indented', '\r\n- a\r\n'])('come to an end: %j', (text) => {
    expect(Array.isArray(blocksOf(text))).toBe(true);
  });

  it('take a long text in a moment', () => {
    expect(blocksOf('*a_ [x]( `'.repeat(20_000))).toHaveLength(1);
  });
});

describe('inlines', () => {
  it('are strong, emphasis, code and links', () => {
    expect(inlinesOf('a **b** *c* `d` [e](https://f.example)')).toEqual([
      { kind: 'text', text: 'a ' }, { kind: 'strong', text: 'b' }, { kind: 'text', text: ' ' }, { kind: 'emphasis', text: 'c' }, { kind: 'text', text: ' ' },
      { kind: 'code', text: 'd' }, { kind: 'text', text: ' ' }, { kind: 'link', text: 'e', href: 'https://f.example' },
    ]);
  });

  it.each(['[x](javascript:alert(1))', '[x](data:text/html,<script>)', '[x](//evil.example)', '[x](vbscript:x)', '[x](JaVaScRiPt:alert)'])('link to nothing that runs: %s', (text) => {
    expect(inlinesOf(text).some((each) => each.kind === 'link')).toBe(false);
  });
});

it('shows markup as the text it is', () => {
  const shown = mount(MarkdownText, { props: { blocks: blocksOf('<img src=x onerror=alert(1)> **<script>**\n\n- <b>x</b>') } });
  expect(shown.find('img').exists()).toBe(false);
  expect(shown.find('script').exists()).toBe(false);
  expect(shown.text()).toContain('<img src=x onerror=alert(1)>');
});

it('gives a message as it would be written', () => {
  expect(plainText(blocksOf('Hi **Ada**\n\n1. one\n2. [two](https://x.example)'))).toBe('Hi Ada\n\n1. one\n2. two (https://x.example)');
});

it('leaves out a heading that repeats the title', () => {
  expect(withoutTitle({ title: 'A', text: '# A\nb' })).toBe('b');
  expect(withoutTitle({ title: 'A', text: '# B\nb' })).toBe('# B\nb');
});

it('makes a step of each item, and numbers them through', () => {
  const parts = stepsOf(blocksOf('Say hello.\n\n- one\n- two\n\nThen\n\n1. three'));
  expect(parts.map((each) => (each.kind === 'step' ? each.number : 'words'))).toEqual(['words', 1, 2, 'words', 3]);
});
