import { parseArgs } from 'node:util';
import { UsageError, type Command } from './operator.js';

/** `registration-link [--hours N] [--own-desk]` */
export const registrationLinkCommand: Command = async ({ registrationLinks, say }, words) => {
  const { values } = parseArgs({
    args: [...words],
    options: { hours: { type: 'string', default: '72' }, 'own-desk': { type: 'boolean', default: false } },
    strict: true,
  });
  const hours = Number(values.hours);
  if (!Number.isFinite(hours) || hours <= 0 || hours > 24 * 30)
    throw new UsageError('--hours takes a number up to 720');
  say(await registrationLinks.create({ hours, desk: values['own-desk'] ? 'own' : 'all' }));
};
