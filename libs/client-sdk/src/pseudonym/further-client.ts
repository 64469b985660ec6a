/**
 * A second device of a pseudonym: it proposes its key, a device that is already in lets it in (no ticket). The proposal goes from
 * device to device over the user's own channel and says nothing of the account.
 */
import { fromBase64Url, periodOf, dayOf, splitPseudonymUri, toBase64Url } from '#contracts';
import { addClientMessage, importClientSigner, possessionMessage } from '#tickets';
import type { ClientKeyType } from '#tickets';
import { ClientProblem } from '../client-problem.js';
import type { Credential, PseudonymSide } from '../sides/pseudonym-side.js';
import type { ClientEntry, HeldPseudonym } from '../state.js';
import { newClientEntry } from './attempt.js';
import { checkCredential } from './credential.js';

export interface ClientProposal {
  readonly uri: string;
  readonly clientUri: string;
  /** SPKI, base64url */
  readonly publicKey: string;
  readonly proof: string;
}

/** On the new device: `key` stays there, `proposal` goes to the old one. Throws RangeError when `uri` is no pseudonym's. */
export async function proposeClient(
  uri: string,
  keyType?: ClientKeyType,
): Promise<{ readonly key: ClientEntry; readonly proposal: ClientProposal }> {
  const parts = splitPseudonymUri(uri);
  if (!parts) throw new RangeError('not the address of a pseudonym');
  const key = await newClientEntry(parts.domain, parts.name, keyType);
  const spki = fromBase64Url(key.spki);
  const signer = await importClientSigner(fromBase64Url(key.pkcs8), spki);
  const proof = toBase64Url(await signer.sign(await possessionMessage(uri, key.clientUri, spki)));
  return { key, proposal: { uri, clientUri: key.clientUri, publicKey: key.spki, proof } };
}

/** On the old device: gives the new one's credential, to be handed over. */
export async function admitClient(
  held: HeldPseudonym | undefined,
  proposal: ClientProposal,
  nyms: PseudonymSide,
  now: Date,
): Promise<Credential> {
  if (!held) throw new ClientProblem('not-known');
  const { uri, clientUri, publicKey, proof } = proposal;
  const signer = await importClientSigner(fromBase64Url(held.client.pkcs8), fromBase64Url(held.client.spki));
  const signature = toBase64Url(await signer.sign(await addClientMessage(uri, clientUri, fromBase64Url(publicKey))));
  const by = held.client.clientUri;
  const credential = await nyms.addClient({ uri, clientUri, publicKey, proof, by, signature });
  const period = periodOf(dayOf(now));
  const periods = [held.period, period, period + 1];
  checkCredential(credential, { uri, client: { clientUri, spki: publicKey }, periods });
  return credential;
}
