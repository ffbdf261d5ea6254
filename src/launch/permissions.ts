/**
 * Who may do what: the one table. A route names its action; nothing else decides.
 *
 * `observer` is a person whom the LMS lets into the course without teaching or learning in it (a manager, an administrator).
 */
export const ROLES = ['tutor', 'assistant', 'observer', 'student'] as const;
export type Role = (typeof ROLES)[number];

const MAY = {
  tutor: [
    'course:view',
    'roster:read',
    'map:view',
    'map:edit',
    'agreement:view',
    'agreement:submit',
    'slots:view',
    'slots:edit',
    'results:view',
    'results:edit',
    'results:send',
    'content:place',
  ],
  assistant: ['course:view', 'map:view', 'agreement:view', 'slots:view', 'slots:edit', 'results:view'],
  observer: ['course:view', 'map:view', 'agreement:view', 'slots:view', 'results:view'],
  student: ['home:view', 'plan:view', 'slots:book'],
} as const satisfies Record<Role, readonly string[]>;

export type Action = (typeof MAY)[Role][number];

export const ACTIONS: readonly Action[] = [...new Set(Object.values(MAY).flat())];

export function may(role: Role, action: Action): boolean {
  return (MAY[role] as readonly Action[]).includes(action);
}
