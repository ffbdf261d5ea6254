import type { RequestHandler } from 'express';
import { pino, type Logger } from 'pino';

/** Names, tokens, cookies and marks never reach the log, wherever an object that is logged holds them. */
const SECRET_FIELDS = [
  'id_token',
  'idToken',
  '_csrf',
  'csrf',
  'state',
  'nonce',
  'code',
  'cookie',
  'authorization',
  'access_token',
  'client_assertion',
  'registration_token',
  'name',
  'givenName',
  'familyName',
  'email',
  'mark',
  'value',
  'scoreGiven',
  'comment',
];

export const REDACTION = {
  paths: SECRET_FIELDS.flatMap((field) => [`*.${field}`, `*.*.${field}`, `*.*.*.${field}`]),
  censor: '[hidden]',
};

export const createLogger = (level: string): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: REDACTION });

/** One line a request: method, path without its query (it may hold a code), status and time. */
export const logRequests =
  (logger: Logger): RequestHandler =>
  (req, res, next) => {
    const start = performance.now();
    const path = req.path;
    res.on('finish', () => {
      if (path === '/healthz' || path === '/readyz' || path.startsWith('/assets/')) return;
      const secretless = path.replace(/^(\/lti\/register\/).*/, '$1[hidden]');
      logger.info(
        { method: req.method, path: secretless, status: res.statusCode, ms: Math.round(performance.now() - start) },
        'request',
      );
    });
    next();
  };
