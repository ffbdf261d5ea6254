import { Agent, request, type IncomingMessage } from 'node:http';
import { parseSetCookie, stringifyCookie } from 'cookie';

/** One request and its whole answer. */
export interface Hop {
  /** Of the page, where it says so (`Content-Location`); else what was asked for. */
  readonly url: string;
  /** From the first byte sent to the last byte read. */
  readonly ms: number;
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Where it redirects, as a whole address. */
  readonly location?: string;
}

/** What a browser keeps between visits. */
export type Cookies = Map<string, string>;

/** A browser at one tool, on a connection of its own. */
export interface Visitor {
  get(url: string): Promise<Hop>;
  post(url: string, form: Readonly<Record<string, string>>): Promise<Hop>;
  leave(): void;
}

/**
 * Plain `node:http`, because at these times `fetch` would be a good part of what is measured; and no redirect is followed
 * unseen.
 */
export function createVisitor(cookies: Cookies): Visitor {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function keep(answer: IncomingMessage): void {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const { name, value, maxAge, expires } = parseSetCookie(line);
      const over = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
      if (value === undefined || value === '' || over) cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  function ask(url: string, method: 'GET' | 'POST', body = ''): Promise<Hop> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = { Accept: 'text/html', 'Accept-Language': 'en' };
      if (cookies.size > 0) headers['Cookie'] = stringifyCookie(Object.fromEntries(cookies));
      if (method === 'POST') {
        headers['Content-Type'] = 'application/x-www-form-urlencoded';
        headers['Content-Length'] = Buffer.byteLength(body);
      }
      const start = performance.now();
      const asked = request(url, { method, headers, agent }, (answer) => {
        keep(answer);
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('error', reject);
        answer.once('end', () => {
          const { location } = answer.headers;
          const status = answer.statusCode ?? 0;
          const at = answer.headers['content-location'];
          resolve({
            url: at === undefined ? url : new URL(at, url).href,
            ms: performance.now() - start,
            status,
            type: answer.headers['content-type'] ?? '',
            body: Buffer.concat(parts).toString('utf8'),
            ...(location !== undefined && status >= 300 && status < 400
              ? { location: new URL(location, url).href }
              : {}),
          });
        });
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }

  return {
    get: (url) => ask(url, 'GET'),
    post: (url, form) => ask(url, 'POST', new URLSearchParams(form).toString()),
    leave: () => agent.destroy(),
  };
}
