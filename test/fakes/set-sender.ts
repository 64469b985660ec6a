/** Pushes SETs, right and wrong ones, to a nyms process, and looks at what it has stored. */
import { eventTypes, setMediaType, toBase64Url, utf8 } from '#contracts';
import { AUDIENCE, DOMAIN } from './nyms-world.js';
import type { NymsWorld, TestHub } from './nyms-world.js';

/** Of the right form, and unknown. */
export const URI = `mimi://${DOMAIN}/p/abcdefghijklmnopqrstuvwxyz`;
/** Limits of a policy whose hubs are not limited. */
export const unlimited = {
  ticketsPerDay: 5,
  ticketsPerPeriod: 20,
  freePseudonyms: 18,
  maxPseudonyms: 48,
  setsPerSecond: 1_000_000,
};

interface StoredSet {
  readonly hub: string;
  readonly uri: string;
  readonly state: string;
  readonly token: string;
  readonly jwk: object;
  readonly names: string | null;
  readonly event_type: string;
  readonly received_day: number;
}

export const part = (value: unknown): string => toBase64Url(utf8(JSON.stringify(value)));

/** The world's own clock dates the SETs. */
export function setSender(world: () => NymsWorld) {
  const seconds = () => Math.floor(world().clock.now().getTime() / 1_000);
  const claims = (hub: TestHub, more: object = {}) => ({
    iss: hub.entry.id,
    aud: AUDIENCE,
    iat: seconds(),
    jti: crypto.randomUUID(),
    sub_id: { format: 'uri', uri: URI },
    events: { [eventTypes.kick]: { by: 'hub' } },
    ...more,
  });
  const sign = (hub: TestHub, body: object, header: object = {}) => {
    const kid = `${new URL(hub.entry.id).host.split('.')[0]}-1`;
    const input = `${part({ typ: 'secevent+jwt', alg: 'EdDSA', kid, ...header })}.${part(body)}`;
    return `${input}.${toBase64Url(hub.key.sign(utf8(input)))}`;
  };
  return {
    seconds,
    claims,
    sign,
    /** A SET that is taken, unless `more` breaks it. */
    good: (more: object = {}, hub = world().hubs.one) => sign(hub, claims(hub, more)),
    async push(token: string, headers: Record<string, string> = {}) {
      const response = await fetch(`${world().url}/v1/signals`, {
        method: 'POST',
        headers: { 'content-type': setMediaType, accept: 'application/json', ...headers },
        body: token,
      });
      const text = await response.text();
      const body = text ? (JSON.parse(text) as Record<string, string>) : undefined;
      return { status: response.status, text, headers: response.headers, body };
    },
    stored: (jti: string) =>
      world().query<StoredSet & Record<string, unknown>>('SELECT * FROM signals.sets WHERE jti = $1', [jti]),
  };
}
