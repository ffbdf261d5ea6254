import type { Router } from 'express';
import type { Lms } from '../lms.js';
import { authorizeRoutes } from './authorize.js';
import { deepLinkingRoutes } from './deep-linking.js';
import { keySetRoutes } from './key-set.js';
import { lineItemRoutes } from './line-items.js';
import { resultRoutes } from './results.js';
import { rosterRoutes } from './roster.js';
import { scoreRoutes } from './scores.js';
import { tokenRoutes } from './token.js';

/** `lti-consumer-xblock`: no configuration document, no registration, no platform storage. */
export const openEdxParts: readonly ((lms: Lms) => Router)[] = [
  keySetRoutes,
  authorizeRoutes,
  tokenRoutes,
  rosterRoutes,
  lineItemRoutes,
  scoreRoutes,
  resultRoutes,
  deepLinkingRoutes,
];
