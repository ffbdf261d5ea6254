import { platformStorage } from './shared/platform-storage.js';

/** The two pages of a sign-in without cookies: one has the LMS keep this browser's secret, the other asks for it. */
const page = document.querySelector<HTMLElement>('[data-lti-storage]');

function show(part: 'wait' | 'failed'): void {
  for (const element of page?.querySelectorAll<HTMLElement>('[data-part]') ?? [])
    element.hidden = element.dataset['part'] !== part;
}

async function keep({ target = '', origin = '', key = '', value = '', next = '' }: DOMStringMap): Promise<void> {
  const storage = platformStorage(target, origin);
  if ((await storage.supported()) && (await storage.put(key, value))) location.replace(next);
  else show('failed');
}

async function bring({ target = '', origin = '', key = '' }: DOMStringMap): Promise<void> {
  const secret = await platformStorage(target, origin).get(key);
  const form = page?.querySelector('form');
  const field = form?.querySelector<HTMLInputElement>('[name=browser]');
  if (secret === undefined || !form || !field) {
    show('failed');
    return;
  }
  field.value = secret;
  form.submit();
}

if (page) void (page.dataset['ltiStorage'] === 'keep' ? keep(page.dataset) : bring(page.dataset));
