import { Router } from 'express';
import { isMoodle, type Lms } from './lms.js';
import { faulty, recorded } from './service-door.js';
import { SCOPE } from './types.js';

/** LTI Dynamic Registration 1.0, section 3.4, and what Moodle 4.4 sends of it. */
function openidConfiguration({ at, url, manner }: Lms) {
  const moodle = manner === 'moodle';
  return {
    issuer: url,
    authorization_endpoint: at.authorize,
    token_endpoint: at.token(''),
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    jwks_uri: at.jwks(''),
    registration_endpoint: at.register,
    scopes_supported: ['openid', ...Object.values(SCOPE).filter((scope) => !moodle || scope !== SCOPE.groups)],
    response_types_supported: ['id_token'],
    ...(moodle ? {} : { response_modes_supported: ['form_post'] }),
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email'],
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: moodle ? 'moodle' : 'demo-lms',
      version: moodle ? '4.4dev (Build: 20231124)' : '1.0',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
        ...(moodle ? [] : [{ type: 'LtiSubmissionReviewRequest' }]),
      ],
      variables: [
        'Context.id',
        'Context.title',
        'Context.label',
        'Context.id.history',
        'ResourceLink.id',
        'ResourceLink.title',
        'User.id',
        'User.username',
      ],
    },
  };
}

export const configurationRoutes = (lms: Lms): Router =>
  Router()
    .get(lms.at.routes.configuration, recorded(lms, 'configuration'), (_req, res) => {
      res.json(openidConfiguration(lms));
    })
    .get(lms.at.routes.jwks, recorded(lms, 'jwks'), faulty(lms, 'jwks'), (_req, res) => {
      if (!isMoodle(lms)) res.set('Cache-Control', 'max-age=300');
      res.json(lms.keys.jwks());
    });
