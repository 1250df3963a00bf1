import { expect, it } from 'vitest';
import { situationOf } from './situation';

it('states a situation as rule tests do', () => {
  expect(situationOf({ kind: 'chat', text: ' hi ', language: 'es', customer: 'orders: 3\nname: "A: b"\nvip: yes\ntags: [a, b]' })).toEqual({
    contact: { channel: { name: 'chat', kind: 'chat' }, text: 'hi', language: 'es' }, customer: { orders: 3, name: 'A: b', vip: true, tags: ['a', 'b'] },
  });
  expect(situationOf({ kind: 'phone', text: '', language: '', customer: '' })).toEqual({ contact: { channel: { name: 'phone', kind: 'phone' } } });
});

it('says which line it cannot read', () => expect(situationOf({ kind: 'chat', text: '', language: '', customer: 'orders 3' })).toBe('orders 3'));
