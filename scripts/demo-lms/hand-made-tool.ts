import { randomUUID } from 'node:crypto';
import { isMoodle, isOpenEdx, toolById, type Lms } from './lms.js';
import { newComponent } from './seed.js';
import { randomHex } from './secrets.js';
import { SCOPE, type ResourceLink, type Tool } from './types.js';
import { componentKey } from './usage-keys.js';

/** The administrator's form. */
export interface ToolForm {
  readonly name?: string;
  readonly initiateLoginUri: string;
  readonly targetLinkUri: string;
  readonly redirectUris: readonly string[];
  readonly jwksUri: string;
  readonly deepLinkingUri?: string;
  /** All that the LMS has, if left out. */
  readonly scopes?: readonly string[];
}

const servicesOf = (lms: Lms): string[] =>
  Object.values(SCOPE).filter((scope) => lms.manner === 'standard' || scope !== SCOPE.groups);

/** Moodle: one for the whole site, the tool type itself; Open edX: always the same. */
function deploymentIdOf(lms: Lms, id: string): string {
  if (isMoodle(lms)) return id;
  return isOpenEdx(lms) ? '1' : `deployment-${randomHex(6)}`;
}

/** A tool that is registered by hand is active at once: whoever fills in the form has decided. */
export function addTool(lms: Lms, form: ToolForm): Tool {
  const { name = 'Serik', scopes = servicesOf(lms), ...addresses } = form;
  const id = lms.world.nextId();
  const tool: Tool = {
    id,
    clientId: isOpenEdx(lms) ? randomUUID() : randomHex(8).slice(0, 15),
    deploymentId: deploymentIdOf(lms, id),
    name,
    description: '',
    state: 'active',
    ...addresses,
    scopes,
    sendsNames: true,
    sendsEmail: true,
    submissionReview: !isOpenEdx(lms),
    custom: {},
  };
  lms.world.tools.push(tool);
  lms.world.changed();
  return tool;
}

/** What the tool's administrator has to be told of this LMS. */
export interface Connection {
  readonly issuer: string;
  readonly clientId: string;
  readonly deploymentId: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
}

export function connectionOf(lms: Lms, toolId: string): Connection {
  const tool = knownTool(lms, toolId);
  return {
    issuer: lms.url,
    clientId: tool.clientId,
    deploymentId: tool.deploymentId,
    authorizationEndpoint: lms.at.authorize,
    tokenEndpoint: lms.at.token(tool.id),
    jwksUri: lms.at.jwks(tool.id),
  };
}

function knownTool(lms: Lms, toolId: string): Tool {
  const tool = toolById(lms, toolId);
  if (!tool) throw new Error(`No tool ${toolId}`);
  return tool;
}

/** Another deployment of the same tool. Moodle and Open edX have one for each registration. */
export function addDeployment(lms: Lms, toolId: string): string {
  const tool = knownTool(lms, toolId);
  if (lms.manner !== 'standard') throw new Error(`In the ${lms.manner} manner a tool has one deployment`);
  const deploymentId = `deployment-${randomHex(6)}`;
  const { tools } = lms.world;
  tools[tools.indexOf(tool)] = { ...tool, moreDeployments: [...(tool.moreDeployments ?? []), deploymentId] };
  lms.world.changed();
  return deploymentId;
}

/** From now on this course launches that deployment of the tool. */
export function deployIn(lms: Lms, courseId: string, toolId: string, deploymentId: string): void {
  const tool = knownTool(lms, toolId);
  if (![tool.deploymentId, ...(tool.moreDeployments ?? [])].includes(deploymentId))
    throw new Error(`Tool ${toolId} has no deployment ${deploymentId}`);
  const { world } = lms;
  world.deployedIn = world.deployedIn.filter((one) => one.courseId !== courseId || one.toolId !== toolId);
  world.deployedIn.push({ courseId, toolId, deploymentId });
  world.changed();
}

/** An activity of this tool in a course: how a second tool gets into a course that has one already. */
export function addActivity(lms: Lms, courseId: string, toolId: string, title?: string): ResourceLink {
  const tool = knownTool(lms, toolId);
  const id = lms.world.nextId();
  const link = { courseId, title: title ?? tool.name, description: tool.description, toolId, custom: {} };
  const made: ResourceLink = isOpenEdx(lms)
    ? { ...link, id: componentKey(courseId, id), component: newComponent(id) }
    : { ...link, id };
  lms.world.links.push(made);
  lms.world.changed();
  return made;
}
