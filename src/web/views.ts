import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Response } from 'express';
import Handlebars from 'handlebars';
import type { DeskVisit } from '../launch/desk.js';
import type { Visit } from '../launch/visit.js';
import { projectRoot } from '../root.js';
import type { AssetUrl } from './assets.js';
import type { Catalogues, Language, Translate } from './i18n.js';
import { LANGUAGES } from './i18n.js';
import { deskTabsOf, tabsOf, type DeskTab, type TabName } from './tabs.js';

/** A page inside a course. `model` is flat: text and numbers ready to print, so that a template only loops and chooses. */
export interface Page {
  /** Under `views/pages/`, without the ending: `integration-map/editor`. */
  readonly view: string;
  readonly title: string;
  readonly tab: TabName;
  readonly model: object;
  /** Entries of `src/client/`, for example `map-editor.js`; `main.js` is always there. */
  readonly scripts?: readonly string[];
  readonly status?: number;
}

/** A page outside a course: an error, the registration, the way in. */
export interface BarePage {
  readonly view: string;
  readonly title: string;
  readonly language: Language;
  readonly model: object;
  readonly scripts?: readonly string[];
  readonly status?: number;
}

/** A page of a desk: of the administrator, or of staff, above all courses. */
export interface DeskPage {
  readonly view: string;
  readonly title: string;
  /** Nothing where the desk has no tabs. */
  readonly tab?: DeskTab;
  readonly model: object;
  readonly scripts?: readonly string[];
  readonly status?: number;
}

export interface Views {
  /** Sends a page of the course with its top bar and tabs. */
  send(res: Response, visit: Visit, page: Page): void;
  sendBare(res: Response, page: BarePage): void;
  sendDesk(res: Response, visit: DeskVisit, page: DeskPage): void;
  /** A fragment that a script puts into a page that is already there. */
  fragment(visit: Visit, view: string, model: object): string;
}

const folder = join(projectRoot, 'views');

function templateFiles(below: string): string[] {
  return readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.hbs'),
  );
}

function compileAll(asset: AssetUrl) {
  const engine = Handlebars.create();
  engine.registerHelper('t', function (this: unknown, key: string, options: Handlebars.HelperOptions) {
    return (options.data as { t: Translate }).t(key, options.hash as Record<string, unknown>);
  });
  engine.registerHelper('asset', (name: string) => asset(name));
  for (const below of ['partials', 'layouts'])
    for (const name of templateFiles(below))
      engine.registerPartial(
        below === 'layouts' ? `layouts/${templateName(name)}` : templateName(name),
        readFileSync(join(folder, below, name), 'utf8'),
      );
  const compiled = new Map<string, HandlebarsTemplateDelegate>();
  const compile = (name: string, layout: string | undefined) => {
    const source = readFileSync(join(folder, 'pages', `${name}.hbs`), 'utf8');
    const wrapped = layout === undefined ? source : `{{#> layouts/${layout}}}\n${source}{{/layouts/${layout}}}`;
    // Indenting what a partial prints would add blanks to every line of a text area.
    return engine.compile(wrapped, { strict: true, preventIndent: true });
  };
  return (name: string, layout: 'course' | 'desk' | 'bare' | undefined, model: object, data: object): string => {
    const key = `${layout ?? ''}:${name}`;
    const template = compiled.get(key) ?? compile(name, layout);
    compiled.set(key, template);
    return template(model, { data });
  };
}

const templateName = (file: string) => file.replace(/\.hbs$/, '').replaceAll('\\', '/');

/** The address of a page that answers another request (`answerWith`); empty where it was asked for itself. */
const shownAt = (res: Response): string => String(res.getHeader('Content-Location') ?? '');

/** The page in another language, at its own address: the browser may still stand at the launch's. */
const languageLinks = ({ req }: Response, current: Language, t: Translate) =>
  LANGUAGES.map((code) => ({
    code,
    href: `${req.originalUrl.replace(/\?.*$/, '')}?lang=${code}`,
    short: t(`common:language.${code}.short`),
    name: t(`common:language.${code}.name`),
    current: code === current,
  }));

export function createViews({ catalogues, asset }: { catalogues: Catalogues; asset: AssetUrl }): Views {
  const fill = compileAll(asset);
  const data = (visit: Visit) => ({
    t: visit.t,
    base: `/c/${visit.course.id}`,
    csrf: visit.csrf,
    language: visit.language,
  });
  return {
    send(res, visit, page) {
      const layout = {
        title: page.title,
        course: { title: visit.course.title, label: visit.course.label },
        role: visit.t(`common:role.${visit.role}`),
        student: visit.role === 'student',
        preview: visit.preview,
        at: shownAt(res),
        languages: languageLinks(res, visit.language, visit.t),
        tabs: tabsOf(visit, page.tab),
        scripts: ['main.js', ...(page.scripts ?? [])],
      };
      const html = fill(page.view, 'course', page.model, { ...data(visit), layout });
      res
        .status(page.status ?? 200)
        .type('html')
        .send(html);
    },
    sendDesk(res, visit, page) {
      const { t, csrf, language, role, home } = visit;
      const layout = {
        title: page.title,
        heading: t(`desk:heading.${role}`),
        role: t(`desk:role.${role}`),
        at: shownAt(res),
        languages: languageLinks(res, language, t),
        tabs: page.tab === undefined ? [] : deskTabsOf(visit, page.tab),
        scripts: ['main.js', ...(page.scripts ?? [])],
      };
      const html = fill(page.view, 'desk', page.model, { t, base: home.replace(/\/$/, ''), csrf, language, layout });
      res
        .status(page.status ?? 200)
        .type('html')
        .send(html);
    },
    sendBare(res, page) {
      const layout = { title: page.title, at: shownAt(res), scripts: ['main.js', ...(page.scripts ?? [])] };
      const t = catalogues.translator(page.language);
      const html = fill(page.view, 'bare', page.model, { t, language: page.language, layout });
      res
        .status(page.status ?? 200)
        .type('html')
        .send(html);
    },
    fragment: (visit, view, model) => fill(view, undefined, model, data(visit)),
  };
}
