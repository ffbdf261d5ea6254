import type { RequestHandler } from 'express';
import { pino, type Logger } from 'pino';

/** Of an error only what tells the fault: jose's errors carry the whole token, with names in it. */
function faultOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const { code, claim, reason } = error as { code?: unknown; claim?: unknown; reason?: unknown };
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: error.message,
    stack: error.stack,
    code,
    claim,
    reason,
    ...(error.cause !== undefined && depth < 3 ? { cause: faultOf(error.cause, depth + 1) } : {}),
  };
}

/** Names, tokens, cookies and marks never reach the log, wherever an object that is logged holds them. */
const SECRET_FIELDS = [
  'id_token',
  'idToken',
  '_csrf',
  'csrf',
  'state',
  'nonce',
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

export const LOG_RULES = {
  base: null,
  serializers: { err: (error: unknown) => faultOf(error) },
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => [`*.${field}`, `*.*.${field}`, `*.*.*.${field}`]),
    censor: '[hidden]',
  },
};

export const createLogger = (level: string): Logger =>
  pino({ level, timestamp: pino.stdTimeFunctions.isoTime, ...LOG_RULES });

/** One line a request: method, path without its query (it may hold a code), status and time. */
export const logRequests =
  (logger: Logger): RequestHandler =>
  (req, res, next) => {
    const start = performance.now();
    const path = req.path;
    res.on('finish', () => {
      if (path === '/healthz' || path === '/readyz' || path.startsWith('/assets/')) return;
      const secretless = path.replace(/^(\/lti\/register\/|\/calendar\/).*/i, '$1[hidden]');
      logger.info(
        { method: req.method, path: secretless, status: res.statusCode, ms: Math.round(performance.now() - start) },
        'request',
      );
    });
    next();
  };
