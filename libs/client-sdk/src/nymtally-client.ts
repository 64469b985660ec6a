/**
 * A client of the service: enrols an account, takes tickets, turns them into pseudonyms and keeps those alive (protocol.md §2, §3).
 * It alone knows which pseudonyms belong to the account; registrar and nyms are asked over separate connections.
 */
import { fromBase64Url, sameBytes, toBase64Url } from '#contracts';
import type { standingResponse } from '#contracts';
import { checkTicket, generateSigningKey, importSigner, signCallOff, signEnrolment, TicketError, verifyReceipt } from '#tickets';
import type { z } from 'zod';
import { ClientProblem } from './client-problem.js';
import { DayLists } from './day-lists.js';
import { admitClient } from './pseudonym/further-client.js';
import type { ClientProposal } from './pseudonym/further-client.js';
import { Redemption } from './pseudonym/redemption.js';
import type { PrepareOptions, RedeemOutcome } from './pseudonym/redemption.js';
import { Renewal } from './pseudonym/renewal.js';
import { AccountSide } from './sides/account-side.js';
import type { AccessToken } from './sides/account-side.js';
import { PseudonymSide } from './sides/pseudonym-side.js';
import type { Credential } from './sides/pseudonym-side.js';
import { Side, sideUrl } from './sides/side.js';
import type { Fetch } from './sides/side.js';
import { clientState, emptyState } from './state.js';
import type { Attempt, ClientState, HeldPseudonym } from './state.js';
import { Store } from './store.js';
import type { SaveState } from './store.js';

export interface NymtallyClientOptions {
  /** The account side; an origin of its own. */
  readonly registrarUrl: string;
  /** The pseudonym side. */
  readonly nymsUrl: string;
  /** Pin of the key holder's root key: base64url(SHA-256(key)), shipped with the app. */
  readonly rootFingerprint: string;
  /** Domain of the pseudonyms' addresses. */
  readonly domain: string;
  /** Goes to the registrar only. */
  readonly accessToken: AccessToken;
  /** What an earlier run saved; a fresh client without. */
  readonly state?: unknown;
  /** Keeps the state; awaited before a ticket leaves the device. */
  readonly onChange?: SaveState;
  readonly now?: () => Date;
  /** One per side, where an app brings its own connections. */
  readonly fetch?: { readonly registrar?: Fetch; readonly nyms?: Fetch };
}

type Standing = z.output<typeof standingResponse>;

export class NymtallyClient {
  private readonly store: Store;
  private readonly account: AccountSide;
  private readonly nyms: PseudonymSide;
  private readonly dayLists: DayLists;
  private readonly redemption: Redemption;
  private readonly renewal: Renewal;
  private readonly now: () => Date;

  /** Throws RangeError when the two sides share an origin or are no https addresses, ZodError when the state is none of ours. */
  constructor(options: NymtallyClientOptions) {
    const { now = () => new Date(), fetch = {} } = options;
    const [registrarUrl, nymsUrl] = [sideUrl(options.registrarUrl), sideUrl(options.nymsUrl)];
    if (registrarUrl.origin === nymsUrl.origin) throw new RangeError('registrar and nyms need origins of their own');
    const state = options.state === undefined ? emptyState() : clientState.parse(options.state);
    this.now = now;
    this.store = new Store(state, options.onChange);
    this.account = new AccountSide(new Side(registrarUrl, fetch.registrar ?? globalThis.fetch), options.accessToken);
    this.nyms = new PseudonymSide(new Side(nymsUrl, fetch.nyms ?? globalThis.fetch));
    this.dayLists = new DayLists({
      rootFingerprint: options.rootFingerprint,
      now,
      fetchList: () => this.nyms.dayList(),
      seen: state.dayList,
      onSeen: (list) => void (state.dayList = list),
    });
    this.redemption = new Redemption(this.store, this.nyms, this.dayLists, options.domain, now);
    this.renewal = new Renewal(this.store, this.nyms, now);
  }

  /** Plain JSON, private keys included. */
  get state(): ClientState {
    return this.store.state;
  }

  /** Makes the holder key once, registers it, and keeps the receipt that binds it. Safe to repeat. */
  async enrol(): Promise<void> {
    const { state } = this.store;
    const { body, rootKey } = await this.dayLists.today();
    state.holderKey ??= toBase64Url(await generateSigningKey());
    await this.store.save(); // before it is registered: a lost key cannot be replaced for a week
    const holder = await importSigner(fromBase64Url(state.holderKey));
    const proof = toBase64Url(await signEnrolment(holder, body.keyHolderId));
    const receipt = await this.account.enrol({ holderKey: toBase64Url(holder.publicKey), proof });
    const earlier = state.receipt && fromBase64Url(state.receipt.handleCommitment);
    const good =
      receipt.keyHolderId === body.keyHolderId &&
      (!earlier || sameBytes(earlier, receipt.handleCommitment)) &&
      (await verifyReceipt(rootKey, receipt, holder.publicKey));
    if (!good) throw new ClientProblem('receipt-refused');
    const { keyHolderId, handleCommitment, signature } = receipt;
    state.receipt = {
      keyHolderId,
      handleCommitment: toBase64Url(handleCommitment),
      signature: toBase64Url(signature),
    };
    await this.store.save();
  }

  /**
   * For a device whose account was enrolled with a holder key that is lost: asks that this device's own takes its place. Safe to repeat.
   * @returns the day, since 1970, from which `enrol` succeeds, unless somebody with the old key calls it off before
   */
  async replaceHolderKey(): Promise<number> {
    const { state } = this.store;
    if (state.receipt) throw new ClientProblem('already-enrolled');
    const { body } = await this.dayLists.today();
    state.holderKey ??= toBase64Url(await generateSigningKey());
    await this.store.save();
    const holder = await importSigner(fromBase64Url(state.holderKey));
    const proof = toBase64Url(await signEnrolment(holder, body.keyHolderId));
    const { replacement } = await this.account.replaceKey({ holderKey: toBase64Url(holder.publicKey), proof });
    if (!replacement || !sameBytes(replacement.holderKey, holder.publicKey)) throw new ClientProblem('answer-malformed');
    return replacement.effectiveDay;
  }

  /** Does somebody ask for another holder key for this account? Then from which day, since 1970, it would count. */
  async replacementAskedFor(): Promise<number | undefined> {
    return (await this.account.replacement()).replacement?.effectiveDay;
  }

  /** Calls that off, with the holder key of this device. */
  async callOffReplacement(): Promise<void> {
    const { holderKey } = this.store.state;
    const { replacement } = await this.account.replacement();
    if (!holderKey || !replacement) throw new ClientProblem('not-enrolled');
    const { body } = await this.dayLists.today();
    const holder = await importSigner(fromBase64Url(holderKey));
    await this.account.callOffReplacement(toBase64Url(await signCallOff(holder, body.keyHolderId, replacement.holderKey)));
  }

  /** Takes tickets, 1–32 at once, and keeps them if every one is like everybody else's of today. Gives how many are unused. */
  async takeTickets(count: number): Promise<number> {
    const { state } = this.store;
    if (!state.receipt) throw new ClientProblem('not-enrolled');
    await this.dayLists.today(); // a service that cannot show its keys gets no request that would count against the limit
    const tickets = await this.account.tickets(count);
    if (tickets.length !== count) throw new ClientProblem('answer-malformed');
    if (!(await this.allGood(tickets))) {
      this.dayLists.forget(); // midnight may have passed on their side
      if (!(await this.allGood(tickets))) throw new ClientProblem('ticket-refused');
    }
    state.tickets.push(...tickets);
    await this.store.save();
    return state.tickets.length;
  }

  /** A pseudonym's address, key and moment (`notBefore`, ms since 1970). */
  prepare(options?: PrepareOptions): Promise<Attempt> {
    return this.redemption.prepare(options);
  }

  /** Redeems a prepared attempt; see `Redemption.redeem`. */
  redeem(attemptId: string): Promise<RedeemOutcome> {
    return this.redemption.redeem(attemptId);
  }

  /** After the key holder said to stop: the app knows that the account is good again, or that a pseudonym has ended. */
  async resume(): Promise<void> {
    delete this.store.state.stopped;
    await this.store.save();
  }

  renew(uri: string, options?: { readonly immediately?: boolean }): Promise<HeldPseudonym> {
    return this.renewal.renew(uri, options);
  }

  /** Lets a second device into a pseudonym of this one; the answer is for that device. */
  admitClient(proposal: ClientProposal): Promise<Credential> {
    const held = this.state.pseudonyms.find(({ uri }) => uri === proposal.uri);
    return admitClient(held, proposal, this.nyms, this.now());
  }

  /** What the registrar knows: active, or suspended since a month, and how to appeal. */
  standing(): Promise<Standing> {
    return this.account.standing();
  }

  private async allGood(tickets: readonly string[]): Promise<boolean> {
    const { body } = await this.dayLists.today();
    try {
      const read = await Promise.all(tickets.map((ticket) => checkTicket(fromBase64Url(ticket), body)));
      return new Set(read.map(({ jti }) => toBase64Url(jti))).size === tickets.length;
    } catch (error) {
      if (error instanceof TicketError || error instanceof RangeError) return false;
      throw error;
    }
  }
}
