/** What the engine refused, in its own words. Status 0: it could not be reached. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly problem: { type?: string; title?: string; detail?: string; problems?: unknown; missing?: string[] }) {
    super(problem.detail || problem.title || `the engine answered ${status}`);
    this.name = 'Refusal';
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  body?: unknown;
  /** Instead of `body`: sent as it is. */
  file?: Blob;
  /** Idempotency-Key of a POST: a repeated call with the same key has its effect once. */
  key?: string;
  signal?: AbortSignal;
  /** Lets the call outlive the page. */
  keepalive?: boolean;
}

/** What the window hears when the engine knows no session of ours any more, whatever was asked. */
export const sessionEnded = 'kindred-session-ended';

/**
 * Calls the engine.
 * @throws {Refusal} for every answer that is not 2xx, and when there is none or only a part of one
 */
export async function call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.file !== undefined) headers['Content-Type'] = 'application/octet-stream';
  if (method === 'POST') headers['Idempotency-Key'] = options.key ?? newKey();
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method, headers, credentials: 'same-origin', signal: options.signal, keepalive: options.keepalive,
      body: options.file ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    });
    text = await answer.text();
  } catch (problem) {
    if (options.signal?.aborted) throw problem;
    throw new Refusal(0, { type: 'unreachable', title: 'the engine cannot be reached' });
  }
  const content = text === '' ? {} : parsed(text);
  if (answer.status === 401 && path !== '/login') dispatchEvent(new Event(sessionEnded));
  if (!answer.ok) throw new Refusal(answer.status, content as object);
  return content as Answer;
}

/** A key of its own for something that must happen once; works on plain HTTP too, where there is no randomUUID. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, '0')).join('');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: 'the answer is not JSON' };
  }
}

/** The query of a URL; what is undefined or empty is left out. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
