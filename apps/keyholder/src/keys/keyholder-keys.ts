/**
 * The key holder's lasting keys at work. Root: day lists, receipts, checkpoints of the log. Selector key: selectors only. k: everything that is
 * drawn. What opens and makes ciphertexts is the scheme's, in `secret-key/`; the keys of the day are in `day-list/`.
 */
import type { NoteSigner } from '#audit';
import { auditOrigin, frame } from '#contracts';
import type { ParameterSetName } from '#he';
import type { SigningKey } from '#platform';
import { selectorMessage } from '#pseudonyms';
import type { PinnedKeyHolder, Selector, SelectorIssuer } from '#pseudonyms';
import type { Signer } from '#tickets';
import { parameterSet } from '#he';
import { Prf } from './prf.js';
import type { OpenedSecrets } from './secrets-folder.js';

/** Number of the secret that selectors are made under. There is one as yet. */
export const KEY_EPOCH = 1;

export class KeyholderKeys implements SelectorIssuer {
  readonly keyHolderId: string;
  readonly parameterSet: ParameterSetName;
  readonly keyEpoch = KEY_EPOCH;
  /** Ed25519 public keys, 32 bytes each */
  readonly rootKey: Uint8Array;
  readonly selectorKey: Uint8Array;
  readonly prf: Prf;
  /** What our own selectors are checked against when they come back. */
  readonly pinned: PinnedKeyHolder;
  /** The root key for libs/tickets. */
  readonly rootSigner: Signer;
  readonly #root: SigningKey;
  readonly #selector: SigningKey;
  readonly #baseline: Uint8Array;

  constructor({ pin, root, selector, prf, baseline }: Omit<OpenedSecrets, 'scheme'>) {
    this.keyHolderId = pin.keyHolderId;
    this.parameterSet = pin.parameterSet;
    this.rootKey = root.publicKey;
    this.selectorKey = selector.publicKey;
    this.prf = new Prf(prf);
    this.#root = root;
    this.#selector = selector;
    this.#baseline = baseline;
    const { selectorBytes } = parameterSet(pin.parameterSet);
    this.pinned = {
      keyHolderId: pin.keyHolderId,
      parameterSet: pin.parameterSet,
      selectorKey: selector.publicKey,
      selectorBytes,
    };
    this.rootSigner = { publicKey: root.publicKey, sign: async (message) => root.sign(message) };
  }

  /** 64 bytes by the root key over frame(label, fields). */
  sign(label: string, ...fields: ReadonlyArray<Uint8Array | string | number>): Uint8Array {
    return this.#root.sign(frame(label, ...fields));
  }

  signSelector(selector: Omit<Selector, 'signature'>): Selector {
    return { ...selector, signature: this.#selector.sign(selectorMessage(this, selector)) };
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
