// Jest globalTeardown: stops what setup.mjs started, once, however many projects share it.
import { rmSync } from 'node:fs';

export default async function teardown() {
  const servers = globalThis.nymtallyServers;
  if (!servers) return;
  globalThis.nymtallyServers = undefined;
  for (const stop of servers.stops) await stop();
  rmSync(servers.folder, { recursive: true, force: true });
}
