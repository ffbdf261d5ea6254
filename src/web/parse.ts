import type { z } from 'zod';
import { AppError } from './errors.js';

/** The one door for what comes in from a form: typed, or a refusal that the user can read. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AppError('invalid_request', 'check-form', { cause: result.error });
}
