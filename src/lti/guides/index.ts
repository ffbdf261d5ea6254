import { canvasKey, toolConfiguration, type ToolConfiguration } from '../tool-configuration.js';
import { blackboard } from './blackboard.js';
import { brightspace } from './brightspace.js';
import { canvas } from './canvas.js';
import { moodle } from './moodle.js';
import { openEdx } from './open-edx.js';
import { sakai } from './sakai.js';

export const LMS_KINDS = ['moodle', 'canvas', 'blackboard', 'brightspace', 'sakai', 'open-edx'] as const;
export type LmsKind = (typeof LMS_KINDS)[number];

const TEXTS: Readonly<Record<LmsKind, (tool: ToolConfiguration) => string>> = {
  moodle,
  canvas,
  blackboard,
  brightspace,
  sakai,
  'open-edx': openEdx,
};

/** Markdown for the administrator of this LMS: what to give, what to bring back, what may be in the way. */
export const administratorText = (lms: LmsKind, publicUrl: string): string => TEXTS[lms](toolConfiguration(publicUrl));

/** All files of `lti-config/` by name. */
export function configurationFiles(publicUrl: string): ReadonlyMap<string, string> {
  return new Map([
    ...LMS_KINDS.map((lms) => [`${lms}.md`, administratorText(lms, publicUrl)] as const),
    ['canvas.json', `${JSON.stringify(canvasKey(publicUrl), null, 2)}\n`] as const,
  ]);
}
