/** Starts hubs in one process: their servers first, because the provider verifies a stream by pushing to it. */
import { StreamRefused, StreamUnavailable, TokenUnavailable } from '#hub-sdk';
import { StartError } from '#platform';
import type { HubEvents } from './events.js';
import { controlRoutes, pushRoutes } from './http/routes.js';
import { serveWeb } from './http/web-server.js';
import { Hub } from './hub.js';
import type { HubOptions } from './options.js';

export interface RunningHubs {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly controlUrl: string;
  readonly pushUrl: string;
  stop(): Promise<void>;
}

/** @throws StartError */
export async function startHubs(options: HubOptions, events: HubEvents): Promise<RunningHubs> {
  const { audience, nyms, tokenEndpoint, publicUrl, poll, joinsPerMinute, messagesPerMinute } = options;
  const rates = { windowSeconds: 60, limits: { joins: joinsPerMinute, messages: messagesPerMinute } };
  const hubs = new Map<string, Hub>();
  const pushes = await serveWeb(pushRoutes(hubs), { host: publicUrl ? '0.0.0.0' : '127.0.0.1', port: options.port });
  const control = await serveWeb(controlRoutes(hubs), { host: '127.0.0.1', port: options.controlPort }).catch(
    async (error: unknown) => {
      await pushes.stop();
      throw error;
    },
  );
  for (const { hub, name, key } of options.hubs) {
    const pushTo = poll ? undefined : `${publicUrl ?? pushes.url}/${name}/events`;
    hubs.set(name, new Hub({ hub, name, key, audience, nyms, tokenEndpoint, pushTo, rates }, events));
  }
  const stop = async () => {
    await Promise.all([...hubs.values()].map((hub) => hub.stop()));
    await Promise.all([pushes.stop(), control.stop()]);
  };
  try {
    await Promise.all([...hubs.values()].map((hub) => hub.subscribe()));
  } catch (error) {
    await stop();
    throw asStartError(error);
  }
  events.emit('listening', { hubs: hubs.size, control: control.url, pushes: poll ? 'by poll' : pushes.url });
  return { hubs, controlUrl: control.url, pushUrl: pushes.url, stop };
}

/** What the person who starts the hub can mend, in one line. */
function asStartError(error: unknown): unknown {
  if (error instanceof TokenUnavailable)
    return new StartError(
      `no access token (${error.message}): is --tokens right, and does the authorization server know this hub's key?`,
    );
  if (error instanceof StreamUnavailable)
    return new StartError(`no stream (${error.message}): is nyms up at --nyms, and is it --audience? npm start shows both`);
  if (error instanceof StreamRefused)
    return new StartError(`no stream (${error.message}): is this hub in the provider's policy, and not suspended?`);
  return error;
}
