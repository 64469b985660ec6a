/**
 * Redemptions made ready by the client SDK, up to the request that would leave the device: key pair, ticket, HPKE wrapping and proofs are
 * the client's work on the client's machine, so here they are done before the clock starts.
 */
import { ClientProblem, NymtallyClient } from '#client-sdk';
import { inParallel } from '../../scenario/parallel.js';
import type { Stack } from '../../stack/stack.js';
import { rootFingerprint } from '../bench-stack.js';

export interface Redemption {
  /** of the pseudonym that it will become */
  readonly uri: string;
  /** JSON of `POST /v1/pseudonyms` */
  readonly body: string;
}

/** Below the number of pseudonyms that needs positive standing. */
const mostPerAccount = 16;
const width = 8;

export interface RedemptionsWanted {
  readonly count: number;
  readonly perAccount?: number;
  /** Part of the accounts' names, so that each call has accounts of its own. */
  readonly label: string;
}

/** Enrols accounts, takes their tickets and wraps them. @returns grouped by account, `perAccount` each. */
export async function prepareRedemptions(
  stack: Stack,
  { count, perAccount = mostPerAccount, label }: RedemptionsWanted,
  signal: AbortSignal,
): Promise<Redemption[][]> {
  const accounts = Array.from({ length: Math.ceil(count / perAccount) }, (_, i) => `${label}-${i}`);
  const fingerprint = rootFingerprint(stack);
  const prepared: Redemption[][] = accounts.map(() => []);
  await inParallel(accounts, width, async (name, index) => {
    signal.throwIfAborted();
    const own = prepared[index] as Redemption[];
    const client = new NymtallyClient({
      registrarUrl: stack.urls.registrar,
      nymsUrl: stack.urls.nyms,
      rootFingerprint: fingerprint,
      domain: stack.policy().domain,
      accessToken: () => stack.issuer.mint(name),
      fetch: { nyms: keepRedemptions(own) },
    });
    await client.enrol();
    await client.takeTickets(Math.min(perAccount, count - index * perAccount));
    while (client.state.tickets.length > 0) await prepareOne(client);
  });
  return prepared;
}

async function prepareOne(client: NymtallyClient): Promise<void> {
  const { id } = await client.prepare({ immediately: true });
  await client.redeem(id).then(
    () => {
      throw new Error('a redemption left before its time');
    },
    (error: unknown) => {
      if (!(error instanceof ClientProblem && error.code === 'network')) throw error;
    },
  );
}

/** Passes everything on but redemptions: those are kept, and the client is told that the network is away. */
function keepRedemptions(kept: Redemption[]): typeof fetch {
  return (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== '/v1/pseudonyms') return fetch(input, init);
    const body = init?.body as string;
    kept.push({ uri: (JSON.parse(body) as { uri: string }).uri, body });
    return Promise.reject(new TypeError('kept'));
  };
}
