/** The key holder as far as a correlator meets it: it checks attestations and digests, and opens every sum, so that a test can look. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { toBase64Url, type keyholderParameters, type Side } from '#contracts';
import { parameterSet } from '#he';
import type { SigningKey } from '#platform';
import { attestationMessage, readDecision, treeRoot, type DecisionHeader, type KeyHolderPin, type TallyPolicy } from '#tallies';
import type { SecretScheme } from '../../apps/keyholder/src/secret-key/index.js';

export interface Submission {
  readonly header: DecisionHeader;
  /** `cohort hub` → totals by slot, without zeros. */
  readonly totals: Record<string, Record<number, number>>;
  readonly digest: string;
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

export class TalliesKeyholder {
  readonly submissions: Submission[] = [];
  readonly lastDecided: Record<Side, number> = { negative: 0, positive: 0 };
  /** What it asks a tally by besides. */
  shadow: z.output<typeof keyholderParameters>['shadow'] = null;
  /** What it does next with an attested tree; it decides unless told otherwise. */
  answer: () => 'decided' | 'waiting' | 'refused' | 'frozen' | 'unreachable' = () => 'decided';

  constructor(
    private readonly pin: KeyHolderPin,
    private readonly secret: SecretScheme,
    private readonly signers: { readonly correlatorKey: SigningKey; readonly witnessKey: SigningKey },
  ) {}

  readonly parameters = async () => ({
    keyHolderId: this.pin.keyHolderId,
    parameterSet: this.pin.parameterSet,
    selectorKeys: [{ keyEpoch: 1, key: this.pin.selectorKeyOf(1)! }],
    lastDecided: { ...this.lastDecided },
    shadow: this.shadow,
  });

  readonly decide = async (body: AsyncIterable<Uint8Array>) => {
    const outcome = this.answer();
    if (outcome === 'unreachable') return outcome;
    const { header, ciphertexts } = await readDecision(body, () => parameterSet(this.pin.parameterSet).ciphertextBytes);
    const { epoch, side, policy } = header.header;
    const message = attestationMessage(header.header, treeRoot(header.header, header.tallies));
    const signed = [
      { key: this.signers.correlatorKey, signature: header.correlator.signature },
      ...header.witnesses.map(({ signature }) => ({ key: this.signers.witnessKey, signature })),
    ];
    const attested = signed.length > 1 && signed.every(({ key, signature }) => toBase64Url(key.sign(message)) === signature);
    if (!attested) return 'refused' as const;
    const totals: Submission['totals'] = {};
    const all = createHash('sha256');
    for (const tally of header.tallies) {
      const { value: bytes } = await ciphertexts.next();
      if (!bytes || toBase64Url(sha256(bytes)) !== tally.ciphertext) throw new Error('another ciphertext');
      all.update(bytes);
      const { weightSum, squareSum } = tally;
      const slots = await this.secret.openTally(bytes, { weightSum, squareSum, maxSlot: 100_000 });
      totals[`${tally.cohort} ${tally.hub}`] = Object.fromEntries(
        [...slots].flatMap((total, slot) => (total > 0 ? [[slot, total]] : [])),
      );
    }
    if (!(await ciphertexts.next()).done) throw new Error('more ciphertexts than tallies');
    const isShadow = policy === 'shadow';
    if (this.shadow && isShadow) this.shadow = { ...this.shadow, due: this.shadow.due.filter((one) => one !== side) };
    if (outcome === 'decided' && !isShadow) this.lastDecided[side] = Math.max(this.lastDecided[side], epoch);
    this.submissions.push({ header, totals, digest: all.digest('hex') });
    return outcome;
  };

  /** What was last submitted for a side, as totals. */
  totals(side: Side = 'negative', policy: TallyPolicy = 'live'): Submission['totals'] | undefined {
    return this.submissions.findLast(({ header: { header } }) => header.side === side && header.policy === policy)?.totals;
  }
}
