import { Router } from 'express';

export interface HealthDeps {
  /** Does the database answer within a moment? */
  readonly ping: () => Promise<boolean>;
  /** True once a stop has begun: a load balancer then sends no more. */
  readonly stopping: () => boolean;
}

/** For load balancers and supervisors; open to anyone, tells nothing but yes or no. */
export const healthRoutes = ({ ping, stopping }: HealthDeps): Router =>
  Router()
    .get('/healthz', (_req, res) => {
      res.json({ ok: true });
    })
    .get('/readyz', async (_req, res) => {
      const ok = !stopping() && (await ping());
      res.status(ok ? 200 : 503).json({ ok });
    });
