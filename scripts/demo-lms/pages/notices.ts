import { html, type Html } from '../html.js';

/** What a tool said when it sent someone back (LTI 1.3 core, section 5.4.4). */
export function notices(query: URLSearchParams): Html {
  const error = query.get('lti_errormsg');
  const message = query.get('lti_msg');
  return html`${error !== null && html`<div class="alert alert-danger" role="alert">${error}</div>`}${
    message !== null && html`<div class="alert alert-info" role="status">${message}</div>`
  }`;
}
