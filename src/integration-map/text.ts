import { createHash } from 'node:crypto';
import { specOf, type FieldPath } from './map.js';

export type TextFault = 'too-long' | 'not-text' | 'not-a-choice';
export type ReadText = { readonly text: string } | { readonly fault: TextFault };

// Nulls and other control characters have no glyph, and half a surrogate pair cannot be stored as UTF-8.
// eslint-disable-next-line no-control-regex
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001f\u007f]|\p{Surrogate}/u;

/** One spelling for one text, so that two equal texts compare equal: NFC, plain line breaks, no blanks at the ends. */
export function normalise(raw: string, lines: boolean): string {
  // Word breaks a line inside a cell with a vertical tab.
  const broken = raw.replace(/\r\n?|[\v\f\u2028\u2029]/g, '\n').normalize('NFC');
  // Line by line, since a pattern over runs of blanks takes time squared.
  const parts = broken.split('\n');
  if (lines)
    return parts
      .map((part) => part.trimEnd())
      .join('\n')
      .trim();
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
}

export function readText(path: FieldPath, raw: string): ReadText {
  const spec = specOf(path);
  // Before anything reads it letter by letter; blanks that would be cut off may make it somewhat longer.
  if (raw.length > spec.max * 2 + 200) return { fault: 'too-long' };
  if (NOT_TEXT.test(raw)) return { fault: 'not-text' };
  const text = normalise(raw, spec.lines);
  if (spec.choices) return text === '' || spec.choices.includes(text) ? { text } : { fault: 'not-a-choice' };
  return text.length > spec.max ? { fault: 'too-long' } : { text };
}

/** Stands for the text that a page showed, so that a form without script need not carry every text twice. */
export const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 11);
