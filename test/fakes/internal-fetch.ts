/** `fetch` to a process that knows callers by their certificates: as one of them, or as a stranger without any. */
import { readFileSync } from 'node:fs';
import { Agent, fetch as fetchOf } from 'undici';
import type { Certified } from '../../apps/ctl/src/certificates/authority.js';
import { tlsFilesOf } from '../../apps/ctl/src/certificates/certificate-folder.js';
import { isInternal } from '../../apps/ctl/src/stack/app-specs.js';
import type { InternalName } from '../../apps/ctl/src/stack/app-specs.js';
import type { Stack } from '../../apps/ctl/src/stack/stack.js';

const agents = new Map<string, Agent>();

/** As `as`, where the address is that of an internal process; else the usual `fetch`. */
export function fetchOn({ urls, keys }: Pick<Stack, 'urls' | 'keys'>, as?: Certified): typeof fetch {
  return (async (target: string | URL | Request, init?: RequestInit) => {
    const { origin } = new URL(target instanceof Request ? target.url : target);
    const to = Object.entries(urls).find(([, url]) => url === origin)?.[0] ?? '';
    if (!isInternal(to)) return fetch(target, init);
    const options = { ...init, dispatcher: agentFor(keys.tls, to, as) } as Parameters<typeof fetchOf>[1];
    return fetchOf(String(target), options) as unknown as Promise<Response>;
  }) as typeof fetch;
}

function agentFor(folder: string, to: InternalName, as: Certified | undefined): Agent {
  const key = [folder, to, as].join();
  const ca = readFileSync(tlsFilesOf(folder, to).tlsCaFile, 'utf8');
  const own = as && tlsFilesOf(folder, as);
  const credentials = own && { cert: readFileSync(own.tlsCertFile, 'utf8'), key: readFileSync(own.tlsKeyFile, 'utf8') };
  const agent = agents.get(key) ?? new Agent({ connect: { ca, ...credentials, servername: to } });
  agents.set(key, agent);
  return agent;
}
