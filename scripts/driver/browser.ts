import { parseSetCookie, stringifyCookie } from 'cookie';

/** The part of a browser that a launch needs: one cookie jar per host, forms, redirects followed by hand. */
export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Page>;
  post(url: string, form: Record<string, string> | URLSearchParams, headers?: Record<string, string>): Promise<Page>;
  json(method: 'POST' | 'PATCH' | 'PUT', url: string, body: unknown, headers?: Record<string, string>): Promise<Page>;
  /** Asks for a page that redirects, keeps its cookies, and gives the address without going there; or where it is itself. */
  stop(url: string): Promise<string>;
  /** The same for a form. */
  stopPost(url: string, form: Record<string, string>, headers?: Record<string, string>): Promise<string>;
  /** A file as it is sent, byte for byte. */
  download(url: string): Promise<{ readonly status: number; readonly bytes: Uint8Array; readonly headers: Headers }>;
  cookies(host: string): Record<string, string>;
  forget(host: string): void;
}

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly html: string;
  readonly headers: Headers;
}

const MAX_REDIRECTS = 12;

export function createBrowser(language = 'en'): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jar = (url: string) => {
    const { host } = new URL(url);
    const found = jars.get(host) ?? new Map<string, string>();
    jars.set(host, found);
    return found;
  };

  function keep(url: string, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const { name, value, maxAge } = parseSetCookie(line);
      if (value === undefined || value === '' || maxAge === 0) jar(url).delete(name);
      else jar(url).set(name, value);
    }
  }

  async function visit(url: string, init: RequestInit, hops = 0): Promise<Page> {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        Accept: 'text/html',
        'Accept-Language': language,
        ...(init.headers as Record<string, string>),
        Cookie: stringifyCookie(Object.fromEntries(jar(url))),
      },
    });
    keep(url, response);
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400) {
      if (hops >= MAX_REDIRECTS) throw new Error(`Too many redirects at ${url}`);
      return visit(new URL(location, url).href, { method: 'GET' }, hops + 1);
    }
    // As the page's script does: the address is the page's own.
    const at = new URL(response.headers.get('content-location') ?? url, url).href;
    return { status: response.status, url: at, html: await response.text(), headers: response.headers };
  }

  async function stopAt(url: string, init: RequestInit): Promise<string> {
    const headers = {
      Accept: 'text/html',
      ...(init.headers as Record<string, string>),
      Cookie: stringifyCookie(Object.fromEntries(jar(url))),
    };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    keep(url, response);
    const location = response.headers.get('location') ?? response.headers.get('content-location');
    if (location === null) throw new Error(`${url} did not redirect: ${response.status} ${await response.text()}`);
    return new URL(location, url).href;
  }

  return {
    get: (url, headers = {}) => visit(url, { method: 'GET', headers }),
    post: (url, form, headers = {}) =>
      visit(url, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      }),
    json: (method, url, body, headers = {}) =>
      visit(url, {
        method,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      }),
    async download(url) {
      const response = await fetch(url, { headers: { Cookie: stringifyCookie(Object.fromEntries(jar(url))) } });
      keep(url, response);
      return {
        status: response.status,
        bytes: new Uint8Array(await response.arrayBuffer()),
        headers: response.headers,
      };
    },
    stop: (url) => stopAt(url, { method: 'GET' }),
    stopPost: (url, form, headers = {}) => stopAt(url, { method: 'POST', body: new URLSearchParams(form), headers }),
    cookies: (host) => Object.fromEntries(jars.get(host) ?? []),
    forget: (host) => void jars.delete(host),
  };
}

const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x60;', '`')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}=("([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return found ? decode(found[2] ?? found[3] ?? found[4] ?? '') : undefined;
};

export interface Form {
  readonly action: string;
  readonly method: string;
  readonly fields: Record<string, string>;
}

/** The forms of a page with what their hidden and text fields hold. */
export function formsOf(page: Page): Form[] {
  return [...page.html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/gi)].map(([html]) => {
    const open = /<form\b[^>]*>/i.exec(html)?.[0] ?? '';
    const fields: Record<string, string> = {};
    for (const [tag] of html.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(tag, 'name');
      const type = attribute(tag, 'type') ?? 'text';
      const checkable = type === 'checkbox' || type === 'radio';
      if (name !== undefined && (!checkable || /\schecked\b/.test(tag))) fields[name] = attribute(tag, 'value') ?? '';
    }
    return {
      action: new URL(attribute(open, 'action') ?? page.url, page.url).href,
      method: (attribute(open, 'method') ?? 'get').toLowerCase(),
      fields,
    };
  });
}

/** Sends the page's form whose action holds these words, as pressing its button would. */
export function submit(
  browser: Browser,
  page: Page,
  action: string,
  changes: Record<string, string> = {},
): Promise<Page> {
  const form = formsOf(page).find((found) => found.action.includes(action));
  if (!form) throw new Error(`No form for ${action} on ${page.url} (${page.status}): ${page.html.slice(0, 300)}`);
  const fields = { ...form.fields, ...changes };
  if (form.method === 'post') return browser.post(form.action, fields, { Origin: new URL(page.url).origin });
  const url = new URL(form.action);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return browser.get(url.href);
}

/** The `src` of the page's frame. */
export function frameOf(page: Page): string {
  const tag = /<iframe\b[^>]*>/i.exec(page.html)?.[0] ?? '';
  const src = attribute(tag, 'src');
  if (src === undefined) throw new Error(`No frame on ${page.url}: ${page.html.slice(0, 300)}`);
  return new URL(src, page.url).href;
}

export const textOf = (page: Page): string =>
  decode(page.html.replace(/<(script|style)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ');
