const csrf = () => document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? '';

/** Where this course's pages live: `/c/<id>`. */
export const base = () => document.body.dataset['base'] ?? '';

/** What came of a request: an answer, or nothing (no connection, time-out): then it is worth trying again. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends JSON to one of the course's routes, with the session's CSRF token. Status 0 says that no answer came. */
export async function sendJson(method: 'POST' | 'PATCH' | 'GET', path: string, data?: unknown): Promise<Answer> {
  try {
    const response = await fetch(`${base()}${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        'X-CSRF-Token': csrf(),
        ...(data === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(data === undefined ? {} : { body: JSON.stringify(data) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  } catch {
    return { status: 0, body: null };
  }
}
