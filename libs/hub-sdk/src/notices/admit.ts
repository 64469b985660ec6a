/** Common to push and poll: a genuine notice that is new, and whose state, if it has one, was asked for. */
import { NoticeRefused } from '../errors.js';
import type { Notice } from './notice.js';
import type { SeenNotices } from './seen-notices.js';
import type { VerificationStates } from './verification-states.js';
import type { NoticeVerifier } from './verify-notice.js';

export interface Admission {
  readonly verifier: NoticeVerifier;
  readonly seen: SeenNotices;
  /** Without one, a verification event with a state is refused: nobody asked for it. */
  readonly states?: VerificationStates;
}

export interface Admitted {
  readonly notice: Notice;
  readonly isNew: boolean;
}

/** @throws NoticeRefused, KeysUnavailable */
export async function admit(token: string, { verifier, seen, states }: Admission): Promise<Admitted> {
  const notice = await verifier.verify(token);
  if (await seen.has(notice.jti)) return { notice, isNew: false };
  if (notice.kind === 'verification' && notice.state !== undefined && !(await states?.isAsked(notice.state)))
    throw new NoticeRefused('invalid_state', 'no such state was asked for');
  return { notice, isNew: true };
}
