import type { Connection } from 'mongoose';

/** Does the database answer within this time? Never throws. */
export async function pingDatabase(connection: Connection, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const asked = connection.db?.command({ ping: 1 }).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([asked ?? false, late]);
  clearTimeout(timer);
  return answered;
}
