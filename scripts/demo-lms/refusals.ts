import type { Request, RequestHandler, Response } from 'express';
import { html } from './html.js';
import { isMoodle, type Lms } from './lms.js';

/** PHP puts the reason into the status line and refuses a header with a line break in it. */
const reasonPhrase = (reason: string) =>
  Buffer.from(reason, 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

/** An uncaught exception of Moodle: a page for people, whatever the client asked for. */
export function moodleErrorPage(res: Response, status: number, message: string): void {
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <title>Error</title>
      </head>
      <body>
        <div class="errorbox alert alert-danger" role="alert"><p class="errormessage">${message}</p></div>
      </body>
    </html>`;
  res.status(status).type('html').send(page.toString());
}

/** A refused service request in the words of this LMS. */
export function refuseService(lms: Lms, req: Request, res: Response, status: number, reason: string): void {
  res.status(status);
  if (!isMoodle(lms)) {
    res.json({ error: reason });
    return;
  }
  res.statusMessage = reasonPhrase(reason);
  const { method, originalUrl } = req;
  const request = {
    method,
    url: lms.url + originalUrl,
    accept: req.get('accept') ?? '',
    contentType: req.get('content-type') ?? '',
  };
  sendJson(res, 'application/json; charset=utf-8', { status, reason, request });
}

/**
 * With exactly this type: Express would add a charset to it. As bytes: beside a text body Node writes the headers as
 * UTF-8 too, and Moodle's odd ones would be encoded twice.
 */
export const sendJson = (res: Response, type: string, value: unknown): void =>
  void res.set('Content-Type', type).end(Buffer.from(JSON.stringify(value)));

export const wrongMethod =
  (lms: Lms): RequestHandler =>
  (req, res) => {
    if (isMoodle(lms)) {
      refuseService(lms, req, res, 400, `No handler found for ${req.path}`);
      return;
    }
    refuseService(lms, req, res, 405, 'Method not allowed');
  };
