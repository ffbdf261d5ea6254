import { createHash } from 'node:crypto';

const ORGANISATION = 'University';

const hashOf = (seed: string) => createHash('sha256').update(seed).digest('hex');

/** `course-v1:<organisation>+<course>+<run>`. */
export const courseKey = (course: string, run: string): string => `course-v1:${ORGANISATION}+${course}+${run}`;

/** The usage key of the LTI component with this number in this course. */
export const componentKey = (key: string, pk: string): string =>
  `${key.replace(/^course-v1:/, 'block-v1:')}+type@lti_consumer+block@${hashOf(`component ${pk}`).slice(0, 32)}`;

export const isUsageKey = (text: string): boolean =>
  /^block-v1:[^+@\s]+\+[^+@\s]+\+[^+@\s]+\+type@[\w-]+\+block@\w+$/.test(text);

/** An id that says nothing of its person, the same at every start. */
export const externalUserId = (seed: string): string => {
  const hex = hashOf(`person ${seed}`);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
};

/** Open edX adds it to the course's title in the launch. */
export const organisation = ORGANISATION;
