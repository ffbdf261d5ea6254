import { z } from 'zod';

const deployment = z.string().min(1).max(255);
export const DeploymentForm = z.object({ deployment, do: z.enum(['approve', 'refuse', 'withdraw']) });
export const OriginsForm = z.object({ origins: z.string().max(4000).default('') });
export const StateForm = z.object({ state: z.enum(['on', 'off']) });
export const LinkForm = z.object({ hours: z.coerce.number().int().min(1).max(720).catch(24) });
export const WithdrawForm = z.object({ link: z.string().min(1).max(100) });
export const NoticeQuery = z.object({
  notice: z
    .enum(['approved', 'refused', 'withdrawn', 'origins', 'on', 'off', 'link-withdrawn', 'key', 'added'])
    .optional()
    .catch(undefined),
});
