import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../../web/errors.js';
import { MOST } from './limits.js';

/** The file of a form; without bytes where none was chosen. */
export interface Upload {
  readonly bytes: Buffer;
  /** It is larger than we read, and was not read to its end. */
  readonly tooLarge: boolean;
}

const NO_FILE: Upload = { bytes: Buffer.alloc(0), tooLarge: false };

const LIMITS = {
  files: 1,
  fileSize: MOST.fileBytes,
  /** The table that the preview carries along. */
  fieldSize: 5_000_000,
  fields: 800,
  fieldNameSize: 60,
  headerPairs: 20,
  headerSize: 4000,
};
const MOST_BYTES = LIMITS.fileSize + LIMITS.fieldSize + 500_000;

const uploads = new WeakMap<Request, Upload>();

export const uploadOf = (req: Request): Upload => uploads.get(req) ?? NO_FILE;

class Received {
  readonly fields: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];
  tooLarge = false;

  constructor(parser: BusboyInstance, announced: number, enough: () => void) {
    const stop = () => {
      this.tooLarge = true;
      enough();
    };
    parser.on('field', (name, value, _nameCut, cut) => {
      if (cut) stop();
      // What a form names twice says nothing; a name that objects have by themselves is none of ours.
      else if (/^[a-z_]+(?:\.\d{1,4})?$/.test(name)) this.fields[name] = value;
    });
    parser.on('file', (_name, stream) => {
      if (announced > MOST_BYTES) stop();
      stream.on('limit', stop);
      stream.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    });
    parser.on('fieldsLimit', stop);
  }

  get upload(): Upload {
    return this.tooLarge ? { ...NO_FILE, tooLarge: true } : { bytes: Buffer.concat(this.#chunks), tooLarge: false };
  }
}

function open(req: Request): BusboyInstance {
  try {
    return new Busboy({ headers: req.headers as BusboyHeaders, limits: LIMITS });
  } catch (error) {
    throw new AppError('invalid_request', 'check-form', { cause: error });
  }
}

/**
 * The fields come before the file, the token against forged requests among them: a file that is too large is left at its
 * beginning, and the page can still say so.
 */
function receive(req: Request): Promise<Received> {
  const parser = open(req);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new AppError('invalid_request', 'check-form', { cause: error }));
    let bytes = 0;
    const leave = () => {
      req.unpipe(parser);
      // What is still on its way is thrown away, or the browser would never read the answer.
      req.resume();
      resolve(received);
    };
    const received = new Received(parser, Number(req.headers['content-length'] ?? 0), leave);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) return;
      received.tooLarge = true;
      leave();
    });
    req.once('close', () => {
      // Whole, it may be closed before the parser is through with it.
      if (!req.complete) fail(new Error('the request ended before its form'));
    });
    parser.on('error', fail);
    parser.on('finish', () => resolve(received));
    req.pipe(parser);
  });
}

/** Forms with a file, before their token is checked; other forms have been read already. */
export const receiveUpload: RequestHandler = async (req, _res, next) => {
  if (!req.is('multipart/form-data')) {
    next();
    return;
  }
  const received = await receive(req);
  req.body = received.fields;
  uploads.set(req, received.upload);
  next();
};
