import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from '@/api/types';
import { useSession } from '@/session/session_store';
import { useCompany } from './company_store';
import { useTickets } from './ticket_store';

describe('company in a ticket', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    setActivePinia(createPinia());
    useSession().changeMe({ id: '1' } as Me);
    useTickets().openId = '7';
  });
  afterEach(() => void vi.useRealTimers());

  it('is everybody else, of the open ticket alone', () => {
    const company = useCompany();
    company.lookers('7', [{ id: '1', name: 'Ann', typing: false }, { id: '2', name: 'Bo', typing: true }]);
    expect(company.others.map((each) => each.name)).toEqual(['Bo']);
    company.lookers('8', [{ id: '2', name: 'Bo', typing: true }]);
    expect(company.others).toEqual([]);
  });

  it('hears of us when we look, now and then while we type, and once we stop', () => {
    const said: object[] = [];
    const company = useCompany();
    company.connected((frame) => said.push(frame));
    expect(said).toEqual([{ type: 'looking', ticket: '7', typing: false }]);
    said.length = 0;
    for (let letter = 0; letter < 10; letter += 1) {
      company.typed('7', true);
      vi.advanceTimersByTime(300);
    }
    expect(said).toEqual([{ type: 'looking', ticket: '7', typing: true }, { type: 'typing', ticket: '7' }, { type: 'looking', ticket: '7', typing: true }, { type: 'typing', ticket: '7' }]);
    said.length = 0;
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual([{ type: 'looking', ticket: '7', typing: false }]);
  });

  it('knows for a moment that the visitor types', () => {
    const company = useCompany();
    company.visitorTyped('7');
    expect(company.visitorTypes).toBe('7');
    vi.advanceTimersByTime(5_000);
    expect(company.visitorTypes).toBe(null);
  });
});
