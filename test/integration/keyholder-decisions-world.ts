/**
 * Correlator's, witness's and nyms' halves of a decision, against a real key holder over HTTP: pseudonyms with selectors, trees folded by
 * the scheme of the test's parameter set, attestations, matches and acts. The totals are the test's own; weighing is tested elsewhere.
 */
import { createHash, randomBytes } from 'node:crypto';
import { canonicalBytes, frame, labels, toBase64Url, type HubEntry, type PolicyDocument, type Side } from '#contracts';
import { openScheme, parameterSet, type EvaluationScheme, type FoldTerm } from '#he';
import { generateSigningKey, type SigningKey } from '#platform';
import { defaultPolicy, policyDigest, verifyAudit } from '#policy';
import { fromSelectorJson, toFrames, toSelectorJson, type Selector } from '#pseudonyms';
import { attestationMessage, compareTallies, treeRoot, type DecisionHeader, type Tally, type TreeHeader } from '#tallies';
import { World, type Member, type Redemption, type WorldOptions } from './keyholder-minting-world.js';

export const hubId = (i: number) => `https://hub-${i}.example`;
export const hubs = (count: number): HubEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    id: hubId(i),
    operator: `operator-${i}`,
    trust: 100,
    since: '2025-01-01',
    status: 'active',
    keys: [],
    revokedKids: [],
    jwksUrl: `${hubId(i)}/jwks`,
  }));

export interface Pseudonym {
  readonly selector: Selector;
  readonly redemption: Redemption;
}

/** So much about a pseudonym at a hub, in weight units × decay.scale. */
export interface Report {
  readonly pseudonym: Pseudonym;
  readonly hub: number;
  readonly total: number;
}

export interface TreeOptions {
  readonly side?: Side;
  readonly since?: number;
  readonly newPseudonyms?: number;
  readonly change?: (header: TreeHeader, tallies: Tally[], ciphertexts: Uint8Array[]) => void;
}

export interface Tree {
  readonly header: TreeHeader;
  readonly tallies: Tally[];
  readonly ciphertexts: Uint8Array[];
}

const sha256 = (bytes: Uint8Array) => toBase64Url(createHash('sha256').update(bytes).digest());
const tokens = { registrar: 'r'.repeat(32), nyms: 'n'.repeat(32), correlator: 'c'.repeat(32) };

export class DecisionsWorld {
  readonly moderators = [generateSigningKey(), generateSigningKey()];
  private ack = '';

  private constructor(
    readonly base: World,
    readonly scheme: EvaluationScheme,
    public document: PolicyDocument,
  ) {}

  /** Twelve hubs of twelve operators, f = 2, everything at once; `policy` changes that. */
  static async open(policy: Partial<PolicyDocument> = {}, options: WorldOptions = {}): Promise<DecisionsWorld> {
    const set = options.parameterSet ?? 'plain-n2048';
    const moderators = [generateSigningKey(), generateSigningKey()];
    const document: PolicyDocument = {
      ...defaultPolicy({ domain: 'provider.example', audience: 'https://provider.example', hubs: hubs(12) }),
      parameterSet: set,
      minPseudonyms: 1,
      release: { batch: 1, maxDelaySeconds: 259_200, minAgeDays: 0 },
      revocation: { tickSeconds: 1, meanTicks: 3, limitTicks: 9, framePerTick: 8 },
      moderators: moderators.map((key, i) => ({ id: `mod-${i}`, key: toBase64Url(key.publicKey) })),
      ...policy,
    };
    document.limits = { ...document.limits, ...options.limits };
    const base = await World.open({ cohortsPerBlock: 3, ...options, policy: document });
    const world = new DecisionsWorld(base, await openScheme(set, { threads: 1 }), document);
    world.moderators.splice(0, 2, ...moderators);
    return world;
  }

  async close(): Promise<void> {
    await this.scheme.close();
    await this.base.close();
  }

  /** An enrolled member with so many pseudonyms. */
  async member(pseudonyms: number): Promise<{ member: Member; pseudonyms: Pseudonym[] }> {
    const member = await this.base.enrol();
    const minted = await Promise.all(Array.from({ length: pseudonyms }, () => this.mint(member)));
    return { member, pseudonyms: minted };
  }

  async mint(member: Member): Promise<Pseudonym> {
    const { answer, redemption } = await this.base.mintFor(member);
    if (answer.status !== 200) throw new Error(`mint was answered ${answer.status}`);
    return { selector: fromSelectorJson(answer.selector, parameterSet(this.document.parameterSet).selectorBytes), redemption };
  }

  /** Into the next period; the clock of the world stands in the last third of one. */
  async renew({ selector, redemption }: Pseudonym): Promise<Pseudonym> {
    const answer = await this.base.renew(toSelectorJson(selector), redemption, selector.period + 1);
    if (answer.status !== 200) throw new Error(`renewal was answered ${answer.status}`);
    return { selector: fromSelectorJson(answer.selector, selector.bytes.length), redemption };
  }

  framesOf = (pseudonyms: readonly Pseudonym[]): Uint8Array => toFrames(pseudonyms.map(({ selector }) => selector));

  /** May this member mint one more? */
  async mayMint(member: Member): Promise<boolean> {
    return (await this.base.mintFor(member)).answer.status === 200;
  }

  async tree(epoch: number, reports: readonly Report[], options: TreeOptions = {}): Promise<Tree> {
    const { side = 'negative', since = epoch - 1, newPseudonyms = 20, change } = options;
    const tallies: Tally[] = [];
    const ciphertexts = new Map<Tally, Uint8Array>();
    for (const cohort of new Set(reports.map(({ pseudonym }) => pseudonym.selector.cohort))) {
      const own = reports.filter(({ pseudonym }) => pseudonym.selector.cohort === cohort);
      for (const [hub, bytes] of await this.fold(own)) {
        const totals = own.filter((report) => report.hub === hub).map(({ total }) => total);
        const tally: Tally = {
          cohort,
          keyEpoch: 1,
          hub: hubId(hub),
          pseudonyms: totals.length,
          weightSum: totals.reduce((sum, total) => sum + total, 0),
          squareSum: totals.reduce((sum, total) => sum + total ** 2, 0),
          ciphertext: sha256(bytes),
        };
        tallies.push(tally);
        ciphertexts.set(tally, bytes);
      }
    }
    tallies.sort(compareTallies);
    const digest = sha256(randomBytes(8));
    const header: TreeHeader = {
      v: 1,
      epoch,
      side,
      parameterSet: this.document.parameterSet,
      build: this.scheme.buildId,
      policyDigest: toBase64Url(policyDigest(this.document)),
      manifestRoot: digest,
      since,
      newPseudonyms,
      objections: digest,
      selectors: digest,
      leaves: tallies.length,
    };
    const made = tallies.map((tally) => ciphertexts.get(tally) as Uint8Array);
    change?.(header, tallies, made);
    return { header: { ...header, leaves: tallies.length }, tallies, ciphertexts: made };
  }

  /** Signed by correlator and witness, or by whom the test says. */
  attest(
    { header, tallies }: Tree,
    by: { correlator?: SigningKey; witnesses?: Record<string, SigningKey> } = {},
  ): DecisionHeader {
    const { correlator = this.base.correlator, witnesses = { 'witness-1': this.base.witness } } = by;
    const message = attestationMessage(header.epoch, header.side, treeRoot(header, tallies));
    const signature = (key: SigningKey) => toBase64Url(key.sign(message));
    return {
      header,
      tallies,
      correlator: { id: 'correlator-1', signature: signature(correlator) },
      witnesses: Object.entries(witnesses).map(([id, key]) => ({ id, signature: signature(key) })),
    };
  }

  submit(header: DecisionHeader, ciphertexts: readonly Uint8Array[]): Promise<Sent> {
    const json = canonicalBytes(header);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, json.length);
    return this.send('/v1/decisions', Buffer.concat([length, json, ...ciphertexts]), tokens.correlator);
  }

  /** An honest epoch, attested and submitted. */
  async decide(epoch: number, reports: readonly Report[], options: TreeOptions = {}): Promise<Sent> {
    const tree = await this.tree(epoch, reports, options);
    return this.submit(this.attest(tree), tree.ciphertexts);
  }

  async send(url: string, payload: Buffer, token: string): Promise<Sent> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    const { statusCode, body } = await this.base.app.inject({ method: 'POST', url, payload, headers });
    return { status: statusCode, text: body };
  }

  async releases(after = 0): Promise<{ suspend: string[]; reinstate: string[] }> {
    const { text } = await this.base.get(`/v1/releases?after=${after}`, tokens.registrar);
    const { batches } = JSON.parse(text) as { batches: { suspend: string[]; reinstate: string[] }[] };
    return { suspend: batches.flatMap(({ suspend }) => suspend), reinstate: batches.flatMap(({ reinstate }) => reinstate) };
  }

  async act(
    type: 'suspend' | 'reinstate',
    pseudonym: Pseudonym,
    signer: { by?: string; key?: SigningKey; id?: string } = {},
  ): Promise<Sent> {
    const { by = 'mod-0', key = this.moderators[0] as SigningKey, id = randomBytes(16).toString('base64url') } = signer;
    const { salt, uri, key: client } = pseudonym.redemption;
    const statement = { v: 1, id, by, case: 'case-1', reason: 'test', day: this.base.clock.today(), type, uri };
    const signature = toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement))));
    const selector = toSelectorJson(pseudonym.selector);
    const body = { statement, signature, selector, salt: toBase64Url(salt), publicKey: toBase64Url(client.spki) };
    return this.base.post('/v1/acts', body, tokens.nyms);
  }

  async unfreeze(key: SigningKey, statement: object = this.unfreezeStatement()): Promise<Sent> {
    const signature = toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement))));
    const { statusCode, body } = await this.base.app.inject({
      method: 'POST',
      url: '/v1/unfreeze',
      payload: { statement, signature },
    });
    return { status: statusCode, text: body };
  }

  unfreezeStatement = (by = 'op-1') => ({
    v: 1,
    id: randomBytes(16).toString('base64url'),
    by,
    case: 'case-1',
    reason: 'looked into it',
    day: this.base.clock.today(),
    type: 'unfreeze',
  });

  /** One whole pass of nyms over these pseudonyms. @returns the force number it was for */
  async pass(pseudonyms: readonly Pseudonym[]): Promise<number> {
    const { force, run } = JSON.parse((await this.base.get('/v1/force')).text) as { force: number; run: string };
    const body = Buffer.from(this.framesOf(pseudonyms));
    const { status } = await this.send(`/v1/matches?force=${force}&run=${run}`, body, tokens.nyms);
    if (status !== 204) throw new Error(`match was answered ${status}`);
    return force;
  }

  /** Takes and acknowledges frames until none of `pseudonyms` comes any more. @returns those that came */
  async due(pseudonyms: readonly Pseudonym[]): Promise<Pseudonym[]> {
    const came: Pseudonym[] = [];
    for (;;) {
      const headers = { authorization: `Bearer ${tokens.nyms}` };
      const { rawPayload } = await this.base.app.inject({ method: 'GET', url: `/v1/due${this.ack}`, headers });
      this.ack = `?ack=${rawPayload.readUInt32BE(0)}`;
      const ids = new Set(
        Array.from({ length: (rawPayload.length - 4) / 16 }, (_, i) => rawPayload.toString('hex', 4 + 16 * i, 20 + 16 * i)),
      );
      const found = pseudonyms.filter(({ selector }) => ids.has(Buffer.from(selector.selectorId).toString('hex')));
      if (found.length === 0) return came;
      came.push(...found);
    }
  }

  /** The whole log, checked row by row against the pinned root key. */
  async audit(): Promise<Record<string, unknown>[]> {
    const rows = await this.base.sql.query(
      'SELECT sequence, previous, body, signature FROM keyholder.audit_entries ORDER BY sequence',
    );
    const fault = verifyAudit(rows.rows, this.base.pin.rootKey);
    if (fault) throw new Error(`row ${fault.sequence} of the log: ${fault.fault}`);
    return rows.rows.map(({ body }) => body as Record<string, unknown>);
  }

  private async fold(reports: readonly Report[]): Promise<Map<number, Uint8Array>> {
    const selectors = [...new Set(reports.map(({ pseudonym }) => pseudonym.selector))];
    const terms = selectors.map((selector): FoldTerm[] =>
      reports.filter(({ pseudonym }) => pseudonym.selector === selector).map(({ hub, total }) => ({ hub, weight: total })),
    );
    const fold = await this.scheme.openFold();
    await fold.add({ selectors: new Uint8Array(Buffer.concat(selectors.map(({ bytes }) => bytes))), terms });
    return fold.finish();
  }
}

export interface Sent {
  readonly status: number;
  readonly text: string;
}

export const handleText = (member: Member): string => toBase64Url(member.handle);
/** Every pseudonym reported at `hubs` hubs with `total` each. */
export const reportAll = (pseudonyms: readonly Pseudonym[], reporting: readonly number[], total: number): Report[] =>
  pseudonyms.flatMap((pseudonym) => reporting.map((hub) => ({ pseudonym, hub, total })));
