import { removeItem } from './gradebook.js';
import { activeTool, type Lms } from './lms.js';
import type { LineItem, ResourceLink } from './types.js';
import type { World } from './world.js';

export const ownItemOf = (world: World, link: ResourceLink): LineItem | undefined =>
  world.lineItems.find((item) => item.own && item.courseId === link.courseId && item.resourceLinkId === link.id);

export const acceptsGrades = (world: World, link: ResourceLink): boolean =>
  link.component ? link.component.graded : ownItemOf(world, link) !== undefined;

/** "Accept grades" of an activity: off by default, as in Moodle. On makes the link's own column; Open edX calls it graded. */
export function setAcceptGrades(lms: Lms, courseId: string, on: boolean): void {
  const { world } = lms;
  const link = world.links.find((one) => one.courseId === courseId);
  if (!link) throw new Error(`No activity in course ${courseId}`);
  if (link.component) {
    link.component.graded = on;
    world.changed();
    return;
  }
  const item = ownItemOf(world, link);
  const tool = activeTool(lms, link.toolId);
  if (item && !on) removeItem(world, item);
  if (item || !on || !tool) return;
  addOwnItem(world, link, tool.id, { maximum: 100 });
}

export function addOwnItem(
  world: World,
  link: ResourceLink,
  toolId: string,
  { maximum, resourceId, tag, declared = false }: Pick<LineItem, 'maximum' | 'resourceId' | 'tag' | 'declared'>,
): void {
  const { courseId, title: label, id: resourceLinkId } = link;
  world.lineItems.push({
    id: world.nextId(),
    courseId,
    toolId,
    own: true,
    label,
    maximum,
    resourceId,
    tag,
    resourceLinkId,
    ...(declared ? { declared } : {}),
  });
  world.changed();
}
