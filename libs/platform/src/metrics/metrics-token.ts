/**
 * The bearer token of whoever scrapes metrics, from a secret file. Kept and compared as a SHA-256 digest in constant time, so that
 * neither a memory dump nor timing gives it away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { StartError } from '../http/start-error.js';
import type { Secret } from '../config/secret.js';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
/** A token that can be guessed protects nothing. */
const SHORTEST = 24;

export class MetricsToken {
  private readonly digest: Buffer;

  constructor(secret: Secret) {
    const token = secret.text();
    if (token.length < SHORTEST) throw new StartError(`the metrics token needs ${SHORTEST} characters or more`);
    this.digest = digest(token);
  }

  /** @param header `Authorization: Bearer …` */
  isIn(header: string | undefined): boolean {
    const presented = /^Bearer ([^\s]{1,512})$/i.exec(header ?? '')?.[1] ?? '';
    return timingSafeEqual(this.digest, digest(presented));
  }
}
