/**
 * A pinned key holder whose file may be replaced while this process runs. At the start the file is trusted as people put it there; afterwards
 * only a file of the same root key is taken, so that whoever can write it can name no selector key of their own. A file that does not fit
 * changes nothing.
 */
import { readFileSync, statSync } from 'node:fs';
import type { PinnedKeyHolder } from '../selector-verifier.js';
import { isSameKeyHolder, readPinText } from './pin-document.js';
import type { PinDocument } from './pin-document.js';

/** How old what is known of the file may be. */
const LOOK_MS = 1_000;

/** Told once for each state of the file. */
export interface PinReport {
  readonly file: 'followed' | 'refused';
  /** known now */
  readonly keyEpochs: number;
}

export class FollowedPin<Set extends string = string> implements PinnedKeyHolder {
  private lookedAt = performance.now();

  private constructor(
    private readonly file: string,
    readonly parameterSet: Set,
    readonly selectorBytes: number,
    private pin: PinDocument,
    private seen: string,
    private readonly report: (report: PinReport) => void,
  ) {}

  /**
   * @param sizeOf bytes of a selector of a parameter set; undefined for one that is not known
   * @throws Error, never with what the file says
   */
  static open<Set extends string>(
    file: string,
    sizeOf: (set: string) => number | undefined,
    report: (report: PinReport) => void = () => undefined,
  ): FollowedPin<Set> {
    const seen = stateOf(file);
    const pin = readPinText(readFileSync(file, 'utf8'));
    const size = sizeOf(pin.parameterSet);
    if (size === undefined) throw new Error('the parameter set is none of this version');
    return new FollowedPin(file, pin.parameterSet as Set, size, pin, seen, report);
  }

  get keyHolderId(): string {
    return this.pin.keyHolderId;
  }

  /** base64url(SHA-256(root key)) */
  get rootFingerprint(): string {
    return this.pin.rootFingerprint;
  }

  /** By the file as it was within the last second; as it is now when it names none, since a key epoch may have begun a moment ago. */
  selectorKeyOf(keyEpoch: number): Uint8Array | undefined {
    if (performance.now() - this.lookedAt > LOOK_MS || !this.find(keyEpoch)) this.look();
    return this.find(keyEpoch);
  }

  /** Takes what the file says now. */
  look(): void {
    this.lookedAt = performance.now();
    const seen = stateOf(this.file);
    if (seen === this.seen) return;
    this.seen = seen;
    try {
      const pin = readPinText(readFileSync(this.file, 'utf8'));
      if (!isSameKeyHolder(pin, this.pin)) throw new Error('another key holder');
      this.pin = pin;
      this.report({ file: 'followed', keyEpochs: pin.selectorKeys.length });
    } catch {
      this.report({ file: 'refused', keyEpochs: this.pin.selectorKeys.length });
    }
  }

  private find(keyEpoch: number): Uint8Array | undefined {
    return this.pin.selectorKeys.find((known) => known.keyEpoch === keyEpoch)?.key;
  }
}

/** Changes when the file is written or another one is put in its place. */
function stateOf(file: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(file, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    return 'absent';
  }
}
