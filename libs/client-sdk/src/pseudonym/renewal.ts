/** Renewal (protocol.md §3): the pseudonym's first key signs, no ticket and no account is involved. */
import { dayOf, fromBase64Url, periodOf, renewalIsOpen, toBase64Url } from '#contracts';
import { importClientSigner, renewMessage } from '#tickets';
import { ClientProblem } from '../client-problem.js';
import type { PseudonymSide } from '../sides/pseudonym-side.js';
import type { HeldPseudonym } from '../state.js';
import type { Store } from '../store.js';
import { checkCredential, heldPseudonym } from './credential.js';

export class Renewal {
  constructor(
    private readonly store: Store,
    private readonly nyms: PseudonymSide,
    private readonly now: () => Date,
  ) {}

  /**
   * Into the next period. Waits for the pseudonym's own random moment of the window, unless `immediately`: renewals of one account
   * that come together would show that they belong together. Throws ClientProblem.
   */
  async renew(uri: string, { immediately = false }: { readonly immediately?: boolean } = {}): Promise<HeldPseudonym> {
    const { pseudonyms } = this.store.state;
    const at = pseudonyms.findIndex((one) => one.uri === uri);
    const held = pseudonyms[at];
    if (!held) throw new ClientProblem('not-known');
    const day = dayOf(this.now());
    const period = periodOf(day) + 1;
    if (!renewalIsOpen(day) || held.period >= period) throw new ClientProblem('renewal-not-open');
    const wait = held.renewNotBefore - this.now().getTime();
    if (wait > 0 && !immediately) throw new ClientProblem('too-early', { retryAfterMs: wait });
    const { client } = held;
    const signer = await importClientSigner(fromBase64Url(client.pkcs8), fromBase64Url(client.spki));
    const signature = toBase64Url(await signer.sign(renewMessage(uri, period)));
    const credential = await this.nyms.renew({ uri, clientUri: client.clientUri, period, signature });
    checkCredential(credential, { uri, client, periods: [period] });
    const renewed = heldPseudonym(credential, client);
    pseudonyms[at] = renewed;
    await this.store.save();
    return renewed;
  }
}
