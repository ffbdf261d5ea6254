import type { Page } from '../../scripts/driver/browser.js';

const PATH = /^(?:head|rows|moocs)\./;

const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];

/** Every text that the tutor's map page holds, by its path: what one map says and another has to say as well. */
export function mapTexts({ html }: Page): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [, open = '', text = ''] of html.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g))
    texts.push([attribute(open, 'name') ?? '', text.trim()]);
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const checkable = /type="(?:radio|checkbox)"/.test(tag);
    if (!checkable || /\schecked\b/.test(tag))
      texts.push([attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']);
  }
  for (const [, open = '', options = ''] of html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option\b[^>]*\sselected\b[^>]*>/.exec(options)?.[0] ?? '';
    texts.push([attribute(open, 'name') ?? '', attribute(chosen, 'value') ?? '']);
  }
  return Object.fromEntries(texts.filter(([name]) => PATH.test(name)));
}
