import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Platform, Platforms } from '../lti/index.js';
import type { Mail } from '../mail/index.js';
import type { Handlers, Outbox } from '../outbox/index.js';
import type { Catalogues, Language } from '../web/i18n.js';
import type { Agreement } from './index.js';
import { reminderLetter } from './reminder-letter.js';
import { daysBetween } from './rules.js';
import type { Holder } from './role-store.js';
import { waitsSince, type Version } from './version.js';
import { waitingAmong, type WaitingDeps } from './waiting.js';

export const REMINDER = 'agreement-reminder';

/** Local hours between which letters go out, on working days. */
const FROM_HOUR = 9;
const TO_HOUR = 18;
const SATURDAY = 6;

export interface ReminderDeps extends Omit<WaitingDeps, 'agreement'> {
  readonly agreement: Pick<Agreement, 'open' | 'holders' | 'reminded'>;
  readonly platforms: Pick<Platforms, 'byKey' | 'list'>;
  readonly preferences: { languageOf(platform: string, sub: string): Promise<Language | undefined> };
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
  readonly outbox: Pick<Outbox, 'enqueue'>;
  /** Nothing where the operator named no mail server: then nobody is reminded. */
  readonly mail: Mail | undefined;
  /** Days that an answer may take before its first letter. */
  readonly afterDays: number;
  readonly timeZone: string;
  readonly now: () => Date;
}

/**
 * Reminds those who owe an answer: one letter a working day and person, on all that waits for them for `afterDays` or more.
 * What is asked for is only that somebody be reminded today; what the letter says is looked up when it goes.
 */
export function createReminders(deps: ReminderDeps) {
  const { agreement, platforms, mail, outbox, now } = deps;

  /** Of what is open on one LMS, what waits too long for this person. */
  async function overdue(open: readonly Version[], sub: string, holders: readonly Holder[]) {
    const roles = holders.filter((holder) => holder.sub === sub);
    const waiting = await waitingAmong(deps, open, { sub, roles });
    return waiting.filter(({ version }) => daysBetween(waitsSince(version), now()) >= deps.afterDays);
  }

  async function remindOn({ key }: Platform, day: number): Promise<void> {
    const open = await agreement.open(key);
    if (open.length === 0) return;
    const holders = await agreement.holders(key);
    const subs = new Set(holders.filter(({ email }) => email !== '').map(({ sub }) => sub));
    for (const sub of subs) {
      const [first] = await overdue(open, sub, holders);
      if (!first) continue;
      // The order number is the day: of all processes and minutes of one day, one asks.
      const order = { kind: REMINDER, key: JSON.stringify([REMINDER, key, sub]), order: day };
      await outbox.enqueue({ ...order, course: first.course, payload: { sub, day } });
    }
  }

  const handlers: Handlers = {
    [REMINDER]: async ({ course: { platform: key }, payload }) => {
      const sub = String(payload['sub']);
      const platform = await platforms.byKey(key);
      const holders = await agreement.holders(key);
      const person = holders.find((holder) => holder.sub === sub);
      if (!mail || !platform?.active || !person?.email) return { then: 'done' };
      const waiting = await overdue(await agreement.open(key), sub, holders);
      if (waiting.length === 0) return { then: 'done' };
      const language = (await deps.preferences.languageOf(key, sub)) ?? deps.defaultLanguage;
      const { timeZone } = deps;
      const letter = reminderLetter({
        t: deps.catalogues.translator(language),
        language,
        timeZone,
        now: now(),
        name: person.name,
        waiting,
        lms: { name: platform.lmsName, address: platform.issuer },
      });
      const id = createHash('sha256')
        .update(JSON.stringify([key, sub, payload['day']]))
        .digest('hex')
        .slice(0, 32);
      const posted = await mail.post({ to: person.email, ...letter, id });
      if (posted.outcome === 'later') return { then: 'retry', reason: posted.reason };
      if (posted.outcome === 'refused') return { then: 'refused', reason: posted.reason };
      await agreement.reminded(key, sub, now());
      return { then: 'done' };
    },
  };

  return {
    handlers,
    /** To be called every few minutes. Outside working hours, and without a mail server, it does nothing. */
    async remind(): Promise<void> {
      const local = DateTime.fromJSDate(now(), { zone: deps.timeZone });
      if (!mail || local.weekday >= SATURDAY || local.hour < FROM_HOUR || local.hour >= TO_HOUR) return;
      const day = Number(local.toFormat('yyyyMMdd'));
      for (const platform of await platforms.list()) if (platform.active) await remindOn(platform, day);
    },
  };
}
