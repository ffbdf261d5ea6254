import type { Request, RequestHandler, Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessToken, Lms } from './lms.js';
import { isMoodle } from './lms.js';
import type { CallEntry, ServiceName } from './types.js';
import { moodleErrorPage, refuseService } from './refusals.js';

const entries = new WeakMap<Response, CallEntry>();

/** The log entry of the request under way, for what only its handler knows. */
export function note(res: Response, facts: Partial<Pick<CallEntry, 'userId' | 'accepted' | 'score'>>): void {
  Object.assign(entries.get(res) ?? {}, facts);
}

/** Writes the request into the log; the status is known when the answer's head is. */
export const recorded =
  (lms: Lms, service: CallEntry['service']): RequestHandler =>
  (req, res, next) => {
    const entry: CallEntry = { at: lms.now(), service, method: req.method, path: req.originalUrl, status: 0 };
    lms.log.push(entry);
    entries.set(res, entry);
    res.once('prefinish', () => {
      entry.status = res.statusCode;
    });
    next();
  };

/** Makes the answer never arrive: the request is carried out and the connection breaks then. */
function cutAnswer(req: Request, res: Response): void {
  const end = () => {
    req.socket.destroy();
    return res;
  };
  Object.assign(res, { end, write: () => true });
}

/** Whoever tests a tool says what is to go wrong here. */
export const faulty =
  (lms: Lms, service: ServiceName): RequestHandler =>
  async (req, res, next) => {
    const faults = lms.faults.strike(service);
    for (const fault of faults) if (fault.kind === 'slow') await sleep(fault.ms);
    const hard = faults.find(({ kind }) => kind !== 'slow');
    if (hard?.kind === 'too-many')
      res.status(429).set('Retry-After', String(hard.retryAfter)).type('text').send('Too many requests');
    else if (hard?.kind === 'error') moodleErrorPage(res, 500, 'Error reading from database');
    else if (hard?.kind === 'jwks-down') res.status(503).type('text').send('Service unavailable');
    else {
      if (hard?.kind === 'cut') cutAnswer(req, res);
      next();
    }
  };

const tokens = new WeakMap<Request, AccessToken>();

/** The access token that `allowed` found good for this request. */
export function tokenOf(req: Request): AccessToken {
  const token = tokens.get(req);
  if (!token) throw new Error('No access token was checked');
  return token;
}

/** Lets a request with a living access token for one of these scopes in. */
export const allowed =
  (lms: Lms, scopes: readonly string[]): RequestHandler =>
  (req, res, next) => {
    const bearer = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const token = bearer === undefined ? undefined : lms.accessTokens.read(bearer);
    const known = token !== undefined && lms.world.tools.some(({ id }) => id === token.toolId);
    if (token && known && scopes.some((scope) => token.scopes.includes(scope))) {
      tokens.set(req, token);
      next();
      return;
    }
    // Moodle says 401 for a missing scope as well, and never names the scheme.
    if (isMoodle(lms)) {
      refuseService(lms, req, res, 401, 'Unauthorized');
      return;
    }
    if (known) {
      refuseService(lms, req, res, 403, 'insufficient_scope');
      return;
    }
    res.set('WWW-Authenticate', 'Bearer error="invalid_token"');
    refuseService(lms, req, res, 401, 'invalid_token');
  };

const baseType = (value: string): string => value.split(';')[0]?.trim().toLowerCase() ?? '';

/** What a GET may ask for. Moodle compares the whole header with one string, and lets a missing one and any star through. */
export const accepts =
  (lms: Lms, type: string, alsoStars = true): RequestHandler =>
  (req, res, next) => {
    const accept = req.get('accept') ?? '';
    if (!isMoodle(lms)) {
      if (req.accepts([type]) !== false) {
        next();
        return;
      }
      refuseService(lms, req, res, 406, `Only ${type} is served here`);
      return;
    }
    if (accept === '' || accept === type) {
      next();
      return;
    }
    if (!accept.includes('*/*')) {
      refuseService(lms, req, res, 400, noHandler(req));
      return;
    }
    if (alsoStars) {
      next();
      return;
    }
    refuseService(lms, req, res, 400, 'No context or unsupported content type');
  };

/** What a POST or PUT may bring. */
export const consumes =
  (lms: Lms, type: string): RequestHandler =>
  (req, res, next) => {
    if (baseType(req.get('content-type') ?? '') === type) {
      next();
      return;
    }
    if (isMoodle(lms)) {
      refuseService(lms, req, res, 400, noHandler(req));
      return;
    }
    refuseService(lms, req, res, 415, `Only ${type} is taken here`);
  };

export const noHandler = (req: Request): string => `No handler found for ${req.path} ${req.get('accept') ?? ''}`.trim();
