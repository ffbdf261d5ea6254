import { sendJson } from './shared/request.js';

/** As the server's limit for a request, which holds the text with its quotation marks escaped. */
const MOST_BYTES = 1_000_000;

const form = document.querySelector<HTMLFormElement>('#map-import');
const file = document.querySelector<HTMLInputElement>('#map-import-choose');
const text = document.querySelector<HTMLTextAreaElement>('#map-import-text');
const problem = document.querySelector<HTMLElement>('#map-import-problem');
if (form && file && text && problem) open(form, file, text, problem);

function open(form: HTMLFormElement, file: HTMLInputElement, text: HTMLTextAreaElement, problem: HTMLElement): void {
  const tell = (sentence: string) => {
    problem.hidden = sentence === '';
    problem.querySelector('div')?.replaceChildren(sentence);
  };
  const tooLarge = form.dataset['tooLarge'] ?? '';

  document.querySelector<HTMLElement>('#map-import-file')?.removeAttribute('hidden');
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      tell(tooLarge);
      return;
    }
    void chosen.text().then((read) => {
      text.value = read;
      tell('');
    });
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });

  async function send(): Promise<void> {
    const { status, body } = await sendJson('POST', '/map/import', { text: text.value });
    const answer = (body ?? {}) as { href?: string; problem?: string; text?: string };
    if (status === 200 && answer.href !== undefined) location.assign(answer.href);
    else tell(status === 413 ? tooLarge : (answer.problem ?? answer.text ?? form.dataset['failed'] ?? ''));
  }
}
