/**
 * From ticket to pseudonym (protocol.md §3, steps 2–5): prepare, wait, wrap, redeem. One attempt per key pair; the same bytes go
 * again after a lost answer, so that it costs nothing; after a refusal everything is drawn afresh and a whole delay passes.
 */
import { dayOf, fromBase64Url, periodOf, toBase64Url } from '#contracts';
import {
  clientKeyType,
  importClientSigner,
  importSigner,
  openReason,
  possessionMessage,
  readTicket,
  signRedeem,
  subjectOf,
  wrapTicket,
} from '#tickets';
import type { RefusalReason } from '#tickets';
import { firstDelayMs, nextDelayMs, randomBelow } from '../chance.js';
import { ClientProblem } from '../client-problem.js';
import type { DayLists } from '../day-lists.js';
import type { Credential, PseudonymSide } from '../sides/pseudonym-side.js';
import type { Attempt, HeldPseudonym } from '../state.js';
import type { Store } from '../store.js';
import { newAttempt } from './attempt.js';
import type { PseudonymWish } from './attempt.js';
import { checkCredential, heldPseudonym } from './credential.js';

export interface PrepareOptions extends PseudonymWish {
  /** Redeem without the random delay. Whoever watches both sides can then tell account and pseudonym by time alone. */
  readonly immediately?: boolean;
}

export type RedeemOutcome =
  | { readonly outcome: 'minted'; readonly pseudonym: HeldPseudonym }
  | {
      readonly outcome: 'refused';
      readonly code: 'answer-refused' | 'pseudonym-conflict' | 'request-malformed';
      /** why, when the key holder said so */
      readonly reason: RefusalReason | undefined;
      /** the fresh attempt that took its place; none when the client has to stop */
      readonly next: Attempt | undefined;
    };

const stopping = ['standing', 'too-many-live'] as const satisfies readonly RefusalReason[];
const isStopping = (reason: RefusalReason | undefined): reason is (typeof stopping)[number] =>
  stopping.some((one) => one === reason);
const refusals = ['answer-refused', 'pseudonym-conflict', 'request-malformed'] as const;

export class Redemption {
  /** A second call while the first is under way joins it: one attempt must never be wrapped twice. */
  private readonly underway = new Map<string, Promise<RedeemOutcome>>();

  constructor(
    private readonly store: Store,
    private readonly nyms: PseudonymSide,
    private readonly dayLists: DayLists,
    private readonly domain: string,
    private readonly now: () => Date,
  ) {}

  /** A fresh attempt; redeem it at `notBefore` or later. */
  async prepare({ immediately = false, ...wish }: PrepareOptions = {}): Promise<Attempt> {
    this.mayGoOn();
    return this.add(wish, immediately ? 0 : firstDelayMs());
  }

  /**
   * Spends a ticket on a prepared attempt. Throws ClientProblem when nothing was decided (network, limit, unavailable): call again
   * with the same id, and the same bytes are sent.
   */
  redeem(id: string): Promise<RedeemOutcome> {
    const redeeming = this.underway.get(id) ?? this.redeemOnce(id).finally(() => this.underway.delete(id));
    this.underway.set(id, redeeming);
    return redeeming;
  }

  private async redeemOnce(id: string): Promise<RedeemOutcome> {
    this.mayGoOn();
    const attempt = this.store.state.attempts.find((one) => one.id === id);
    if (!attempt) throw new ClientProblem('not-known');
    const wait = attempt.notBefore - this.now().getTime();
    if (wait > 0) throw new ClientProblem('too-early', { retryAfterMs: wait });
    const { wrapped, reasonKey } = (attempt.sent ??= await this.wrap(attempt));
    await this.store.save(); // the ticket is gone from here on; the wrapped bytes are all that can redeem it
    try {
      return await this.minted(attempt, await this.nyms.redeem(await this.request(attempt, wrapped)));
    } catch (error) {
      const code = error instanceof ClientProblem ? refusals.find((one) => one === error.code) : undefined;
      if (!code) throw error;
      return this.refused(attempt, code, await reasonOf(error as ClientProblem, reasonKey));
    }
  }

  private mayGoOn(): void {
    if (this.store.state.stopped) throw new ClientProblem('stopped', { reason: this.store.state.stopped });
  }

  private async add(wish: PseudonymWish, delayMs: number): Promise<Attempt> {
    const attempt = await newAttempt(this.domain, wish, this.now().getTime() + delayMs);
    this.store.state.attempts.push(attempt);
    await this.store.save();
    return attempt;
  }

  private async wrap({ salt, uri, client }: Attempt): Promise<{ wrapped: string; reasonKey: string }> {
    const { state } = this.store;
    if (state.holderKey === undefined) throw new ClientProblem('not-enrolled');
    const holder = await importSigner(fromBase64Url(state.holderKey));
    const { body } = await this.dayLists.today();
    const subject = await subjectOf(fromBase64Url(salt), uri, fromBase64Url(client.spki));
    const ticket = this.takeTicket();
    const redeem = await signRedeem(holder, readTicket(ticket).ticket.jti, subject);
    const { wrapped, reasonKey } = await wrapTicket(body.hpke, ticket, redeem, subject);
    return { wrapped: toBase64Url(wrapped), reasonKey: toBase64Url(reasonKey) };
  }

  /** Any ticket that is still good, at random: the order of tickets says nothing. Expired ones are dropped. */
  private takeTicket(): Uint8Array {
    const { state } = this.store;
    const day = dayOf(this.now());
    state.tickets = state.tickets.filter((ticket) => readTicket(fromBase64Url(ticket)).ticket.notAfter >= day);
    const [ticket] = state.tickets.splice(randomBelow(state.tickets.length), 1);
    if (ticket === undefined) throw new ClientProblem('no-ticket');
    return fromBase64Url(ticket);
  }

  private async request({ uri, salt, client }: Attempt, wrapped: string) {
    const spki = fromBase64Url(client.spki);
    const signer = await importClientSigner(fromBase64Url(client.pkcs8), spki);
    const proof = toBase64Url(await signer.sign(await possessionMessage(uri, client.clientUri, spki)));
    return { wrapped, uri, salt, clientUri: client.clientUri, publicKey: client.spki, proof };
  }

  private async minted(attempt: Attempt, credential: Credential): Promise<RedeemOutcome> {
    const period = periodOf(dayOf(this.now()));
    // a lost answer may be asked for again after the period has turned
    checkCredential(credential, { uri: attempt.uri, client: attempt.client, periods: [period, period - 1] });
    const pseudonym = heldPseudonym(credential, attempt.client);
    this.store.state.pseudonyms.push(pseudonym);
    await this.end(attempt);
    return { outcome: 'minted', pseudonym };
  }

  private async refused(
    attempt: Attempt,
    code: (typeof refusals)[number],
    reason: RefusalReason | undefined,
  ): Promise<RedeemOutcome> {
    if (reason === 'stale-day-list') this.dayLists.forget();
    if (isStopping(reason)) this.store.state.stopped = reason;
    await this.end(attempt);
    const kind = attempt.uri.includes(`://${this.domain}/u/`) ? 'u' : 'p';
    const keyType = clientKeyType(fromBase64Url(attempt.client.spki)) ?? 'Ed25519';
    const next = isStopping(reason) ? undefined : await this.add({ kind, keyType }, nextDelayMs());
    return { outcome: 'refused', code, reason, next };
  }

  private async end(attempt: Attempt): Promise<void> {
    this.store.state.attempts = this.store.state.attempts.filter((one) => one !== attempt);
    await this.store.save();
  }
}

async function reasonOf({ sealedReason }: ClientProblem, reasonKey: string): Promise<RefusalReason | undefined> {
  try {
    return await openReason(fromBase64Url(reasonKey), fromBase64Url(sealedReason ?? ''));
  } catch {
    return undefined; // not base64url: there is nothing to open
  }
}
