import { Router, type Request, type Response } from 'express';
import { html } from '../html.js';
import { toolById, type Lms } from '../lms.js';
import { toolOrigins } from '../tool-frame.js';

/** The frame beside the tool's: it shows nothing and keeps the tool's data, where the login initiation names it. */
function storagePage(lms: Lms, req: Request, res: Response): void {
  const tool = toolById(lms, String(req.params['tool']));
  if (!tool || lms.world.switches.storageTarget === undefined) return void res.status(404).end();
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Data of the tool</title>
        <script src="/static/storage.js"></script>
      </head>
      <body data-tool-origins="${toolOrigins(tool).join(' ')}"></body>
    </html>`;
  res.type('html').send(page.toString());
}

export const storageRoutes = (lms: Lms): Router =>
  Router().get('/lti/storage/:tool', (req, res) => storagePage(lms, req, res));
