import { Router, type Request } from 'express';
import { z } from 'zod';
import { AppError } from '../web/errors.js';
import { languageOfRequest } from '../web/error-pages.js';
import type { Catalogues, Language } from '../web/i18n.js';
import { parse } from '../web/parse.js';
import { setFramePolicy } from '../web/security.js';
import type { Views } from '../web/views.js';
import type { LmsFetch } from './lms-fetch.js';
import type { Platforms } from './platforms.js';
import type { RegistrationLinks } from './registration-links.js';
import { lmsNameOf, readConfiguration, register } from './registration.js';

/** The LMS adds both to the link (LTI Dynamic Registration 1.0, section 3.3); the form hands them on. */
const Invitation = z.object({
  openid_configuration: z.string().min(1).max(2000),
  registration_token: z.string().max(8000).optional(),
});

export interface RegistrationDeps {
  readonly links: RegistrationLinks;
  readonly lmsFetch: LmsFetch;
  readonly platforms: Platforms;
  readonly publicUrl: string;
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
}

const codeOf = (req: Request): string => z.string().parse(req.params['code']);

/** Anyone who holds a one-time link may open these; a used or expired one is refused before anything is fetched. */
export function registrationRoutes(deps: RegistrationDeps): Router {
  const open = async (req: Request) => {
    if (!(await deps.links.isOpen(codeOf(req)))) throw new AppError('forbidden', 'registration.link');
  };
  return Router()
    .use('/:code', async (req, res, next) => {
      await open(req);
      const source: unknown = req.method === 'POST' ? req.body : req.query;
      const address = Invitation.safeParse(source).data?.openid_configuration;
      // The page lives in a frame of the very LMS that it talks to; the message to close goes there and nowhere else.
      if (address !== undefined && URL.canParse(address)) setFramePolicy(res, [new URL(address).origin]);
      next();
    })
    .get('/:code', async (req, res) => {
      if (!('openid_configuration' in req.query)) throw new AppError('invalid_request', 'registration.paste');
      const invitation = parse(Invitation, req.query);
      const configuration = await readConfiguration(deps.lmsFetch, invitation.openid_configuration);
      const language = languageOfRequest(req, deps.defaultLanguage);
      deps.views.sendBare(res, {
        view: 'lti/register',
        title: deps.catalogues.translator(language)('lti:register.title'),
        language,
        model: {
          lms: lmsNameOf(configuration),
          issuer: configuration.issuer,
          openidConfiguration: invitation.openid_configuration,
          registrationToken: invitation.registration_token ?? '',
        },
      });
    })
    .post('/:code', async (req, res) => {
      const code = codeOf(req);
      const invitation = parse(Invitation, req.body);
      const desk = await deps.links.claim(code);
      if (desk === undefined) throw new AppError('forbidden', 'registration.link');
      try {
        const configuration = await readConfiguration(deps.lmsFetch, invitation.openid_configuration);
        const platform = await register(deps, configuration, invitation.registration_token, desk);
        const language = languageOfRequest(req, deps.defaultLanguage);
        deps.views.sendBare(res, {
          view: 'lti/registered',
          title: deps.catalogues.translator(language)('lti:registered.title'),
          language,
          model: { lms: platform.lmsName, origin: new URL(platform.issuer).origin },
          scripts: ['registered.js'],
        });
      } catch (error) {
        await deps.links.release(code);
        throw error;
      }
    });
}
