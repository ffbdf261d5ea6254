import type { LaunchFacts } from './launch-facts.js';
import { isMoodle, type Lms } from './lms.js';
import { CLAIM, type Course, type Tool } from './types.js';
import type { World } from './world.js';

/** The courses that this one was copied from, nearest first: `Context.id.history`. */
function historyOf({ courses }: World, course: Course): string {
  const ids: string[] = [];
  for (let id = course.copyOf; id !== undefined; id = courses.find((one) => one.id === id)?.copyOf) ids.push(id);
  return ids.join(',');
}

/** What only a launch from a course can fill in. */
const courseVariables = (lms: Lms, course: Course, tool: Tool): Record<string, string> => ({
  'Context.id': course.id,
  'Context.title': course.title,
  'Context.label': course.shortName,
  'Context.id.history': historyOf(lms.world, course),
  'CourseSection.title': course.title,
  'CourseSection.label': course.shortName,
  'LineItems.url': lms.at.lineItems(course.id, tool.id),
  'ToolProxyBinding.memberships.url': lms.at.memberships(course.id, tool.id),
});

/** The variables that this LMS fills in; any other is sent as it stands. */
function variables(lms: Lms, { course, person, link, tool }: LaunchFacts): Record<string, string> {
  return {
    ...(course ? courseVariables(lms, course, tool) : {}),
    'ResourceLink.id': link?.id ?? '',
    'ResourceLink.title': link?.title ?? '',
    'ResourceLink.description': link?.description ?? '',
    'User.id': person.id,
    'User.username': person.username,
    'Person.name.full': person.name,
    'Person.name.given': person.givenName,
    'Person.name.family': person.familyName,
    'Person.email.primary': person.email ?? '',
  };
}

/** Only a value that is one variable and nothing else is filled in; `\$` is a plain dollar sign. */
function filled(value: string, known: Record<string, string>): string {
  if (value.startsWith('\\$')) return value.slice(1);
  return value.startsWith('$') ? (known[value.slice(1)] ?? value) : value;
}

const moodleKey = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '_');

/** Custom parameters: in Moodle the tool's win over the link's, and a key with capitals or signs comes in two spellings. */
export function customClaims(lms: Lms, facts: LaunchFacts): Record<string, unknown> {
  const { tool, link } = facts;
  const mixed = isMoodle(lms) ? { ...link?.custom, ...tool.custom } : { ...tool.custom, ...link?.custom };
  const known = variables(lms, facts);
  const entries = Object.entries(mixed).flatMap(([name, value]) => {
    const text = filled(value, known);
    return isMoodle(lms)
      ? [
          [moodleKey(name), text],
          [name, text],
        ]
      : [[name, text]];
  });
  return entries.length === 0 ? {} : { [`${CLAIM}/custom`]: Object.fromEntries(entries) as Record<string, string> };
}
