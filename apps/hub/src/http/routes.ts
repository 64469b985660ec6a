/**
 * What can be asked of a hub over HTTP. The provider pushes to `/<name>/events`, which verifies for itself who calls. Everything else is
 * for the hub's own people and listens on this machine only, without a password: put your own in front before you show it to anybody.
 */
import { z } from 'zod';
import { pseudonymUri, reasonCodes } from '#contracts';
import { DeliveryFailed, SetRejected } from '#hub-sdk';
import type { Hub } from '../hub.js';
import type { Place } from '../rooms/rooms.js';

const room = z.string().min(1).max(100);
const seconds = z.int().positive().max(315_360_000);
const about = z.object({ pseudonym: pseudonymUri });
const inRoom = about.extend({ room });
/** Without a room: the whole hub. */
const somewhere = about.extend({ room: room.optional() });
const placeOf = (name: string | undefined): Place => (name === undefined ? 'hub' : { room: name });

interface Act {
  /** @throws z.ZodError for a body that does not fit */
  (hub: Hub, body: unknown): unknown;
}

const acts: Readonly<Record<string, Act>> = {
  join: (hub, body) => {
    const { room, pseudonym } = inRoom.parse(body);
    return { outcome: hub.join(room, pseudonym) };
  },
  message: (hub, body) => {
    const { room, pseudonym } = inRoom.parse(body);
    return { outcome: hub.message(room, pseudonym) };
  },
  mute: (hub, body) => {
    const { room, pseudonym, ...more } = inRoom.extend({ seconds }).parse(body);
    return { done: hub.mute(room, pseudonym, more.seconds) };
  },
  kick: async (hub, body) => {
    const { room, pseudonym } = inRoom.parse(body);
    return { done: await hub.kick(room, pseudonym) };
  },
  ban: async (hub, body) => {
    const { room, pseudonym, seconds: length } = somewhere.extend({ seconds: seconds.optional() }).parse(body);
    return { jti: (await hub.ban(placeOf(room), pseudonym, length)).jti };
  },
  unban: async (hub, body) => {
    const { room, pseudonym } = somewhere.parse(body);
    return { done: await hub.unban(placeOf(room), pseudonym) };
  },
  report: async (hub, body) => {
    const shape = about.extend({ reason: z.enum(reasonCodes), hubVerified: z.boolean().default(false) });
    const { pseudonym, ...report } = shape.parse(body);
    return { jti: (await hub.report(pseudonym, report)).jti };
  },
  forget: (hub, body) => {
    hub.forget(about.parse(body).pseudonym);
    return { done: true };
  },
};
export const actNames = Object.keys(acts);

export const pushRoutes =
  (hubs: ReadonlyMap<string, Hub>) =>
  async (request: Request): Promise<Response> => {
    const [, name, what] = /^\/([^/]+)\/(events)$/.exec(new URL(request.url).pathname) ?? [];
    const hub = what && hubs.get(name ?? '');
    return hub ? hub.receivePush(request) : failed(404, 'no such hub here');
  };

export const controlRoutes =
  (hubs: ReadonlyMap<string, Hub>) =>
  async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/') return Response.json({ hubs: [...hubs.keys()], acts: actNames });
    if (pathname === '/health/ready') {
      const ready = hubs.size > 0 && [...hubs.values()].every((hub) => hub.isSubscribed);
      return new Response(null, { status: ready ? 200 : 503 });
    }
    const [, name = '', what = ''] = /^\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    const hub = hubs.get(name);
    if (!hub) return failed(404, `there is no hub ${name}: GET / lists them`);
    if (request.method === 'GET' && what === 'state') return Response.json(hub.state());
    const act = Object.hasOwn(acts, what) ? acts[what] : undefined;
    if (request.method !== 'POST' || !act) return failed(404, `GET state, or POST ${actNames.join(', ')}`);
    // what a page in a browser can send without being asked is no JSON
    if (!request.headers.get('content-type')?.startsWith('application/json')) return failed(415, 'send application/json');
    try {
      return Response.json(await act(hub, await request.json()));
    } catch (error) {
      return explained(error);
    }
  };

function explained(error: unknown): Response {
  if (error instanceof SyntaxError) return failed(400, 'the body is no JSON');
  if (error instanceof z.ZodError) return failed(400, z.prettifyError(error));
  if (error instanceof SetRejected || error instanceof DeliveryFailed) return failed(502, error.message);
  throw error;
}

const failed = (status: number, text: string): Response => Response.json({ error: text }, { status });
