import type { Request, Response } from 'express';
import { languageOfRequest } from '../web/error-pages.js';
import type { Catalogues, Language } from '../web/i18n.js';
import { setFramePolicy } from '../web/security.js';
import type { Views } from '../web/views.js';
import type { Platform } from './platforms.js';

export interface KeepRequest {
  /** The frame that keeps data: `_parent`, or the name of one of the parent's frames. */
  readonly target: string;
  readonly key: string;
  readonly value: string;
  /** Where the sign-in goes on. */
  readonly next: string;
  /** The same sign-in from the start, for a tab of its own. */
  readonly newTab: string;
}

export interface SignInPages {
  /** Has the LMS keep the browser's secret, then goes on (LTI platform storage). */
  keep(req: Request, res: Response, platform: Platform, asked: KeepRequest): void;
  /** Asks the LMS for the secret and brings the LMS's answer again, with it. */
  fetch(
    req: Request,
    res: Response,
    platform: Platform,
    asked: { readonly target: string; readonly key: string; readonly idToken: string; readonly state: string },
  ): void;
  /** One button that begins the sign-in anew in a tab of its own. */
  newTab(req: Request, res: Response, platform: Platform, address: string): void;
}

export interface SignInPageDeps {
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
}

/** What is said to the LMS's page, and heard from it, belongs to the origin of its authorisation endpoint (CV: section 3). */
const storageOrigin = (platform: Platform): string => new URL(platform.authorizationEndpoint).origin;

/** The pages between an LMS and a browser that keeps no cookie in a frame. */
export function createSignInPages({ views, catalogues, defaultLanguage }: SignInPageDeps): SignInPages {
  function send(req: Request, res: Response, platform: Platform, view: string, key: string, model: object): void {
    // Only the LMS itself may frame them: another site could otherwise carry its own sign-in through them.
    setFramePolicy(res, [...new Set([...platform.origins, storageOrigin(platform)])]);
    const language = languageOfRequest(req, defaultLanguage);
    const title = catalogues.translator(language)(key, { lms: platform.lmsName });
    views.sendBare(res, {
      view,
      title,
      language,
      model: { lms: platform.lmsName, ...model },
      scripts: view === 'lti/new-tab' ? [] : ['lti-storage.js'],
    });
  }
  return {
    keep: (req, res, platform, asked) =>
      send(req, res, platform, 'lti/keep', 'lti:keep.title', { ...asked, origin: storageOrigin(platform) }),
    fetch: (req, res, platform, asked) =>
      send(req, res, platform, 'lti/fetch', 'lti:keep.title', { ...asked, origin: storageOrigin(platform) }),
    newTab: (req, res, platform, address) =>
      send(req, res, platform, 'lti/new-tab', 'launch:new-tab.title', { address }),
  };
}
