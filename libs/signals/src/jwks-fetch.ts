/** One GET of a hub's JWKS, bounded in time and size, without redirects: the address is in the signed policy, what it answers is not. */
import { HubKey } from './hub-key.js';

const MOST_BYTES = 65_536;
const MOST_KEYS = 16;
const TIMEOUT_MS = 3_000;

/** Keys we can use, the rest left out. Throws whatever keeps us from having an answer. */
export async function fetchJwks(url: URL): Promise<readonly HubKey[]> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  const body = await bounded(response);
  if (!response.ok) throw new Error(`JWKS answered ${response.status}`);
  const { keys } = JSON.parse(body) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('not a JWK set');
  return keys.slice(0, MOST_KEYS).flatMap((raw: unknown) => (isObject(raw) ? (HubKey.from(raw) ?? []) : []));
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MOST_BYTES) throw new Error('JWKS is too large'); // leaving the loop cancels the body
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
