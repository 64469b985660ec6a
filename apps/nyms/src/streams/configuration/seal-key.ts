/** What seals the Authorization headers that receivers want with pushes, each to its stream. */
import { fromBase64Url, utf8 } from '#contracts';
import { openBox, sealBox, StartError } from '#platform';
import type { Secret } from '#platform';

export class SealKey {
  private constructor(private readonly bytes: Uint8Array) {}

  /** @throws StartError */
  static open(secret: Secret): SealKey {
    try {
      const bytes = fromBase64Url(secret.text());
      if (bytes.length === 32) return new SealKey(bytes);
    } catch {
      // the same words as for a wrong length
    }
    throw new StartError('NYMS_STREAM_SEAL_KEY_FILE must hold base64url of 32 bytes');
  }

  seal(stream: string, header: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(sealBox(this.bytes, utf8(stream), utf8(header)));
  }

  /** @throws BoxRefused for the box of another stream or key */
  unseal(stream: string, box: Uint8Array): string {
    return new TextDecoder().decode(openBox(this.bytes, utf8(stream), box));
  }
}
