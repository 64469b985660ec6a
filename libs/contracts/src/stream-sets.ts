/** SETs of a hub about its own stream towards us (SSF 1.0 §8.1.4, §8.1.5): no signals, and no pseudonym in them. */
import { z } from 'zod';
import { commonClaims } from './events.js';
import { streamEventTypes, streamStatuses } from './ssf.js';

export const streamSetClaims = commonClaims.extend({
  sub_id: z.looseObject({ format: z.literal('opaque'), id: z.string().min(1).max(255) }),
});
export const streamPayloads = {
  [streamEventTypes.verification]: z.looseObject({ state: z.string().max(1_024).optional() }),
  [streamEventTypes.streamUpdated]: z.looseObject({ status: z.enum(streamStatuses) }),
} as const;
