/**
 * LTI platform storage (1EdTech, LTI Client Side postMessages 1.0): the LMS's page keeps small texts for a tool whose frame
 * has no cookies. Data goes to one origin only and is taken from that origin only.
 */
export interface Storage {
  /** Does the LMS's page answer, and keep data? */
  supported(): Promise<boolean>;
  put(key: string, value: string): Promise<boolean>;
  get(key: string): Promise<string | undefined>;
}

interface Answer {
  readonly subject?: unknown;
  readonly message_id?: unknown;
  readonly error?: unknown;
  readonly value?: unknown;
  readonly supported_messages?: unknown;
}

const ANSWER_MS = 1500;

/** `_parent` is the page around us (or the one that opened us); a name is one of its frames. */
function frameOf(target: string): Window | undefined {
  const parent = (window.opener ?? window.parent) as Window;
  if (parent === window) return undefined;
  if (target === '_parent') return parent;
  try {
    // Frames of another origin's page can be reached by name, and by nothing else.
    return (parent.frames as unknown as Record<string, Window | undefined>)[target];
  } catch {
    return undefined;
  }
}

export function platformStorage(target: string, origin: string): Storage {
  const frame = frameOf(target);
  let last = 0;

  function ask(subject: string, data: object, to: string): Promise<Answer | undefined> {
    if (!frame) return Promise.resolve(undefined);
    last += 1;
    const id = `serik-${Date.now()}-${last}`;
    return new Promise((resolve) => {
      const done = (answer: Answer | undefined) => {
        window.removeEventListener('message', hear);
        resolve(answer);
      };
      const hear = (event: MessageEvent) => {
        const answer = (typeof event.data === 'object' ? event.data : {}) as Answer | null;
        if (answer?.subject !== `${subject}.response` || answer.message_id !== id) return;
        if (to === '*' || event.origin === origin) done(answer);
      };
      window.addEventListener('message', hear);
      setTimeout(() => done(undefined), ANSWER_MS);
      frame.postMessage({ subject, message_id: id, ...data }, to);
    });
  }

  return {
    async supported() {
      const answer = await ask('lti.capabilities', {}, '*');
      const known = Array.isArray(answer?.supported_messages) ? answer.supported_messages : [];
      const names = known.map((one: { subject?: unknown }) => one.subject);
      return names.includes('lti.put_data') && names.includes('lti.get_data');
    },
    async put(key, value) {
      const answer = await ask('lti.put_data', { key, value }, origin);
      return answer !== undefined && answer.error === undefined;
    },
    async get(key) {
      const answer = await ask('lti.get_data', { key }, origin);
      return typeof answer?.value === 'string' && answer.error === undefined ? answer.value : undefined;
    },
  };
}
