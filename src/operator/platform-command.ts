import { parseArgs } from 'node:util';
import { platformFrom, TypedPlatform, type PlatformField, type PlatformFault } from '../lti/index.js';
import { platformNamed, UsageError, type Command } from './operator.js';

const OPTIONS = {
  name: 'lmsName',
  issuer: 'issuer',
  'client-id': 'clientId',
  'auth-url': 'authorizationEndpoint',
  'token-url': 'tokenEndpoint',
  'jwks-url': 'jwksUrl',
  audience: 'tokenAudience',
  deployment: 'deployments',
  origin: 'origins',
} as const satisfies Record<string, PlatformField>;

const WORDS: Record<PlatformFault, string> = {
  missing: 'is needed',
  address: 'is not a web address',
  https: 'must begin with https:// (or set ALLOW_PRIVATE_LMS=true)',
  'too-long': 'is too long',
  space: 'must not hold a space',
  origin: 'must be an address without a path, such as https://lms.example.edu',
};

const add: Command = async (operator, words) => {
  const options = Object.fromEntries(
    Object.keys(OPTIONS).map((name) => [name, { type: 'string', multiple: true } as const]),
  );
  const { values } = parseArgs({
    args: [...words],
    options: { ...options, 'own-desk': { type: 'boolean' } },
    strict: true,
  });
  const given = values as Record<string, string[] | boolean | undefined>;
  const text = (name: string) => (Array.isArray(given[name]) ? given[name].join(' ') : '');
  const typed = TypedPlatform.parse({
    ...Object.fromEntries(Object.entries(OPTIONS).map(([name, field]) => [field, text(name)])),
    lmsName: text('name') === '' ? 'LMS' : text('name'),
  });
  const desk = given['own-desk'] === true ? 'own' : 'all';
  const read = platformFrom(typed, { allowHttp: operator.allowPrivateLms, desk });
  if ('faults' in read) {
    const option = (field: PlatformField) => Object.entries(OPTIONS).find(([, one]) => one === field)?.[0] ?? field;
    throw new UsageError([...read.faults].map(([field, fault]) => `--${option(field)} ${WORDS[fault]}`).join('\n'));
  }
  const platform = await operator.platforms.register(read.platform);
  operator.say(`Added ${platform.lmsName} as ${platform.id}`);
  if (platform.deployments.length === 0)
    operator.say('It has no deployment yet: the first launch waits for `npm run admin -- deployments approve`.');
};

const list: Command = async ({ platforms, say }) => {
  const all = await platforms.list();
  if (all.length === 0) say('None is registered.');
  for (const { id, lmsName, issuer, clientId, active, deployments } of all)
    say(
      `${id}  ${active ? 'on ' : 'off'}  ${lmsName}  ${issuer}  ${clientId}  deployments: ${deployments.join(', ') || '-'}`,
    );
};

const turn =
  (on: boolean): Command =>
  async (operator, [id]) => {
    const platform = await platformNamed(operator, id);
    await operator.platforms.setActive(platform.key, on);
    operator.say(`${platform.lmsName} (${platform.id}) is ${on ? 'on' : 'off'}`);
  };

const ACTS: Readonly<Record<string, Command>> = { add, list, on: turn(true), off: turn(false) };

/** `platform add|list|on|off` */
export const platformCommand: Command = async (operator, [act = 'list', ...words]) => {
  const command = ACTS[act];
  if (!command) throw new UsageError('platform takes add, list, on or off');
  await command(operator, words);
};
