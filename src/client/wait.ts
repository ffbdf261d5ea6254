import { sendJson } from './shared/request.js';

/**
 * A page that waits for the LMS asks now and then whether the waiting is over, and then shows itself anew, unless
 * somebody is typing. Without script the person reloads.
 */
const waiting = document.querySelector<HTMLElement>('[data-wait]');
const path = waiting?.dataset['wait'];
/** A reload would break off the way to the page that somebody just chose. */
let leaving = false;

async function ask(address: string, tries: number): Promise<void> {
  const { status, body } = await sendJson('GET', address);
  const over = status === 200 && !(body as { waiting: boolean }).waiting;
  const typing = document.activeElement instanceof HTMLInputElement && document.activeElement.value !== '';
  if (leaving) return;
  if (over && !typing) location.reload();
  else if (tries < 120) setTimeout(() => void ask(address, tries + 1), Math.min(5000, 500 + tries * 250));
}

addEventListener('beforeunload', () => {
  leaving = true;
});
if (path !== undefined) void ask(path, 0);
