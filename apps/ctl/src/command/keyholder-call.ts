/** One request to the key holder. It knows ctl by its certificate, and people by what they sign. */
import type { z } from 'zod';
import { callService } from './service-call.js';
import type { Session } from './session.js';

/** Where it is, and a connection with the certificate of ctl. */
export type KeyholderDoor = Pick<Session, 'url' | 'client'>;

/** @param path from the root, query included. @throws StackError */
export const callKeyholder = <T>(
  door: KeyholderDoor,
  path: string,
  answer: z.ZodType<T>,
  given: { readonly body?: unknown; readonly token?: string } = {},
): Promise<T> =>
  callService({ service: 'key holder', via: door.client('keyholder'), url: door.url('keyholder') + path, answer, ...given });
