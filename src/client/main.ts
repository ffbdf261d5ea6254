import { reportHeight } from './shared/frame.js';

/** The page may be the answer to a launch: its own address takes the launch's place, so that a reload asks for the page. */
const at = document.querySelector<HTMLMetaElement>('meta[name="at"]')?.content;
if (at !== undefined) history.replaceState(null, '', at);

reportHeight();
