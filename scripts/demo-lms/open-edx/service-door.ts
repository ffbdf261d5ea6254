import type { Request, RequestHandler, Response } from 'express';
import type { AccessToken, Lms } from '../lms.js';
import { componentByPk, type ComponentPlace } from './component.js';

interface Guest extends ComponentPlace {
  readonly token: AccessToken;
}

const guests = new WeakMap<Request, Guest>();

/** The component that the address names, for a request that `allowed` let in. */
export function guestAt(req: Request): Guest {
  const guest = guests.get(req);
  if (!guest) throw new Error('No access token was checked');
  return guest;
}

export const forbidden = (res: Response, detail: string): void => void res.status(403).json({ detail });

/**
 * Every refusal is 403 without a challenge: no token, a dead one, one of another passport, a missing scope, an unknown
 * component (fact 0.8). A token serves all components of its passport.
 */
export const allowed =
  (lms: Lms, scopes: readonly string[]): RequestHandler =>
  (req, res, next) => {
    const bearer = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const token = bearer === undefined ? undefined : lms.accessTokens.read(bearer);
    if (!token) {
      forbidden(res, bearer === undefined ? 'Missing LTI 1.3 authentication token.' : 'Invalid token signature.');
      return;
    }
    const place = componentByPk(lms, String(req.params['course']));
    if (place?.tool.id !== token.toolId || !scopes.some((scope) => token.scopes.includes(scope))) {
      forbidden(res, 'You do not have permission to perform this action.');
      return;
    }
    guests.set(req, { ...place, token });
    next();
  };

/** Django REST Framework's content negotiation; either of the types stands for the other. */
export const accepts =
  (types: readonly string[]): RequestHandler =>
  (req, res, next) => {
    if (req.accepts([...types]) !== false) next();
    else res.status(406).json({ detail: 'Could not satisfy the request Accept header.' });
  };

/** A wrong method fails the check of permissions before anybody asks whether there is such a method. */
export const wrongMethod: RequestHandler = (_req, res) =>
  forbidden(res, 'You do not have permission to perform this action.');
