/** Tells the LMS that the registration is over, so that it closes the frame (LTI Dynamic Registration 1.0, section 3.7). */
const target = document.querySelector<HTMLElement>('[data-lms-origin]')?.dataset['lmsOrigin'];
const lms = (window.opener ?? window.parent) as Window;
if (target !== undefined) lms.postMessage({ subject: 'org.imsglobal.lti.close' }, target);
