/** Keeps the route table honest: a test of each app compares it with what Fastify serves, in both directions. */
import type { RouteSpec } from '#contracts';
import type { ServedRoute } from '../http/route-table.js';

/** Served by platform itself on every process. */
const own = /^\/(health\/(live|ready)|metrics|openapi\.json|errors(\/:code)?)$/;

/** Lines such as `served, not documented: POST /v1/x`; none is right. `documented` may hold prefixes of internal routes to leave out. */
export function routeDifferences(
  served: readonly ServedRoute[],
  documented: readonly RouteSpec[],
  internal: readonly string[] = [],
): readonly string[] {
  const name = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`;
  const inside = ({ path, method }: ServedRoute) =>
    own.test(path) || method === 'OPTIONS' || internal.some((prefix) => path.startsWith(prefix));
  const real = new Set(served.filter((route) => !inside(route)).map(name));
  const told = new Set(documented.map(name));
  return [
    ...[...real].filter((route) => !told.has(route)).map((route) => `served, not documented: ${route}`),
    ...[...told].filter((route) => !real.has(route)).map((route) => `documented, not served: ${route}`),
  ];
}
