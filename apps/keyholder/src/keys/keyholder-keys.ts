/**
 * The key holder's keys at work. Root: day lists, receipts, checkpoints of the log, the pin. Selector keys: selectors only, one for each key
 * epoch. k: everything that is drawn. What opens and makes ciphertexts is the scheme's, in `secret-key/`; the keys of the day are in
 * `day-list/`.
 */
import type { NoteSigner } from '#audit';
import { auditOrigin, frame } from '#contracts';
import type { ParameterSetName } from '#he';
import type { SigningKey } from '#platform';
import { selectorMessage, signPin } from '#pseudonyms';
import type { PinDocument, PinnedKeyHolder, Selector, SelectorIssuer } from '#pseudonyms';
import type { Signer } from '#tickets';
import { parameterSet } from '#he';
import { Prf } from './prf.js';
import type { OpenedSecrets } from './secrets-folder.js';

export class KeyholderKeys implements SelectorIssuer {
  readonly keyHolderId: string;
  readonly parameterSet: ParameterSetName;
  /** Ed25519 public key, 32 bytes */
  readonly rootKey: Uint8Array;
  readonly prf: Prf;
  /** What our own selectors are checked against when they come back. */
  readonly pinned: PinnedKeyHolder;
  /** The root key for libs/tickets. */
  readonly rootSigner: Signer;
  readonly #root: SigningKey;
  /** By key epoch: those that are not destroyed. */
  readonly #selectors = new Map<number, SigningKey>();
  readonly #baseline: Uint8Array;

  constructor({ pin, root, prf, baseline }: OpenedSecrets) {
    this.keyHolderId = pin.keyHolderId;
    this.parameterSet = pin.parameterSet;
    this.rootKey = root.publicKey;
    this.prf = new Prf(prf);
    this.#root = root;
    this.#baseline = baseline;
    const { selectorBytes } = parameterSet(pin.parameterSet);
    this.pinned = {
      keyHolderId: pin.keyHolderId,
      parameterSet: pin.parameterSet,
      selectorKeyOf: (keyEpoch) => this.#selectors.get(keyEpoch)?.publicKey,
      selectorBytes,
    };
    this.rootSigner = { publicKey: root.publicKey, sign: async (message) => root.sign(message) };
  }

  /** 64 bytes by the root key over frame(label, fields). */
  sign(label: string, ...fields: ReadonlyArray<Uint8Array | string | number>): Uint8Array {
    return this.#root.sign(frame(label, ...fields));
  }

  signSelector(selector: Omit<Selector, 'signature'>): Selector {
    const key = this.#selectors.get(selector.keyEpoch);
    if (!key) throw new RangeError('no such key epoch');
    return { ...selector, signature: key.sign(selectorMessage(this, selector)) };
  }

  /** From now on selectors of this key epoch are signed and known again. */
  begin(keyEpoch: number, selectorKey: SigningKey): void {
    this.#selectors.set(keyEpoch, selectorKey);
  }

  forget(keyEpoch: number): void {
    this.#selectors.delete(keyEpoch);
  }

  /** What others pin, with the selector keys of these key epochs. */
  pinOf(keyEpochs: readonly number[]): PinDocument {
    const { keyHolderId, rootKey, parameterSet: set } = this;
    const selectorKeys = [...keyEpochs]
      .sort((a, b) => a - b)
      .flatMap((keyEpoch) => {
        const key = this.#selectors.get(keyEpoch)?.publicKey;
        return key ? [{ keyEpoch, key }] : [];
      });
    return signPin({ keyHolderId, rootKey, parameterSet: set, selectorKeys }, (message) => this.#root.sign(message));
  }

  /** The root key under the name of a generation's log, for its checkpoints: a text that begins with that name, which no frame does. */
  logSigner(generation: number): NoteSigner {
    return { name: auditOrigin(this.keyHolderId, generation), key: this.#root };
  }

  /** 32 bytes, for AES-256-GCM. */
  baselineKey(): Uint8Array {
    return Uint8Array.from(this.#baseline);
  }
}
