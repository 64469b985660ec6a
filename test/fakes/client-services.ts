/**
 * Registrar, nyms and key holder as a client sees them, in memory behind a fake `fetch`. It does with libs/tickets what the real
 * ones do, notes every request, and can be told to answer wrongly.
 */
import { dayOf, expiryDay, fromBase64Url, periodOf, toBase64Url, utf8 } from '#contracts';
import type { DayListBody, Handle } from '#contracts';
import {
  fingerprintOf,
  generateSigningKey,
  generateWrapKey,
  importSigner,
  importWrapKey,
  issueTicket,
  kidOf,
  openHandle,
  possessionMessage,
  randomBytes,
  sealReason,
  signDayList,
  signReceipt,
  subjectOf,
  ticketIssuer,
  unwrapTicket,
  verifyClientSignature,
  verifyEnrolment,
  verifyRedeem,
  verifyTicket,
} from '#tickets';
import type { RefusalReason, Signer, TicketIssuer, WrapKey } from '#tickets';

export const registrarUrl = 'https://accounts.example';
export const nymsUrl = 'https://nyms.example';
export const accessToken = 'access-token-of-alice';

export interface SeenRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
type Body = Record<string, string>;
type Answer = { status?: number; body: unknown; headers?: Record<string, string> };

export class FakeServices {
  readonly requests: SeenRequest[] = [];
  readonly handle = randomBytes(16) as Handle;
  now = new Date('2026-05-04T12:00:00Z');
  /** The next answer of a path, in place of the true one. */
  readonly instead = new Map<string, (truth: () => Promise<Answer>) => Answer | Promise<Answer>>();
  refuse: RefusalReason | undefined;
  spent = new Map<string, string>();
  holderKey: Uint8Array | undefined;

  private constructor(
    readonly root: Signer,
    readonly issuer: TicketIssuer,
    readonly wrapKey: WrapKey,
    readonly pin: string,
  ) {}

  static async start(): Promise<FakeServices> {
    const root = await importSigner(await generateSigningKey());
    const keys = { keyHolderId: 'kh-1', signingKey: await generateSigningKey(), sealKey: randomBytes(32) };
    const wrapKey = await importWrapKey(await generateWrapKey());
    return new FakeServices(root, await ticketIssuer(keys), wrapKey, await fingerprintOf(root.publicKey));
  }

  get day(): number {
    return dayOf(this.now);
  }

  /** Requests that went to one side. */
  to(side: string): SeenRequest[] {
    return this.requests.filter(({ url }) => url.startsWith(side));
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const body = String(init.body ?? '');
    this.requests.push({ url: url.href, headers: init.headers as Record<string, string>, body });
    const truth = () => this.answer(url, body === '' ? {} : (JSON.parse(body) as Body));
    const instead = this.instead.get(url.pathname);
    this.instead.delete(url.pathname);
    const answer = await (instead ? instead(truth) : truth());
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers: answer.headers ?? {} });
  };

  async dayList(change: Partial<DayListBody> = {}) {
    const hpke = { kid: this.wrapKey.kid, key: toBase64Url(this.wrapKey.publicKey) };
    const ticket = { kid: this.issuer.kid, key: toBase64Url(this.issuer.signer.publicKey) };
    return signDayList(this.root, { v: 1, keyHolderId: 'kh-1', day: this.day, hpke, ticket, ...change });
  }

  private async answer({ origin, pathname }: URL, body: Body): Promise<Answer> {
    switch (`${origin}${pathname}`) {
      case `${nymsUrl}/v1/day-list`:
        return { body: await this.dayList() };
      case `${registrarUrl}/v1/enrolment`:
        return this.enrol(body);
      case `${registrarUrl}/v1/tickets`:
        return { body: { tickets: await this.tickets(Number(body['count'])) } };
      case `${registrarUrl}/v1/standing`:
        return { body: { standing: 'active', appeal: 'https://help.example/appeal' } };
      case `${nymsUrl}/v1/pseudonyms`:
        return this.redeem(body);
      case `${nymsUrl}/v1/pseudonyms/renewals`:
        return { body: this.credential(body, Number(body['period']), body['publicKey'] ?? '') };
      case `${nymsUrl}/v1/pseudonyms/clients`:
        return { body: this.credential(body, periodOf(this.day), body['publicKey'] ?? '') };
      default:
        return { status: 404, body: { type: '/errors/not-found' } };
    }
  }

  private async enrol({ holderKey = '', proof = '' }: Body): Promise<Answer> {
    const key = fromBase64Url(holderKey);
    if (!(await verifyEnrolment('kh-1', key, fromBase64Url(proof))))
      return { status: 400, body: { type: '/errors/request-malformed' } };
    this.holderKey = key;
    const receipt = await signReceipt(this.root, 'kh-1', this.handle, key);
    const { handleCommitment, signature } = receipt;
    return { body: { ...receipt, handleCommitment: toBase64Url(handleCommitment), signature: toBase64Url(signature) } };
  }

  async tickets(count: number): Promise<string[]> {
    const tickets = Array.from({ length: count }, () => issueTicket(this.issuer, this.handle, this.day));
    return (await Promise.all(tickets)).map(toBase64Url);
  }

  private async redeem(body: Body): Promise<Answer> {
    const { wrapped = '', uri = '', salt = '', clientUri = '', publicKey = '', proof = '' } = body;
    const spki = fromBase64Url(publicKey);
    const subject = await subjectOf(fromBase64Url(salt), uri, spki);
    const { ticket, redeem, reasonKey } = await unwrapTicket([this.wrapKey], fromBase64Url(wrapped), subject);
    const key = { kid: await kidOf(this.issuer.signer.publicKey), key: toBase64Url(this.issuer.signer.publicKey) };
    const verified = await verifyTicket(ticket, [key], this.day);
    const handle = await openHandle(this.issuer.sealKey, 'kh-1', verified);
    const jti = toBase64Url(verified.jti);
    const good =
      toBase64Url(handle) === toBase64Url(this.handle) &&
      (await verifyRedeem(this.holderKey ?? new Uint8Array(), verified.jti, subject, redeem)) &&
      (await verifyClientSignature(spki, await possessionMessage(uri, clientUri, spki), fromBase64Url(proof)));
    if (!good) return { status: 400, body: { type: '/errors/request-malformed' } };
    const reason = (this.spent.get(jti) ?? wrapped) === wrapped ? this.refuse : 'spent';
    this.spent.set(jti, wrapped);
    if (!reason) return { body: this.credential(body, periodOf(this.day), publicKey) };
    const sealedReason = toBase64Url(await sealReason(reasonKey, reason));
    return { status: 403, body: { type: '/errors/answer-refused', sealedReason } };
  }

  credential({ uri, clientUri }: Body, period: number, publicKey: string) {
    const leaf = Buffer.concat([fromBase64Url(publicKey), utf8(` ${clientUri} `)]);
    return { uri, clientUri, period, expiryDay: expiryDay(period, 5), certificates: [leaf.toString('base64url')] };
  }
}
