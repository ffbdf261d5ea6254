import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/**
 * Partitioned, because the tool lives in a frame of another site; `Secure` holds on http for localhost and 127.0.0.1 too,
 * which browsers count as trustworthy.
 */
export function setCookie(res: Response, name: string, value: string, maxAgeSeconds: number): void {
  const cookie = stringifySetCookie({
    name,
    value,
    httpOnly: true,
    secure: true,
    sameSite: 'none',
    partitioned: true,
    path: '/',
    maxAge: maxAgeSeconds,
  });
  res.append('Set-Cookie', cookie);
}

export const readCookie = (req: Request, name: string): string | undefined =>
  parseCookie(req.headers.cookie ?? '')[name];
