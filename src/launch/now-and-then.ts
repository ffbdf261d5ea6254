/** Lets something happen for each key only now and then in this process; others may do the same. */
export function nowAndThen(everyMs: number, now: () => Date): (key: string) => boolean {
  const last = new Map<string, number>();
  return (key) => {
    const time = now().getTime();
    if (time - (last.get(key) ?? -Infinity) < everyMs) return false;
    // The oldest keys come first: one that is too old to matter goes with each new one.
    for (const [old, at] of last) {
      if (time - at < everyMs) break;
      last.delete(old);
    }
    last.delete(key);
    last.set(key, time);
    return true;
  };
}
