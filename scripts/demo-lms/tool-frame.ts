import { html, type Html } from './html.js';
import type { Lms } from './lms.js';
import type { Tool } from './types.js';

const POWERS = ['microphone', 'camera', 'geolocation', 'midi', 'encrypted-media', 'autoplay', 'clipboard-write'];

/** The origins that speak for a tool: its messages are answered there and nowhere else. */
export const toolOrigins = ({ initiateLoginUri, targetLinkUri, redirectUris }: Tool): string[] => [
  ...new Set(
    [initiateLoginUri, targetLinkUri, ...redirectUris]
      .filter((address) => URL.canParse(address))
      .map((address) => new URL(address).origin),
  ),
];

export interface ToolFrame {
  readonly body: Html;
  /** Scripts that must listen before the frame can speak. */
  readonly early: readonly string[];
}

/**
 * The frame that Moodle puts a tool into: no sandbox, and these powers for the tool's origin. Where the LMS keeps data for
 * the tool in a frame of its own, that one comes first.
 */
export function toolFrame(lms: Lms, title: string, src: string, tool: Tool): ToolFrame {
  const { storageTarget } = lms.world.switches;
  const { origin } = new URL(tool.initiateLoginUri);
  const allow = POWERS.map((power) => `${power} ${origin}`).join('; ');
  const origins = toolOrigins(tool).join(' ');
  const beside =
    storageTarget === 'lti_storage' &&
    html`<iframe name="lti_storage" title="Data of the tool" hidden src="/lti/storage/${tool.id}"></iframe>`;
  const body = html`${beside}<iframe
      id="contentframe"
      title="${title}"
      allow="${allow}"
      data-tool-origins="${origins}"
      ${storageTarget === 'lti_storage' && html`data-storage-frame="lti_storage"`}
      src="${src}"
    ></iframe>`;
  return { body, early: storageTarget === undefined ? ['frame.js'] : ['frame.js', 'storage.js'] };
}
