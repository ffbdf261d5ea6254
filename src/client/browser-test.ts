import { platformStorage } from './shared/platform-storage.js';

/** The self-test's part that only this browser can tell: how it keeps a sign-in inside the LMS, and whether the LMS keeps data. */
const row = document.querySelector<HTMLElement>('[data-browser-test]');
const line = row?.querySelector('[data-browser-text]');

async function look(origin: string, texts: Record<string, string>): Promise<string> {
  if (window.parent === window) return texts['tab'] ?? '';
  const keeps = await platformStorage('_parent', origin).supported();
  return (keeps ? texts['storage'] : texts['ok']) ?? '';
}

if (row && line) {
  const texts = JSON.parse(row.dataset['texts'] ?? '{}') as Record<string, string>;
  void look(row.dataset['origin'] ?? '', texts).then((text) => (line.textContent = text));
}
