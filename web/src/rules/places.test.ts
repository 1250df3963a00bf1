import { expect, it } from 'vitest';
import { placeInRules, shortly } from './places';

it.each([['/srv/rules/routing.yaml', 'routing.yaml'], ['routing.yaml', 'routing.yaml'], ['/a/routing/vip.yaml', 'routing/vip.yaml'], ['/srv/faq/x/rules/faq/en/a.md', 'faq/x/rules/faq/en/a.md'],
  ['../rules/scripts/en/a.md', 'scripts/en/a.md'], ['elsewhere.txt', 'elsewhere.txt']])('%s is %s', (file, place) => expect(placeInRules(file)).toBe(place));

it('shows a long value by its beginning', () => {
  expect(shortly('x'.repeat(500)).length).toBeLessThan(70);
  expect(shortly(3)).toBe('3');
  expect(shortly(undefined)).toBe('');
});
