/**
 * The one answer of a key holder that does not answer (protocol.md §3): 403 `answer-refused` with 48 bytes. Only the client that
 * wrapped a ticket can open them; for everybody else, and where there is nothing to tell, they are as good as random.
 */
import { Problem, toBase64Url } from '#contracts';
import { noReason, randomBytes, sealReason } from '#tickets';
import type { RefusalReason } from '#tickets';

/** Without a client to tell. */
export const refused = (): Problem => new Problem('answer-refused', { sealedReason: toBase64Url(noReason()) });

/**
 * @param reasonKey 32 bytes from the HPKE exporter, when the wrapped ticket opened
 * The work is the same whether there is something to tell or not.
 */
export async function refusedBecause(reason: RefusalReason | undefined, reasonKey: Uint8Array | undefined): Promise<Problem> {
  const key = (reason && reasonKey) ?? randomBytes(32);
  return new Problem('answer-refused', { sealedReason: toBase64Url(await sealReason(key, reason ?? 'spent')) });
}
