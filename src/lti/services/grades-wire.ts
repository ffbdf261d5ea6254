import { z } from 'zod';
import { SCOPES } from './call.js';

/** One exact string each: Moodle compares them as text, and Open edX is content with them. */
export const MEDIA = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
} as const;

export const GRADE_SCOPES: readonly string[] = [
  SCOPES.lineItem,
  SCOPES.lineItemReadOnly,
  SCOPES.score,
  SCOPES.resultReadOnly,
];

/** Moodle says `""` and Open edX `null` where there is nothing. */
const absent = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    const text = String(value ?? '').trim();
    return text === '' ? undefined : text;
  });

const number = z.preprocess(
  (value) => (value === null || value === '' ? undefined : value),
  z.coerce.number().optional(),
);

/** AGS 2.0, section 3.2. */
export const LineItemAnswer = z
  .object({
    id: z.string().min(1),
    label: z.string().nullish(),
    scoreMaximum: number,
    resourceId: absent,
    tag: absent,
    resourceLinkId: absent,
  })
  .transform(({ label, scoreMaximum, ...rest }) => ({ ...rest, label: label ?? '', scoreMaximum }));

/** A container with one item that cannot be read is still a container. */
export const LineItemsAnswer = z.array(z.unknown()).transform((items) =>
  items.flatMap((item) => {
    const read = LineItemAnswer.safeParse(item);
    return read.success ? [read.data] : [];
  }),
);

/** AGS 2.0, section 3.3. Moodle lists people whose grade is empty with `id` and `userId` only. */
export const ResultAnswer = z.object({
  userId: z.union([z.string(), z.number()]).transform(String),
  resultScore: number,
  resultMaximum: number,
});

const one = z.array(ResultAnswer);
export const ResultsAnswer = z.union([one, ResultAnswer.transform((result) => [result])]);

export function readJson<S extends z.ZodType>(schema: S, body: string): z.output<S> | undefined {
  try {
    const read = schema.safeParse(JSON.parse(body));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** `<line item>/scores`: before the query, since Moodle's addresses end in `?type_id=1`. */
export function below(lineItemUrl: string, path: 'scores' | 'results', query: Record<string, string> = {}): string {
  const url = new URL(lineItemUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** A line item as it came, with whatever an LMS adds of its own. */
export const LineItemRecord = z.record(z.string(), z.unknown());

/** Open edX gives `null` for what is not set, and refuses it when it comes back. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      one === null || one === undefined ? [] : [[name, withoutNulls(one)]],
    ),
  );
}
