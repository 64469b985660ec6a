/** What a hub's program has to tell apart: a SET that will never be taken, and one that could not be delivered now. */
import type { SetError } from '#contracts';

/** Permanent: the same SET must not be sent again (RFC 8935 §2.3). */
export class SetRejected extends Error {
  override readonly name = 'SetRejected';

  constructor(
    readonly jti: string,
    /** `err` of RFC 8935 §2.4, or an HTTP status that is none of a SET's own errors */
    readonly err: SetError | `http_${number}`,
    readonly description: string,
  ) {
    super(`SET rejected, ${err}: ${description}`);
  }
}

/** Not delivered after all attempts; the same SET may be sent again, and counts once. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed';

  constructor(
    readonly jti: string,
    /** of the last answer; undefined when there was none */
    readonly status: number | undefined,
    options?: ErrorOptions,
  ) {
    super(`SET not delivered: ${status === undefined ? 'no answer' : `status ${status}`}`, options);
  }
}

/** No answer that can be trusted about a pseudonym's status. */
export class StatusUnavailable extends Error {
  override readonly name = 'StatusUnavailable';
}

/** What the provider serves as a status list is not its list: not signed, of another address, older than before, or without the index. */
export class StatusListRefused extends Error {
  override readonly name = 'StatusListRefused';

  constructor(
    readonly uri: string,
    options?: ErrorOptions,
  ) {
    super('the status list cannot be trusted', options);
  }
}

/** No answer about a SET's place in a manifest; ask again later. */
export class ProofUnavailable extends Error {
  override readonly name = 'ProofUnavailable';
}

/** The provider's answer does not prove that the SET is in a manifest of its correlator: keep the SET, and ask why. */
export class ProofRefused extends Error {
  override readonly name = 'ProofRefused';

  constructor(readonly jti: string) {
    super('the answer proves nothing about this SET');
  }
}

/** The authorization server gives no access token. */
export class TokenUnavailable extends Error {
  override readonly name = 'TokenUnavailable';
}

/** The provider will not do what was asked of a stream, and asking again will not help. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';

  constructor(
    /** HTTP status: 400, 401, 403, 404, 409 … (SSF 1.0 §8.1) */
    readonly status: number,
    readonly description: string,
  ) {
    super(`refused, status ${status}: ${description}`);
  }
}

/** No answer from the provider's stream endpoints, or none that can be used; ask again later. */
export class StreamUnavailable extends Error {
  override readonly name = 'StreamUnavailable';
}

/** A SET of the provider's that is not taken, and why (RFC 8935 §2.4, SSF 1.0 §8.1.4). */
export class NoticeRefused extends Error {
  override readonly name = 'NoticeRefused';

  constructor(
    readonly err: NoticeError,
    readonly description: string,
  ) {
    super(`${err}: ${description}`);
  }
}
export type NoticeError = SetError | 'invalid_state';

/** Whether a SET is genuine cannot be told now: the provider's keys are out of reach. The SET is neither taken nor refused. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}
