/** Tells the LMS that the registration is over, so that it closes the frame (LTI Dynamic Registration 1.0, section 3.7). */
const origin = document.querySelector<HTMLElement>('[data-lms-origin]')?.dataset['lmsOrigin'];
const opened = window.opener as unknown;
const lms = opened instanceof Window ? opened : window.parent;
if (origin !== undefined && lms !== window) lms.postMessage({ subject: 'org.imsglobal.lti.close' }, origin);
