import { platformNamed, UsageError, type Command } from './operator.js';

const list: Command = async ({ platforms, deployments, say }) => {
  const [all, asking] = await Promise.all([platforms.list(), deployments.list()]);
  for (const { key, id, lmsName, deployments: approved } of all) {
    say(`${id}  ${lmsName}`);
    for (const deployment of approved) say(`  approved  ${deployment}`);
    for (const { platform, deployment, state, hint } of asking)
      if (platform === key) say(`  ${state.padEnd(8)}  ${deployment}  ${hint}`);
  }
};

const decide =
  (approve: boolean): Command =>
  async (operator, words) => {
    // With one platform its id may be left out.
    const [deployment, id] = words.length > 1 ? [words[1], words[0]] : [words[0], undefined];
    if (deployment === undefined) throw new UsageError('deployments approve [PLATFORM] DEPLOYMENT');
    const platform = await platformNamed(operator, id);
    await operator.platforms.setDeployment(platform.key, deployment, approve);
    if (approve) await operator.deployments.forget(platform.key, deployment);
    else await operator.deployments.refuse(platform.key, deployment);
    operator.say(`Deployment ${deployment} of ${platform.lmsName} is ${approve ? 'approved' : 'refused'}`);
  };

const ACTS: Readonly<Record<string, Command>> = { list, approve: decide(true), refuse: decide(false) };

/** `deployments list|approve|refuse` */
export const deploymentsCommand: Command = async (operator, [act = 'list', ...words]) => {
  const command = ACTS[act];
  if (!command) throw new UsageError('deployments takes list, approve or refuse');
  await command(operator, words);
};
