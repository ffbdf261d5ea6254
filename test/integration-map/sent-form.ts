const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
};
const decode = (html: string) => html.replace(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** What a browser without script would send of this page: every field as it stands there. */
export function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, attributes = ''] of html.matchAll(/<input ([^>]*?)\s*\/?>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    const unchosen = attributes.includes('type="radio"') && !attributes.includes(' checked');
    if (name !== undefined && !unchosen) fields[name] = decode(/value="([^"]*)"/.exec(attributes)?.[1] ?? '');
  }
  for (const [, attributes = '', text = ''] of html.matchAll(/<textarea ([^>]*)>([^<]*)<\/textarea>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    if (name !== undefined) fields[name] = decode(text).replaceAll('\n', '\r\n');
  }
  for (const [, attributes = '', options = ''] of html.matchAll(/<select ([^>]*)>([\s\S]*?)<\/select>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    const chosen = /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
    if (name !== undefined) fields[name] = decode(chosen?.[1] ?? '');
  }
  return fields;
}
