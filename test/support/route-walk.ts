import type { Express } from 'express';

interface Layer {
  /** Where it is mounted, as it was written. */
  readonly rawPath?: unknown;
  readonly route?: { readonly path: unknown; readonly stack: readonly { readonly method?: string }[] };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Only plain paths can be told; anything else must not go unseen. */
function pathsOf(path: unknown): string[] {
  const paths = [path].flat();
  if (!paths.every((one) => typeof one === 'string')) throw new Error(`A route without a plain path: ${String(path)}`);
  return paths;
}

const joined = (base: string, path: string) => (path === '/' ? base : base + path);

function under(stack: readonly Layer[], base: string): string[] {
  return stack.flatMap(({ rawPath, route, handle }) => {
    if (route)
      return pathsOf(route.path).flatMap((path) => route.stack.map(({ method = 'all' }) => `${method} ${base}${path}`));
    return pathsOf(rawPath).flatMap((path) => {
      const at = joined(base, path);
      if (handle.stack) return under(handle.stack, at);
      // A function before everything is no door; one at an address of its own may be.
      return path === '/' ? [] : [`mounted ${at}`];
    });
  });
}

/** Every route of a running Express 5 application, as `get /desk/add`, and whatever function has an address of its own. */
export function routesOf(app: Express): string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  return [...new Set(under(stack, ''))].sort();
}
