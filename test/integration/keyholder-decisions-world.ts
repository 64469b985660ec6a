/**
 * Correlator's, witness's and nyms' halves of a decision, against a real key holder over its routes: pseudonyms with selectors, attested
 * trees, matches and acts.
 */
import { randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  frame,
  labels,
  readDueFrame,
  sameBytes,
  toBase64Url,
  type DueChange,
  type PolicyDocument,
} from '#contracts';
import { openScheme, parameterSet, type EvaluationScheme } from '#he';
import { generateSigningKey, type SigningKey } from '#platform';
import type { AuditLeaf } from '#audit';
import { defaultPolicy } from '#policy';
import { fromSelectorJson, toFrames, toSelectorJson } from '#pseudonyms';
import type { DecisionHeader } from '#tallies';
import {
  attestTree,
  decisionBody,
  hubs,
  makeTree,
  type Attesting,
  type Pseudonym,
  type Report,
  type Tree,
  type TreeOptions,
} from './keyholder-decisions-trees.js';
import type { Certified } from '../../apps/ctl/src/certificates/authority.js';
import { World, type Member, type WorldOptions } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

export { hubId, hubs, reportAll } from './keyholder-decisions-trees.js';
export type { Pseudonym, Report, Tree } from './keyholder-decisions-trees.js';

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

  tree(epoch: number, reports: readonly Report[], options: TreeOptions = {}): Promise<Tree> {
    return makeTree(this.scheme, this.document, epoch, reports, options);
  }

  /** Signed by correlator and witness, or by whom the test says. */
  attest(tree: Tree, by: Partial<Attesting> = {}): DecisionHeader {
    const { correlator, witness } = this.base;
    return attestTree(tree, { correlator, witnesses: { 'witness-1': witness }, ...by });
  }

  submit(header: DecisionHeader, ciphertexts: readonly Uint8Array[]): Promise<Sent> {
    return this.send('/v1/decisions', decisionBody(header, ciphertexts), 'correlator');
  }

  /** An honest epoch, attested and submitted. */
  async decide(epoch: number, reports: readonly Report[], options: TreeOptions = {}): Promise<Sent> {
    const tree = await this.tree(epoch, reports, options);
    return this.submit(this.attest(tree), tree.ciphertexts);
  }

  send(url: string, payload: Buffer, as: Certified): Promise<Sent> {
    return this.base.send(url, payload, as);
  }

  async releases(after = 0): Promise<{ suspend: string[]; reinstate: string[] }> {
    const { text } = await this.base.get(`/v1/releases?after=${after}`, 'registrar');
    const { batches } = JSON.parse(text) as { batches: { suspend: string[]; reinstate: string[] }[] };
    return { suspend: batches.flatMap(({ suspend }) => suspend), reinstate: batches.flatMap(({ reinstate }) => reinstate) };
  }

  async act(
    type: 'suspend' | 'reinstate',
    pseudonym: Pseudonym,
    signer: { by?: string; key?: SigningKey; id?: string; days?: number } = {},
  ): Promise<Sent> {
    const { by = 'mod-0', key = this.moderators[0] as SigningKey, id = randomBytes(16).toString('base64url'), days } = signer;
    const { salt, uri, key: client } = pseudonym.redemption;
    const statement = {
      v: 1,
      id,
      by,
      case: 'case-1',
      reason: 'test',
      day: this.base.clock.today(),
      type,
      uri,
      ...(days && { days }),
    };
    const signature = toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement))));
    const selector = toSelectorJson(pseudonym.selector);
    const body = { statement, signature, selector, salt: toBase64Url(salt), publicKey: toBase64Url(client.spki) };
    return this.base.post('/v1/acts', body, 'nyms');
  }

  /** An operator asks for it, another one approves it. */
  unfreeze(): Promise<void> {
    return new RequestDesk(this.base).unfreeze();
  }

  /** One whole pass of nyms over these pseudonyms. @returns the force number it was for */
  async pass(pseudonyms: readonly Pseudonym[]): Promise<number> {
    const { force, run } = JSON.parse((await this.base.get('/v1/force')).text) as { force: number; run: string };
    const body = Buffer.from(this.framesOf(pseudonyms));
    const { status } = await this.send(`/v1/matches?force=${force}&run=${run}`, body, 'nyms');
    if (status !== 204) throw new Error(`match was answered ${status}`);
    return force;
  }

  /** Takes and acknowledges frames until none of `pseudonyms` comes any more. @returns those that came */
  async due(pseudonyms: readonly Pseudonym[]): Promise<Pseudonym[]> {
    return (await this.changes(pseudonyms)).map(({ pseudonym }) => pseudonym);
  }

  /** The same, with what becomes of them. */
  async changes(pseudonyms: readonly Pseudonym[]): Promise<{ pseudonym: Pseudonym; change: DueChange }[]> {
    const came: { pseudonym: Pseudonym; change: DueChange }[] = [];
    for (;;) {
      const frame = readDueFrame(await (await this.base.request('nyms', `/v1/due${this.ack}`)).bytes());
      if (!frame) throw new Error('no frame');
      this.ack = `?ack=${frame.number}`;
      const found = pseudonyms.flatMap((pseudonym) =>
        frame.places
          .filter(({ selectorId }) => sameBytes(selectorId, pseudonym.selector.selectorId))
          .map(({ change }) => ({ pseudonym, change })),
      );
      if (found.length === 0) return came;
      came.push(...found);
    }
  }

  /** The whole log, checked against its checkpoints, the pinned root key and the pinned log witness. */
  audit(): Promise<AuditLeaf[]> {
    return this.base.audit();
  }
}

export interface Sent {
  readonly status: number;
  readonly text: string;
}

export const handleText = (member: Member): string => toBase64Url(member.handle);
