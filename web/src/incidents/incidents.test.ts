import { expect, it } from 'vitest';
import { ticketsIn } from './incident_calls';

it.each([['', []], ['12', ['12']], ['12, #13 14;12', ['12', '13', '14']], ['none', []]])('the tickets in %j are %j', (text, ids) => expect(ticketsIn(text)).toEqual(ids));
