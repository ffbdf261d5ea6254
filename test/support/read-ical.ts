/** A reader of calendars of its own, written from RFC 5545 and not from the writer. */
export type Component = Readonly<Record<string, string>>;

/** 3.1: content lines, unfolded. */
export const linesOf = (text: string): string[] =>
  text
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '');

const TEXTS = /^(UID|SUMMARY|DESCRIPTION|NAME|X-WR-CALNAME)$/;
const unescape = (text: string) =>
  text.replace(/\\(.)/g, (_whole, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter));

function propertyOf(line: string): [string, string] {
  const at = line.indexOf(':');
  if (at < 1) throw new Error(`Not a content line: ${line}`);
  const [name, value] = [line.slice(0, at), line.slice(at + 1)];
  return [name, TEXTS.test(name) ? unescape(value) : value];
}

export function parseCalendar(text: string): { properties: Component; events: Component[] } {
  const properties: Record<string, string> = {};
  const events: Record<string, string>[] = [];
  const open: string[] = [];
  for (const line of linesOf(text)) {
    const [name, value] = propertyOf(line);
    if (name === 'BEGIN') {
      open.push(value);
      if (value === 'VEVENT') events.push({});
    } else if (name === 'END') {
      if (open.pop() !== value) throw new Error(`What was not begun ends: ${value}`);
    } else {
      const into = open.at(-1) === 'VEVENT' ? events.at(-1) : properties;
      if (!into || open.length === 0) throw new Error(`A property outside: ${line}`);
      if (Object.hasOwn(into, name)) throw new Error(`A property twice: ${line}`);
      into[name] = value;
    }
  }
  if (open.length > 0) throw new Error(`Not ended: ${open.join()}`);
  return { properties, events };
}

export const eventsOf = (text: string): Component[] => parseCalendar(text).events;
