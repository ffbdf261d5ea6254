import { Router, type Response } from 'express';
import { z } from 'zod';
import {
  contentOf,
  readerOf,
  readerPage,
  type IntegrationMap,
  type MapContent,
  type Maps,
} from '../integration-map/index.js';
import { allow, visitOf, type Visit } from '../launch/visit.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { NOTHING } from './differences.js';
import { CompareQuery, SubmitForm, WithdrawForm, type Side } from './forms.js';
import type { Agreement } from './index.js';
import { tutorPage, versionPage, type Compared } from './page.js';
import { owedBy } from './rules.js';
import { inForceOf, openOf, type Version } from './version.js';
import { say, waitsText } from './words.js';

export interface AgreementRouteDeps {
  readonly views: Views;
  readonly agreement: Agreement;
  readonly maps: Pick<Maps, 'find'>;
  readonly timeZone: string;
  readonly publicUrl: string;
}

const VersionNumber = z.coerce.number().int().min(1).max(1_000_000);

const signerOf = ({ person }: Visit) => ({ sub: person.sub, name: person.name ?? '' });

/** What is compared where nobody chose: what waits, or else the draft, with what is in force. */
function sidesOf(versions: readonly Version[], map: IntegrationMap | null): { from: Side; to: Side } | null {
  const open = openOf(versions);
  const inForce = inForceOf(versions);
  if (open) return { from: inForce?.number ?? 'none', to: open.number };
  if (map) return { from: inForce?.number ?? versions[0]?.number ?? 'none', to: 'draft' };
  return inForce ? { from: 'none', to: inForce.number } : null;
}

/** A course's agreement, for those who teach there. */
export function agreementRoutes({ views, agreement, maps, timeZone, publicUrl }: AgreementRouteDeps): Router {
  const back = (res: Response, visit: Visit, notice: string) =>
    seeOther(res, `/c/${visit.course.id}/agreement?notice=${notice}`);

  async function sayingOf(visit: Visit, side: Side, map: IntegrationMap | null): Promise<MapContent> {
    if (side === 'none') return NOTHING;
    if (side === 'draft') return map ? contentOf(map) : NOTHING;
    const version = await agreement.version(visit.course, side);
    if (!version) throw new AppError('not_found', 'not-found');
    return version.content;
  }

  async function compared(visit: Visit, sides: { from: Side; to: Side } | null, map: IntegrationMap | null) {
    if (!sides) return null;
    const [before, after] = await Promise.all([sayingOf(visit, sides.from, map), sayingOf(visit, sides.to, map)]);
    return { ...sides, before, after } satisfies Compared;
  }

  return Router()
    .get('/agreement', allow('agreement:view'), async (req, res) => {
      const visit = visitOf(req);
      const { course, t } = visit;
      const { from, to, notice } = parse(CompareQuery, req.query);
      const [map, versions, leaders, directors] = await Promise.all([
        maps.find(course),
        agreement.versions(course),
        agreement.whoMay(course, 'programme-leader'),
        agreement.whoMay(course, 'director'),
      ]);
      const usual = sidesOf(versions, map);
      const sides = usual && { from: from ?? usual.from, to: to ?? usual.to };
      const model = tutorPage({
        reader: readerOf(visit, timeZone),
        maySubmit: visit.may('agreement:submit'),
        map,
        versions,
        compared: await compared(visit, sides, map),
        may: { 'programme-leader': leaders, director: directors },
        publicUrl,
        notice,
      });
      views.send(res, visit, { view: 'agreement/tutor', title: t('agreement:title'), tab: 'map', model });
    })
    .get('/agreement/versions/:version', allow('agreement:view'), async (req, res) => {
      const visit = visitOf(req);
      const number = VersionNumber.safeParse(req.params['version']);
      const version = number.success ? await agreement.version(visit.course, number.data) : undefined;
      if (!version) throw new AppError('not_found', 'not-found');
      const reader = readerOf(visit, timeZone);
      const page = versionPage(reader, version, await agreement.versions(visit.course));
      const model = { ...readerPage(reader, page.map), ...page };
      views.send(res, visit, { view: 'agreement/version', title: page.title, tab: 'map', model });
    })
    .post('/agreement/submit', allow('agreement:submit'), async (req, res) => {
      const visit = visitOf(req);
      const { revision, reason } = parse(SubmitForm, req.body);
      const asked = { revision, reason, by: signerOf(visit), at: visit.now };
      back(res, visit, reason === '' ? 'no-reason' : (await agreement.submit(visit.course, asked)).outcome);
    })
    .post('/agreement/withdraw', allow('agreement:submit'), async (req, res) => {
      const visit = visitOf(req);
      const { version: number, revision } = parse(WithdrawForm, req.body);
      const version = await agreement.version(visit.course, number);
      if (!version) throw new AppError('not_found', 'not-found');
      const seen = { ...version, revision };
      back(res, visit, await agreement.withdraw(seen, signerOf(visit), visit.now));
    });
}

function noteOf(visit: Visit, version: Version) {
  const { number, state } = version;
  const role = owedBy(state);
  if (role) {
    const waits = waitsText(visit, version, visit.now);
    const text = say(visit, 'note.waits', { number, role: say(visit, `role.${role}`), waits });
    return { tone: 'info', icon: 'hourglass-split', text };
  }
  return state === 'returned' ? { tone: 'warn', icon: 'reply', text: say(visit, 'note.returned', { number }) } : null;
}

/** For the course's first page: that the map waits for an answer, or came back. */
export async function agreementNote(
  { agreement }: Pick<AgreementRouteDeps, 'agreement'>,
  visit: Visit,
): Promise<{ tone: string; icon: string; text: string; act: string; path: string } | null> {
  if (!visit.may('agreement:view')) return null;
  const versions = await agreement.versions(visit.course);
  const shown = openOf(versions) ?? versions[0];
  if (!shown) return null;
  const note = noteOf(visit, shown);
  return note && { ...note, act: say(visit, 'note.open'), path: '/agreement' };
}
