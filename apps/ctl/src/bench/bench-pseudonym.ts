/** An account with one pseudonym, made as a client makes it: to be named, suspended and looked up by what is measured. */
import { NymtallyClient } from '#client-sdk';
import type { PseudonymUri } from '#contracts';
import { expectMinted } from '../scenario/people.js';
import { rootFingerprint } from './bench-stack.js';
import type { BenchStack } from './bench-stack.js';

export const benchAccount = 'bench';

export async function benchPseudonym(stack: BenchStack['stack']): Promise<PseudonymUri> {
  const client = new NymtallyClient({
    registrarUrl: stack.urls.registrar,
    nymsUrl: stack.urls.nyms,
    rootFingerprint: rootFingerprint(stack),
    domain: stack.policy().domain,
    accessToken: () => stack.issuer.mint(benchAccount),
  });
  await client.enrol();
  await client.takeTickets(1);
  const { id } = await client.prepare({ immediately: true });
  return expectMinted(await client.redeem(id)).uri as PseudonymUri;
}
