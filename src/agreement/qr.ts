import { create, toBuffer } from 'qrcode';

export interface Qr {
  /** `viewBox` of the drawing; the code needs four empty modules around it (ISO/IEC 18004, 6.3.8). */
  readonly box: string;
  /** One path of dark modules. */
  readonly path: string;
}

const QUIET = 4;
const LEVEL = 'M';
/** Of a PNG, in pixels to the module: sharp on paper. */
const SCALE = 8;

/** As a PNG, for documents. */
export const qrPicture = (text: string): Promise<Buffer> =>
  toBuffer(text, { type: 'png', errorCorrectionLevel: LEVEL, margin: QUIET, scale: SCALE });

export function qrOf(text: string): Qr {
  const { modules } = create(text, { errorCorrectionLevel: LEVEL });
  const { size } = modules;
  const side = size + 2 * QUIET;
  const dark = (x: number, y: number) => x < size && modules.get(y, x) !== 0;
  const all = Array.from({ length: size }, (_, index) => index);
  // One stroke for each run of dark modules in a line.
  const path = all.flatMap((y) =>
    all.flatMap((x) => {
      if (!dark(x, y) || (x > 0 && dark(x - 1, y))) return [];
      const length = all.slice(x).findIndex((end) => !dark(end + 1, y)) + 1;
      return [`M${x + QUIET} ${y + QUIET}h${length}v1h-${length}z`];
    }),
  );
  return { box: `0 0 ${side} ${side}`, path: path.join('') };
}
