import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, Refusal } from './client';

/** An answer whose end never comes. */
function cutShort(status: number): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"tick'));
      controller.error(new TypeError('network error'));
    },
  });
  return new Response(body, { status });
}

describe('a call to the engine', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([['nothing', () => Promise.reject(new TypeError('failed to fetch'))], ['a part of it', () => Promise.resolve(cutShort(200))]])(
    'of whose answer %s came is refused as unreachable', async (_, fetched) => {
      vi.stubGlobal('fetch', fetched);
      const refused = await call('GET', '/tickets/7').catch((reason: unknown) => reason);
      expect(refused).toBeInstanceOf(Refusal);
      expect(refused).toMatchObject({ status: 0, problem: { type: 'unreachable' } });
    });

  it('that was taken back is not told as a refusal', async () => {
    const taken = new AbortController();
    taken.abort();
    vi.stubGlobal('fetch', () => Promise.resolve(cutShort(200)));
    await expect(call('GET', '/tickets', { signal: taken.signal })).rejects.toBeInstanceOf(TypeError);
  });
});
