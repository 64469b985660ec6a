/** Which signals wait for a moderator (policy `hold`): abuse reports that fit one rule in every member it names. Pure. */
import { eventTypes, type EventType, type PolicyDocument } from '#contracts';

export function mustBeHeld(policy: PolicyDocument, type: EventType, payload: unknown): boolean {
  if (type !== eventTypes.abuseReport) return false;
  const { hubVerified, reason } = payload as { hubVerified?: boolean; reason?: string };
  return policy.hold.some(
    (rule) =>
      (rule.hubVerified === undefined || rule.hubVerified === (hubVerified === true)) &&
      (rule.reasons === undefined || rule.reasons.includes(reason ?? '')),
  );
}
