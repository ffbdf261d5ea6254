import { Router, type Request, type Response } from 'express';
import { languageOfRequest } from '../web/error-pages.js';
import { LANGUAGES, type Catalogues, type Language } from '../web/i18n.js';
import { parse } from '../web/parse.js';
import { limitRequests } from '../web/rate-limit.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { fullDay } from '../web/dates.js';
import { printedCode, readCode } from './code.js';
import { CodeQuery } from './forms.js';
import type { Agreement } from './index.js';
import { nameOf, say } from './words.js';

export interface VerificationDeps {
  readonly views: Views;
  readonly agreement: Pick<Agreement, 'byCode'>;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
  readonly timeZone: string;
}

/** Of one address: 23⁸ codes are not found by trying. */
const TRIES_A_MINUTE = 60;

const LOOK = {
  'in-force': { tone: 'ok', icon: 'check-circle-fill' },
  replaced: { tone: 'warn', icon: 'clock-history' },
  unknown: { tone: 'bad', icon: 'x-octagon-fill' },
} as const;

/** Open to anyone who holds a printed map: is it the one in force? Names of the signatories, and nobody else's. */
export function verificationRoutes({
  views,
  agreement,
  catalogues,
  defaultLanguage,
  timeZone,
}: VerificationDeps): Router {
  async function answerTo(typed: string, language: Language) {
    const t = catalogues.translator(language);
    const code = readCode(typed);
    const found = code === undefined ? undefined : await agreement.byCode(code);
    if (!found)
      return {
        status: 404,
        result: {
          ...LOOK.unknown,
          title: say({ t }, 'verify.unknown'),
          text: say({ t }, 'verify.unknown-text'),
          facts: [],
        },
      };
    const { version, current } = found;
    const day = (at: Date | null) => (at ? fullDay(at, language, timeZone) : '');
    const kind = version.number === current.number ? 'in-force' : 'replaced';
    const fact = (name: string, text: string) => ({ name: say({ t }, name), text });
    const facts = [
      fact('verify.discipline', version.discipline),
      fact('verify.version', String(version.number)),
      fact('verify.since', day(version.inForceAt)),
      ...(kind === 'replaced' ? [fact('verify.until', day(current.inForceAt))] : []),
      fact('verify.teacher', nameOf({ t }, version.submittedBy.name)),
      ...version.signatures.map(({ role, name }) => fact(`role.${role}`, nameOf({ t }, name))),
    ];
    return {
      status: 200,
      result: { ...LOOK[kind], title: say({ t }, `verify.${kind}`), text: say({ t }, `verify.${kind}-text`), facts },
    };
  }

  async function send(req: Request, res: Response, typed: string | undefined): Promise<void> {
    const language = languageOfRequest(req, defaultLanguage);
    const t = catalogues.translator(language);
    const { status, result } = typed === undefined ? { status: 200, result: null } : await answerTo(typed, language);
    const code = readCode(typed ?? '');
    views.sendBare(res, {
      view: 'agreement/verify',
      title: say({ t }, 'verify.title'),
      language,
      status,
      model: {
        result,
        code: code === undefined ? (typed ?? '') : printedCode(code),
        languages: LANGUAGES.map((other) => ({
          code: other,
          href: `${req.baseUrl}${req.path}?lang=${other}`,
          name: t(`common:language.${other}.name`),
          short: t(`common:language.${other}.short`),
          current: other === language,
        })),
      },
    });
  }

  return Router()
    .use(limitRequests(TRIES_A_MINUTE))
    .get('/', async (req, res) => {
      const { code } = parse(CodeQuery, req.query);
      if (code === undefined || code.trim() === '') return send(req, res, undefined);
      seeOther(res, `${req.baseUrl}/${encodeURIComponent(readCode(code) ?? code.trim())}`);
    })
    .get('/:code', (req, res) => send(req, res, req.params.code.slice(0, 100)));
}
