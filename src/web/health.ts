import { Router } from 'express';

export interface HealthDeps {
  /** Does the database answer within a moment? */
  readonly ping: () => Promise<boolean>;
  /** True once a stop has begun: a load balancer then sends no more. */
  readonly stopping: () => boolean;
}

/** For load balancers and supervisors; open to anyone, tells nothing but yes or no. */
const PINGED_MS = 1000;

export function healthRoutes({ ping, stopping }: HealthDeps): Router {
  let last = { at: 0, ok: Promise.resolve(false) };
  // However often it is asked, the database is asked once a second.
  const ready = () => {
    if (Date.now() - last.at > PINGED_MS) last = { at: Date.now(), ok: ping() };
    return last.ok;
  };
  return Router()
    .get('/healthz', (_req, res) => {
      res.json({ ok: true });
    })
    .get('/readyz', async (_req, res) => {
      const ok = !stopping() && (await ready());
      res.status(ok ? 200 : 503).json({ ok });
    });
}
