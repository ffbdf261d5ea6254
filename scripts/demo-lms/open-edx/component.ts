import { toolById, activeTool, type Lms } from '../lms.js';
import type { Component, ComponentSettings, LineItem, ResourceLink, Tool } from '../types.js';

export interface ComponentPlace {
  readonly link: ResourceLink;
  readonly component: Component;
  /** Whose "passport" the component carries. */
  readonly tool: Tool;
}

/** The component with this number, with its place in a course and its tool. */
export function componentByPk(lms: Lms, pk: string): ComponentPlace | undefined {
  const link = lms.world.links.find(({ component }) => component?.pk === pk);
  const tool = link && (link.toolId === undefined ? activeTool(lms) : toolById(lms, link.toolId));
  return link?.component && tool ? { link, component: link.component, tool } : undefined;
}

export const itemsOfComponent = ({ world }: Lms, { pk }: Component): LineItem[] =>
  world.lineItems.filter((item) => item.pk === pk);

/** Made at the first launch of a component without items; later edits of name and weight are not copied into it. */
export function declaredItem(lms: Lms, tool: Tool, link: ResourceLink, component: Component): void {
  if (itemsOfComponent(lms, component).length > 0) return;
  lms.world.lineItems.push({
    id: lms.world.nextId(),
    courseId: link.courseId,
    toolId: tool.id,
    pk: component.pk,
    own: true,
    label: link.title,
    maximum: Math.trunc(component.weight),
    resourceId: link.id,
    resourceLinkId: link.id,
  });
  lms.world.changed();
}

/** What an author sets in Studio, at the first component of a course. */
export function setComponent({ world }: Lms, courseId: string, settings: Partial<ComponentSettings>): void {
  const component = world.links.find((link) => link.courseId === courseId)?.component;
  if (!component) throw new Error(`No component in course ${courseId}`);
  Object.assign(component, settings);
  world.changed();
}
