import { Router } from 'express';
import { toolById, type Lms } from '../lms.js';
import { moodleErrorPage } from '../refusals.js';
import { faulty, recorded } from '../service-door.js';

/** One key, without `alg` and `use`, offered as a download; the one before is gone. */
export const keySetRoutes = (lms: Lms): Router =>
  Router().get(lms.at.routes.jwks, recorded(lms, 'jwks'), faulty(lms, 'jwks'), (req, res) => {
    if (!toolById(lms, String(req.params['tool']))) {
      moodleErrorPage(res, 404, 'Not found');
      return;
    }
    const keys = lms.keys
      .jwks()
      .keys.slice(-1)
      .map(({ kty, n, e, kid }) => ({ kty, key_ops: ['verify'], n, e, kid }));
    res.set('Content-Disposition', 'attachment; filename=keyset.json').json({ keys });
  });
