import type { Request, RequestHandler, Response } from 'express';

const targets = new WeakMap<Request, string>();

/**
 * Answers this request with another page of ours, at once: the browser is spared a redirect. `Content-Location` says whose page
 * it is (RFC 9110, section 8.7), and a script puts that into the address, so that reloading asks for the page.
 */
export function answerWith(req: Request, res: Response, path: string): void {
  targets.set(req, path);
  res.setHeader('Content-Location', path);
}

/** Stands behind the routers that may call `answerWith`, before the pages. */
export const forwards: RequestHandler = (req, _res, next) => {
  const path = targets.get(req);
  if (path !== undefined) {
    targets.delete(req);
    req.method = 'GET';
    req.url = path;
    req.originalUrl = path;
  }
  next();
};
