import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

export interface Cookies {
  read(req: Request): string | undefined;
  /** The values of all whose name begins so. */
  readAll(req: Request): string[];
  /** `suffix`: one of several that must not overwrite each other. */
  set(res: Response, value: string, maxAgeSeconds: number, suffix?: string): void;
  clear(res: Response): void;
}

/**
 * One cookie of the tool. Partitioned, because the tool lives in a frame of another site; `Secure` holds on http for
 * localhost and 127.0.0.1 too, which browsers count as trustworthy. Over https its name says `__Host-`: then no other host
 * of the domain can set it (browsers take that prefix over https only).
 */
export function createCookie(publicUrl: string, plainName: string): Cookies {
  const name = publicUrl.startsWith('https:') ? `__Host-${plainName}` : plainName;
  const write = (res: Response, value: string, maxAge: number, suffix = '') => {
    const cookie = stringifySetCookie({
      name: name + suffix,
      value,
      httpOnly: true,
      secure: true,
      sameSite: 'none',
      partitioned: true,
      path: '/',
      maxAge,
    });
    res.append('Set-Cookie', cookie);
  };
  return {
    read: (req) => parseCookie(req.headers.cookie ?? '')[name],
    readAll: (req) =>
      Object.entries(parseCookie(req.headers.cookie ?? '')).flatMap(([each, value]) =>
        each.startsWith(name) && value !== undefined ? [value] : [],
      ),
    set: write,
    clear: (res) => write(res, '', 0),
  };
}
