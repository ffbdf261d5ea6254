import { randomBytes } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { deskVisitIfAny } from '../launch/desk.js';
import { visitIfAny, type Visit } from '../launch/visit.js';
import { AppError, type ErrorCode } from './errors.js';
import { setFramePolicy } from './security.js';
import { languageOf, languageOfBrowser, type Catalogues, type Language, type Translate } from './i18n.js';
import type { Views } from './views.js';

/** What each refusal looks like; the rest is a plain stop sign. */
const LOOKS: Partial<Record<ErrorCode, { tone: string; icon: string }>> = {
  session_ended: { tone: 'info', icon: 'clock-history' },
  forbidden: { tone: 'warn', icon: 'lock' },
  not_found: { tone: 'idle', icon: 'search' },
  conflict: { tone: 'warn', icon: 'files' },
  too_many: { tone: 'warn', icon: 'hourglass-split' },
  lms_unavailable: { tone: 'warn', icon: 'hourglass-split' },
};

/** What meets a person in the LMS's frame before there is a session: it must not stay blank. */
const SHOWN_ANYWHERE: ReadonlySet<ErrorCode> = new Set(['launch_refused', 'session_ended', 'too_many', 'too_large']);

export interface ErrorPageDeps {
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly logger: Logger;
  readonly defaultLanguage: Language;
  /** Told of each refusal with the number that the person sees; must not throw. */
  readonly onRefused?: (error: AppError, number: string) => void;
}

/** A number that a person can read out to support, and that stands in the log beside the cause. */
const errorNumber = () =>
  randomBytes(4)
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{4})/, '$1-');

export const languageOfRequest = (req: Request, fallback: Language): Language =>
  languageOf(typeof req.query['lang'] === 'string' ? req.query['lang'] : undefined) ??
  languageOfBrowser(req.get('accept-language')) ??
  fallback;

/** What body-parser and express throw carries a status of its own. */
function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new AppError('too_large', 'too-large', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError('invalid_request', 'check-form', { cause: error });
  return undefined;
}

/** A page that is out of date is mended at the LMS, by opening the tool again; else one's own first page helps. */
function wayOut(visit: Visit | undefined, desk: string | undefined, error: AppError | undefined, t: Translate) {
  if (!visit) return desk ? { label: t('errors:to-my-page'), href: desk, top: false } : null;
  if (error?.code === 'conflict' && visit.returnUrl !== undefined)
    return { label: t('errors:to-course'), href: visit.returnUrl, top: true };
  return { label: t('errors:to-my-page'), href: `/c/${visit.course.id}/`, top: false };
}

export const notFound: RequestHandler = () => {
  throw new AppError('not_found', 'not-found');
};

export function sendError(req: Request, res: Response, error: unknown, deps: ErrorPageDeps): void {
  const known = asAppError(error);
  // A refused launch is nobody's visit, however far its page was made ready.
  const visit = known?.code === 'launch_refused' ? undefined : visitIfAny(req);
  const desk = known?.code === 'launch_refused' ? undefined : deskVisitIfAny(req);
  const number = errorNumber();
  const status = known?.status ?? 500;
  deps.logger[status >= 500 ? 'error' : 'info']({ number, status, err: known?.cause ?? error }, 'request refused');
  if (known) deps.onRefused?.(known, number);
  if (res.headersSent) {
    res.end();
    return;
  }
  // Nobody is signed in, so there is nothing on such a page that a frame could trick out of anyone.
  if (!visit && !desk && known && SHOWN_ANYWHERE.has(known.code)) setFramePolicy(res, ['*']);
  const language = (visit ?? desk)?.language ?? languageOfRequest(req, deps.defaultLanguage);
  const t = deps.catalogues.translator(language);
  const key = `errors:${known?.messageKey ?? 'unexpected'}`;
  const params = known?.params ?? {};
  if (known?.code === 'too_many') res.setHeader('Retry-After', '60');
  if (req.accepts(['html', 'json']) === 'json') {
    res.status(status).json({
      error: known?.code ?? 'unexpected',
      number,
      title: t(`${key}.title`, params),
      text: t(`${key}.text`, params),
    });
    return;
  }
  const look = (known && LOOKS[known.code]) ?? { tone: 'bad', icon: 'x-octagon' };
  deps.views.sendBare(res, {
    view: 'web/state',
    title: t(`${key}.title`, params),
    language,
    status,
    model: {
      ...look,
      title: t(`${key}.title`, params),
      text: t(`${key}.text`, params),
      todo: t(`${key}.todo`, params),
      action: wayOut(visit, desk?.home, known, t),
      number,
    },
  });
}

export const errorPages =
  (deps: ErrorPageDeps): ErrorRequestHandler =>
  (error, req, res, _next) =>
    sendError(req, res, error, deps);
