import type { DeploymentStore, Platform, Platforms, RegistrationLinks, ToolKeys } from '../lti/index.js';

/** What a command of the operator works with. It speaks plain English on the terminal, where no user's language is known. */
export interface Operator {
  readonly platforms: Platforms;
  readonly deployments: DeploymentStore;
  readonly toolKeys: ToolKeys;
  readonly registrationLinks: RegistrationLinks;
  readonly allowPrivateLms: boolean;
  readonly say: (line: string) => void;
}

export type Command = (operator: Operator, words: readonly string[]) => Promise<void>;

/** The operator typed something that cannot be meant; the message says what can. */
export class UsageError extends Error {}

/** A platform by the short id that `platform list` shows, or the only one that there is. */
export async function platformNamed({ platforms }: Operator, id: string | undefined): Promise<Platform> {
  const all = await platforms.list();
  const found = id === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((one) => one.id === id);
  if (found) return found;
  const known = all.map((one) => `  ${one.id}  ${one.lmsName}  ${one.issuer}`).join('\n');
  throw new UsageError(`Which platform? ${all.length === 0 ? 'None is registered.' : `One of:\n${known}`}`);
}
