/**
 * A pinned key holder whose file may be replaced while this process runs. At the start the file is trusted as people put it there; afterwards
 * only a file of the same root key is taken, so that whoever can write it can name no selector key of their own. A file that does not fit
 * changes nothing.
 */
import { readFileSync } from 'node:fs';
import { FollowedFile } from '#platform';
import type { PinnedKeyHolder } from '../selector-verifier.js';
import { isSameKeyHolder, readPinText } from './pin-document.js';
import type { PinDocument } from './pin-document.js';

/** Told once for each state of the file. */
export interface PinReport {
  readonly file: 'followed' | 'refused';
  /** known now */
  readonly keyEpochs: number;
}

export class FollowedPin<Set extends string = string> implements PinnedKeyHolder {
  private constructor(
    private readonly file: FollowedFile,
    readonly parameterSet: Set,
    readonly selectorBytes: number,
    private pin: PinDocument,
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
    const followed = new FollowedFile(file);
    const pin = readPinText(readFileSync(file, 'utf8'));
    const size = sizeOf(pin.parameterSet);
    if (size === undefined) throw new Error('the parameter set is none of this version');
    return new FollowedPin(followed, pin.parameterSet as Set, size, pin, report);
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
    if (this.file.isStale || !this.find(keyEpoch)) this.look();
    return this.find(keyEpoch);
  }

  /** Takes what the file says now. */
  look(): void {
    if (!this.file.look()) return;
    try {
      const pin = readPinText(readFileSync(this.file.path, 'utf8'));
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
