import { parseArgs } from 'node:util';
import { USUAL_ROTATION, type Platform } from '../lti/index.js';
import { platformNamed, UsageError, type Command } from './operator.js';

/** Whoever has the old key could sign as we do: it is hidden at once, and what is under way is tried again. */
const COMPROMISED = { leadMinutes: 0, overlapMinutes: 0 };

const rotate: Command = async (operator, words) => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      platform: { type: 'string' },
      now: { type: 'boolean', default: false },
      compromised: { type: 'boolean', default: false },
    },
    strict: true,
  });
  const rotation = values.compromised ? COMPROMISED : { ...USUAL_ROTATION, ...(values.now ? { leadMinutes: 0 } : {}) };
  const chosen: readonly Platform[] =
    values.platform === undefined ? await operator.platforms.list() : [await platformNamed(operator, values.platform)];
  for (const platform of chosen) {
    const { kid, useFrom } = await operator.toolKeys.rotate(platform.key, rotation);
    operator.say(`${platform.id}  ${platform.lmsName}  new key ${kid}, signs from ${useFrom.toISOString()}`);
  }
  operator.say('Old and new keys are shown together at /lti/keys until what the old ones signed is dead.');
};

const list: Command = async (operator) => {
  for (const platform of await operator.platforms.list()) {
    operator.say(`${platform.id}  ${platform.lmsName}`);
    for (const { kid, state, useFrom, hideAt } of await operator.toolKeys.states(platform.key))
      operator.say(
        `  ${state.padEnd(7)}  ${kid}  from ${useFrom.toISOString()}${hideAt ? `, hidden ${hideAt.toISOString()}` : ''}`,
      );
  }
};

const ACTS: Readonly<Record<string, Command>> = { rotate, list };

/** `keys rotate|list` */
export const keysCommand: Command = async (operator, [act = 'list', ...words]) => {
  const command = ACTS[act];
  if (!command) throw new UsageError('keys takes rotate or list');
  await command(operator, words);
};
