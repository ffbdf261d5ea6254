import type { NextFunction, Request, RequestHandler, Response } from 'express';

interface Forward {
  readonly path: string;
  readonly allowed: Promise<void>;
}

const forwardings = new WeakMap<Request, Forward>();

/**
 * Answers this request with another page of ours, at once: the browser is spared a redirect. `Content-Location` says whose page
 * it is (RFC 9110, section 8.7), and a script puts that into the address, so that reloading asks for the page.
 *
 * The page may be made ready meanwhile, but nothing leaves before `allowed` resolves. Where it rejects, that error is the
 * answer, and the cookies that were to go along stay here.
 */
export function answerWith(req: Request, res: Response, path: string, allowed: Promise<void>): void {
  forwardings.set(req, { path, allowed });
  // It is waited for when there is something to send; a page may take longer than a refusal.
  allowed.catch(() => undefined);
  res.setHeader('Content-Location', path);
}

/** Pages are sent whole, by one `end`: that is where they wait. */
function holdBack(res: Response, allowed: Promise<void>, next: NextFunction): void {
  const end = res.end.bind(res) as (...whole: unknown[]) => Response;
  res.write = () => {
    throw new Error('A page that answers another request is sent whole');
  };
  res.end = ((...whole: unknown[]) => {
    Reflect.deleteProperty(res, 'end');
    Reflect.deleteProperty(res, 'write');
    allowed.then(
      () => end(...whole),
      (error: unknown) => {
        for (const name of ['Set-Cookie', 'Content-Location', 'Location']) res.removeHeader(name);
        next(error);
      },
    );
    return res;
  }) as typeof res.end;
}

/** Stands behind the routers that may call `answerWith`, before the pages. */
export const forwards: RequestHandler = (req, res, next) => {
  const forward = forwardings.get(req);
  if (forward !== undefined) {
    forwardings.delete(req);
    req.method = 'GET';
    req.url = forward.path;
    req.originalUrl = forward.path;
    holdBack(res, forward.allowed, next);
  }
  next();
};
